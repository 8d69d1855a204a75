"""A linear classifier (hinge loss) learned by stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from sklearn.linear_model import SGDClassifier
from sklearn.multiclass import OneVsOneClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.prepare import Scaling, pipeline_for
from tenfold.candidates.setting import Setting


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Give scikit-learn's defaults on values of mean 0 and deviation 1; ``raw`` leaves the values alone."""
    # Classes are learnt in threads, each with a seed of its own drawn beforehand: the last fold takes the idle cores,
    # and no figure depends on how many there are.
    model: Any = SGDClassifier(random_state=setting.seed, n_jobs=-1)
    if "ovo" in modifiers:
        model = OneVsOneClassifier(model)
    scaling: Scaling = "none" if "raw" in modifiers else "standard"
    return pipeline_for(setting, model, scaling=scaling, dtype="float64")


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Give 8 s a detector for 40,000 raw images of 784 values, three times that scaled (more epochs)."""
    epoch_cost = 2.6e-7 if "raw" in modifiers else 8e-7
    pairs = (setting.classes - 1) / 2 * 2 / setting.classes if "ovo" in modifiers else 1.0
    return epoch_cost * rows * setting.values * setting.detectors * pairs


ENTRY = Entry(
    name="sgd",
    summary="linear classifier by stochastic gradient descent, one-vs-rest",
    good_for="very many rows or columns; a fast first detector",
    cost="grows with rows x values x classes",
    build=build,
    seconds=seconds,
    modifiers={"raw": "values as they are, not scaled", "ovo": "one detector a pair of classes"},
    search_space={"model__alpha": (1e-5, 1e-4, 1e-3), "model__penalty": ("l2", "l1", "elasticnet")},
)
