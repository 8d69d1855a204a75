"""Trees: one, or many of them averaged."""

from __future__ import annotations

import math
from typing import Any

from sklearn.ensemble import ExtraTreesRegressor, RandomForestRegressor
from sklearn.pipeline import Pipeline
from sklearn.tree import DecisionTreeRegressor

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for
from tenfold.candidates.setting import Setting

__all__ = ["ENTRIES"]

_TREES = 100
_SHARE = 1 / 3
"""Of the columns that a forest tries at each split: Breiman's for quantities; a third of the time of all of them."""


def _raw(setting: Setting, estimator: Any) -> Pipeline:
    return pipeline_for(setting, estimator, scaling="none")


def _tree(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return a tree whose leaves hold five rows or more."""
    return _raw(setting, DecisionTreeRegressor(min_samples_leaf=5, random_state=setting.seed))


def _forest(setting: Setting, modifiers: Modifiers) -> Pipeline:
    return _raw(setting, RandomForestRegressor(_TREES, max_features=_share(setting), random_state=setting.seed))


def _extra(setting: Setting, modifiers: Modifiers) -> Pipeline:
    return _raw(setting, ExtraTreesRegressor(_TREES, random_state=setting.seed))


def _share(setting: Setting) -> float:
    """A third of the columns, and at least three of them where there are so many."""
    return max(_SHARE, min(1.0, 3 / max(setting.values, 1)))


def _one_seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 0.2 s for 16,000 rows of 13 values."""
    return 0.01 + 6e-8 * rows * math.log2(rows + 1) * setting.values + 1e-7 * queries


def _forest_seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return the time of 100 trees that try a share of the columns."""
    return 0.1 + _TREES * _share(setting) * _one_seconds(setting, modifiers, rows, 0) + 3e-5 * queries


def _extra_seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return a third of the time of a forest that tries all columns."""
    return 0.1 + _TREES / 3 * _one_seconds(setting, modifiers, rows, 0) + 4e-5 * queries


ENTRIES = (
    Entry(
        name="tree",
        summary="one decision tree, five rows a leaf",
        good_for="rules that can be read",
        cost="a moment",
        build=_tree,
        seconds=_one_seconds,
        search_space={"model__min_samples_leaf": (2, 5, 10, 20), "model__max_depth": (4, 8, 16)},
    ),
    Entry(
        name="forest",
        summary=f"random forest of {_TREES} trees",
        good_for="almost any table, with no tuning",
        cost="seconds to a minute; the saved model is large",
        build=_forest,
        seconds=_forest_seconds,
        search_space={"model__max_features": (0.33, 0.6, 1.0), "model__min_samples_leaf": (1, 3)},
    ),
    Entry(
        name="extra",
        summary=f"{_TREES} extremely randomised trees: thresholds are drawn, the best of them splits",
        good_for="noisy numbers; often beside a forest, at less cost",
        cost="seconds; the saved model is large",
        build=_extra,
        seconds=_extra_seconds,
        search_space={"model__max_features": (0.33, 0.6, 1.0), "model__min_samples_leaf": (1, 3)},
    ),
)
"""A tree and two kinds of forests."""
