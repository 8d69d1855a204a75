"""A linear model by stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.regressors.targets import of_unit_targets
from tenfold.candidates.setting import Setting

_LOSSES = {"huber": "huber", "insensitive": "epsilon_insensitive"}


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return squared loss, or one that large errors weigh less in; targets are brought to deviation 1."""
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import SGDRegressor

    loss = next((_LOSSES[word] for word in sorted(modifiers) if word in _LOSSES), "squared_error")
    model = SGDRegressor(loss=loss, random_state=setting.seed, **_steps(setting, modifiers))
    return pipeline_for(setting, of_unit_targets(model), scaling=usual_scaling(setting), dtype="float64")


def _steps(setting: Setting, modifiers: Modifiers) -> dict[str, Any]:
    """Return how steps are made: of single rows, or of batches, until held-out rows gain no more."""
    # A step is stable below 2 over the squared length of a row, which grows with its values.
    batched = "batch" in modifiers
    rate = min(0.05 if batched else 0.01, 0.5 / max(setting.values, 1))
    batch = {"batch_size": 32, "learning_rate": "constant"} if batched else {}
    return {"eta0": rate, **batch, **({"early_stopping": True, "restore_best": True} if "early" in modifiers else {})}


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
        "batch": "steps of 32 rows at a constant rate",
        "early": "stops where a tenth of the training rows, which no step is made of, gains no more",
    },
    search_space={"model__regressor__alpha": (1e-6, 1e-5, 1e-4, 1e-3)},
)
"""Stochastic gradient descent."""
