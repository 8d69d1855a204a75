"""The most frequent class, always: what every other candidate has to beat."""

from __future__ import annotations

from sklearn.dummy import DummyClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE, Entry, Modifiers
from tenfold.candidates.setting import Setting


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return the pipeline that predicts the most frequent class; it needs no preparation."""
    return Pipeline([("model", DummyClassifier(strategy="most_frequent"))])


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return next to nothing."""
    return 0.01


ENTRY = Entry(
    name=BASELINE,
    summary="always answers the most frequent class",
    good_for="knowing what doing nothing is worth; always run",
    cost="none",
    build=build,
    seconds=seconds,
)
