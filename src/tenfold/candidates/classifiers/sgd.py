"""A linear classifier (hinge loss) learned by stochastic gradient descent."""

from __future__ import annotations

from typing import Any

from sklearn.linear_model import SGDClassifier as Theirs
from sklearn.multiclass import OneVsOneClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import Scaling, pipeline_for
from tenfold.candidates.setting import Setting


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """
    Return our own SGD with scikit-learn's defaults, on values of mean 0 and deviation 1.

    ``raw`` leaves the values alone and takes scikit-learn's own, as ``sklearn`` does: theirs are the reference figures.
    """
    # Classes are fitted in threads, none of which sees another: the last fold takes the idle cores, and no figure
    # depends on how many there are.
    model: Any = _kind(modifiers)(random_state=setting.seed, n_jobs=-1)
    if "ovo" in modifiers:
        model = OneVsOneClassifier(model)
    scaling: Scaling = "none" if "raw" in modifiers else "standard"
    return pipeline_for(setting, model, scaling=scaling, dtype="float64")


def _kind(modifiers: Modifiers) -> Any:
    if _theirs(modifiers):
        return Theirs
    # Only here: a command that fits nothing need not load the compiler of the kernels.
    from tenfold.models import SGDClassifier

    return SGDClassifier


def _theirs(modifiers: Modifiers) -> bool:
    return bool(modifiers & {"raw", "sklearn"})


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 1 s a detector for 40,000 scaled images of 784 values; scikit-learn's own 8 s raw, 25 s scaled."""
    theirs = 2.6e-7 if "raw" in modifiers else 8e-7
    epoch_cost = theirs if _theirs(modifiers) else 3.2e-8
    pairs = (setting.classes - 1) / 2 * 2 / setting.classes if "ovo" in modifiers else 1.0
    return epoch_cost * rows * setting.values * setting.detectors * pairs


ENTRY = Entry(
    name="sgd",
    summary="linear classifier by stochastic gradient descent, one-vs-rest",
    good_for="very many rows or columns; a fast first detector",
    cost="grows with rows x values x classes",
    build=build,
    seconds=seconds,
    modifiers={
        "raw": "values as they are, not scaled; scikit-learn's own",
        "sklearn": "scikit-learn's own, one class after the other",
        "ovo": "one detector a pair of classes",
    },
    search_space={"model__alpha": (1e-5, 1e-4, 1e-3), "model__penalty": ("l2", "l1", "elasticnet")},
)
