"""Extremely randomised trees: 100 of them."""

from __future__ import annotations

from sklearn.ensemble import ExtraTreesClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.classifiers import forest
from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for
from tenfold.candidates.setting import Setting


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return scikit-learn's defaults on raw values; trees do not care for scale."""
    return pipeline_for(setting, ExtraTreesClassifier(random_state=setting.seed), scaling="none")


ENTRY = Entry(
    name="extra",
    summary="100 extremely randomised trees: thresholds are drawn, the best of them splits",
    good_for="noisy numbers; often beside a forest, at less cost",
    cost="seconds; the saved model is large",
    build=build,
    seconds=forest.seconds,
    search_space={"model__max_features": ("sqrt", 0.3, 1.0), "model__min_samples_leaf": (1, 2, 5)},
)
