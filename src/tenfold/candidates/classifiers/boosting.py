"""Gradient boosting of histogram trees."""

from __future__ import annotations

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import encoded_pipeline
from tenfold.candidates.setting import Setting

_ROUNDS = 100


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return 100 rounds; missing values and categories are split on as they are."""
    categories = list(setting.traits.coded(setting.layout)) or None
    model = HistGradientBoostingClassifier(
        max_iter=_ROUNDS, categorical_features=categories, early_stopping=False, random_state=setting.seed
    )
    return encoded_pipeline(setting, model)


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return a third of a second for a small table, 2 s for 50,000 rows of 70 values."""
    return (0.25 + 4e-7 * rows * setting.values) * setting.detectors + 1e-5 * queries * setting.detectors


ENTRY = Entry(
    name="boosting",
    summary="gradient boosting of histogram trees, 100 rounds",
    good_for="tables of any size, with missing values and categories",
    cost="seconds on tables; slow on images with many classes",
    build=build,
    seconds=seconds,
    search_space={"model__learning_rate": (0.03, 0.1, 0.3), "model__max_leaf_nodes": (15, 31, 63)},
)
