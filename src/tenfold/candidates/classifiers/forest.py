"""A random forest of 100 trees."""

from __future__ import annotations

import math

from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for
from tenfold.candidates.setting import Setting


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return scikit-learn's defaults on raw values; trees do not care for scale."""
    return pipeline_for(setting, RandomForestClassifier(random_state=setting.seed), scaling="none")


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 19 s for 40,000 images of 784 values; tables, with more noise, need deeper trees."""
    depth = 1.0 if setting.traits.one_scale else 2.5
    return 0.15 + depth * 1.1e-6 * rows * math.log2(rows + 1) * math.sqrt(setting.values) + 3e-5 * queries


ENTRY = Entry(
    name="forest",
    summary="random forest of 100 trees",
    good_for="almost anything, with no tuning",
    cost="seconds to a minute; the saved model is large",
    build=build,
    seconds=seconds,
    search_space={"model__max_features": ("sqrt", 0.1, 0.3), "model__min_samples_leaf": (1, 2, 5)},
)
