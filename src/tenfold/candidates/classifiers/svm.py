"""A support vector machine with a Gaussian kernel."""

from __future__ import annotations

from typing import Any

from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling, with_components
from tenfold.candidates.setting import Setting
from tenfold.models import GaussianSVC

_C_ON_COMPONENTS = 10.0
_CACHE_MEGABYTES = 300
_NOISE_OF_TABLES = 12
_OF_A_DETECTOR = 0.6
"""Of the time of all pairs of ten classes: 3 s of 5 s, 40,000 images."""


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """
    Return one model a pair of classes, as scikit-learn does; ``ovr`` trains one detector a class instead.

    Ties between classes are broken by the scores, so that scores and predictions never disagree.
    """
    components = "pca" in modifiers
    # Pairs fitted in threads come out the same: the last fold and the final model take the idle cores.
    model: Any = GaussianSVC(C=_C_ON_COMPONENTS if components else 1.0, cache_size=_CACHE_MEGABYTES, n_jobs=-1)
    if "ovr" in modifiers:
        model = OneVsRestClassifier(model)
    return pipeline_for(setting, model, scaling=usual_scaling(setting), components=components)


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 5 s to fit 40,000 images of 784 values, 6 s on 50 components; tables, with more noise, take far longer."""
    components, detectors = "pca" in modifiers, setting.detectors if "ovr" in modifiers else 1
    one_scale = setting.traits.one_scale
    if one_scale and not components:
        pixels = (setting.values + 200) / 984
        fit = 5.0 * (rows / 40_000) ** 1.4 * (_OF_A_DETECTOR * detectors if "ovr" in modifiers else 1.0)
        return float(pixels * (fit + 1.8e-9 * rows * queries * detectors))
    values = with_components(setting).values if components else setting.values
    kernel = 5.6e-11 * (values + 20) * (1 if one_scale else _NOISE_OF_TABLES)
    return kernel * rows * (rows + 0.45 * queries) * detectors


ENTRY = Entry(
    name="svm",
    summary="support vector machine, Gaussian kernel, one-vs-one",
    good_for="images, and up to some 10,000 rows of a table, where it is hard to beat",
    cost="grows with the square of the rows, less steeply on images",
    build=build,
    seconds=seconds,
    modifiers={
        "ovr": "one detector a class instead of one duel a pair",
        "pca": "on the first 50 principal components, C = 10: a point more accurate on MNIST",
    },
    search_space={"model__C": (1.0, 10.0, 100.0), "model__gamma": ("scale", 0.01, 0.1)},
)
