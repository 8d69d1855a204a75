"""Gradient boosting of histogram trees."""

from __future__ import annotations

from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.few_rows import least_in_leaf
from tenfold.candidates.needs import boosting_pipeline
from tenfold.candidates.setting import Setting

_ROUNDS = 100
_MOST_ROUNDS = 500
_PATIENCE = 20


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """
    Return 100 rounds; missing values and categories are split on as they are.

    ``early`` stops where 20 rounds have not helped on a tenth of the training rows, which no tree is grown on.
    """
    categories = list(setting.traits.coded(setting.layout)) or None
    early = "early" in modifiers
    model = HistGradientBoostingClassifier(
        max_iter=_MOST_ROUNDS if early else _ROUNDS,
        learning_rate=0.05 if early else 0.1,
        n_iter_no_change=_PATIENCE if early else 10,
        categorical_features=categories,
        early_stopping=early,
        min_samples_leaf=least_in_leaf(setting.rows),
        random_state=setting.seed,
    )
    return boosting_pipeline(setting, model)


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return a third of a second for a small table, 2 s for 50,000 rows of 70 values."""
    rounds = 2.5 if "early" in modifiers else 1.0
    return rounds * (0.25 + 4e-7 * rows * setting.values) * setting.detectors + 1e-5 * queries * setting.detectors


ENTRY = Entry(
    name="boosting",
    summary="gradient boosting of histogram trees, 100 rounds",
    good_for="tables of any size, with missing values and categories",
    cost="seconds on tables; slow on images with many classes",
    build=build,
    seconds=seconds,
    modifiers={"early": "half the step, up to 500 rounds, stopped where a tenth of the training rows gains no more"},
    search_space={"model__learning_rate": (0.03, 0.1, 0.3), "model__max_leaf_nodes": (15, 31, 63)},
)
