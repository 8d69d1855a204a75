"""Softmax regression by batch gradient descent, which rows held out tell to stop."""

from __future__ import annotations

from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.setting import Setting

_STEPS, _FLAT = 1000, 1e-4


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return our own model on pixels of 0-1, or on a scaled table."""
    # Only here: a command that fits nothing need not load it.
    from tenfold.models import SoftmaxRegression

    model = SoftmaxRegression(max_iter=_STEPS, tol=_FLAT, early_stopping=True, random_state=setting.seed)
    return pipeline_for(setting, model, scaling=usual_scaling(setting), dtype="float64")


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return the time of some hundred steps, each of two products with all rows."""
    return 1e-7 * rows * setting.values * setting.detectors


ENTRY = Entry(
    name="softmax",
    summary="softmax regression by batch gradient descent, stopped early",
    good_for="a look at how losses fall; a linear model with few parameters to set",
    cost="grows with rows x values x classes",
    build=build,
    seconds=seconds,
    search_space={"model__alpha": (1e-5, 1e-4, 1e-3, 1e-2)},
)
