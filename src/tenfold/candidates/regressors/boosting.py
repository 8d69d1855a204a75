"""Gradient boosting of histogram trees, of scikit-learn and of the libraries that the extra ``boost`` installs."""

from __future__ import annotations

from functools import partial

from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.pipeline import Pipeline

from tenfold.candidates.classifiers.libraries import library_regressor
from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.few_rows import least_in_leaf
from tenfold.candidates.needs import boosting_pipeline
from tenfold.candidates.setting import Setting

__all__ = ["ENTRY", "LIBRARY_ENTRIES"]

_MOST_ROUNDS = 1_000
_PATIENCE = 20
_FEW_ROWS = 1_000
_ROUNDS_OF_FEW = 200
_LOSSES = {"absolute": "absolute_error", "poisson": "poisson", "gamma": "gamma"}


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """
    Return small steps that stop where 20 rounds have not helped on a tenth of the training rows, which no tree sees.

    Of few rows none are kept back: a tenth of them would tell nothing, and 200 rounds are grown.
    """
    loss = next((_LOSSES[word] for word in sorted(modifiers) if word in _LOSSES), "squared_error")
    few = setting.rows < _FEW_ROWS
    model = HistGradientBoostingRegressor(
        loss=loss,
        learning_rate=0.05,
        max_iter=_ROUNDS_OF_FEW if few else _MOST_ROUNDS,
        early_stopping=not few,
        n_iter_no_change=_PATIENCE,
        min_samples_leaf=least_in_leaf(setting.rows),
        categorical_features=list(setting.traits.coded(setting.layout)) or None,
        random_state=setting.seed,
    )
    return boosting_pipeline(setting, model)


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 3 s for 16,000 rows of 9 values."""
    return (0.5 + 2e-5 * rows * setting.values) * max(setting.quantities, 1) + 5e-5 * queries


def _library_seconds(rounds: int, setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    return (0.25 + 4e-7 * rows * setting.values) * max(setting.quantities, 1) * rounds / 100 + 1e-5 * queries


ENTRY = Entry(
    name="boosting",
    summary="gradient boosting of histogram trees, stopped where more do not help",
    good_for="tables of any size, with missing values and categories",
    cost="seconds",
    build=build,
    seconds=seconds,
    modifiers={
        "absolute": "absolute errors instead of squared ones: the median is predicted",
        "poisson": "counts: values that are 0 or more",
        "gamma": "values above 0 whose spread grows with their size",
    },
    search_space={"model__learning_rate": (0.03, 0.05, 0.1), "model__max_leaf_nodes": (15, 31, 63)},
)
"""Histogram boosting of scikit-learn."""

_RATES = (0.03, 0.1, 0.3)


def _entry(name: str, label: str, rounds: int, search_space: dict[str, tuple[float | int, ...]]) -> Entry:
    return Entry(
        name=name,
        summary=f"gradient boosting by {label}; needs pip install 'tenfold[boost]'",
        good_for="tables of any size, with missing values and categories",
        cost="seconds on tables; the saved model needs no other library",
        build=partial(library_regressor, name),
        seconds=partial(_library_seconds, rounds),
        search_space=search_space,
    )


LIBRARY_ENTRIES = (
    _entry("lightgbm", "LightGBM", 100, {"model__learning_rate": _RATES, "model__num_leaves": (15, 31, 63)}),
    _entry("xgboost", "XGBoost", 100, {"model__learning_rate": _RATES, "model__max_depth": (3, 6, 9)}),
    _entry("catboost", "CatBoost", 1000, {"model__learning_rate": _RATES, "model__depth": (4, 6, 8)}),
)
"""Boosting of other libraries."""
