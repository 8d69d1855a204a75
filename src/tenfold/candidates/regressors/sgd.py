"""A linear model by stochastic gradient descent."""

from __future__ import annotations

from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import SGDRegressor
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for
from tenfold.candidates.setting import Setting

_LOSSES = {"huber": "huber", "insensitive": "epsilon_insensitive"}


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return squared loss, or one that large errors weigh less in; targets are brought to deviation 1."""
    loss = next((_LOSSES[word] for word in sorted(modifiers) if word in _LOSSES), "squared_error")
    model = SGDRegressor(loss=loss, random_state=setting.seed)
    return pipeline_for(
        setting, TransformedTargetRegressor(model, transformer=StandardScaler()), scaling="standard", dtype="float64"
    )


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return a tenth of a second for 16,000 rows of 13 values."""
    return (0.02 + 4e-7 * rows * (1 + setting.values / 50)) * max(setting.quantities, 1)


ENTRY = Entry(
    name="sgd",
    summary="linear regression by stochastic gradient descent",
    good_for="very many rows; losses that outliers do not rule",
    cost="a moment",
    build=build,
    seconds=seconds,
    modifiers={
        "huber": "squared loss for small errors, absolute for large ones",
        "insensitive": "errors below a tolerance cost nothing",
    },
    search_space={"model__regressor__alpha": (1e-6, 1e-5, 1e-4, 1e-3)},
)
"""Stochastic gradient descent."""
