"""The mean of the training values, always: what every other candidate has to beat."""

from __future__ import annotations

from sklearn.dummy import DummyRegressor
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE, Entry, Modifiers
from tenfold.candidates.setting import Setting


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return the pipeline that predicts the mean, or the median; it needs no preparation."""
    return Pipeline([("model", DummyRegressor(strategy="median" if "median" in modifiers else "mean"))])


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return next to nothing."""
    return 0.01


ENTRY = Entry(
    name=BASELINE,
    summary="always predicts the mean",
    good_for="knowing what doing nothing is worth; always run",
    cost="none",
    build=build,
    seconds=seconds,
    modifiers={"median": "the median, which absolute errors ask for"},
)
"""The regressor that looks at no feature."""
