"""Support vector regression: errors below a tolerance cost nothing."""

from __future__ import annotations

from typing import Any

from sklearn.pipeline import Pipeline
from sklearn.svm import SVR, LinearSVR

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.regressors.targets import of_unit_targets
from tenfold.candidates.setting import Setting

_CACHE_MEGABYTES = 300
_ITERATIONS = 10_000


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return a Gaussian kernel, or none; targets are brought to deviation 1, so that the tolerance is a tenth of it."""
    if "linear" in modifiers:
        model: Any = LinearSVR(
            epsilon=0.1,
            max_iter=_ITERATIONS,
            random_state=setting.seed,
            dual="auto",
            loss="squared_epsilon_insensitive",
        )
    else:
        model = SVR(C=1.0, epsilon=0.1, cache_size=_CACHE_MEGABYTES)
    return pipeline_for(setting, of_unit_targets(model), scaling=usual_scaling(setting), dtype="float64")


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 30 s for 16,000 rows of 13 values, which grows with the square of the rows."""
    if "linear" in modifiers:
        return 0.02 + 1e-6 * rows * setting.values
    return 4e-9 * (setting.values + 20) * rows * (rows + 0.3 * queries) * max(setting.quantities, 1)


ENTRY = Entry(
    name="svr",
    summary="support vector regression, Gaussian kernel",
    good_for="up to some 10,000 rows that bend smoothly",
    cost="grows with the square of the rows",
    build=build,
    seconds=seconds,
    modifiers={"linear": "a weight for each value instead of a kernel"},
    search_space={"model__regressor__C": (0.1, 1.0, 10.0), "model__regressor__epsilon": (0.01, 0.1)},
)
"""Support vector regression."""
