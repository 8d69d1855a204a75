"""Boosted trees of other libraries, which the extra ``boost`` installs; the saved model needs none of them."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.few_rows import least_in_leaf
from tenfold.candidates.needs import encoded_pipeline
from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError

__all__ = ["ENTRIES", "library_regressor"]

_OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "lightgbm": ("LGBMClassifier", {"n_jobs": 1, "verbosity": -1, "deterministic": True, "force_row_wise": True}),
    "xgboost": ("XGBClassifier", {"n_jobs": 1, "verbosity": 0}),
    "catboost": ("CatBoostClassifier", {"thread_count": 1, "verbose": 0, "allow_writing_files": False}),
}
"""Name of a library -> its classifier, and what keeps it quiet and repeatable: one thread adds in one order."""


def build(name: str, setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return the defaults of the library on numbers with gaps as they are and codes of categories."""
    return _built(name, _OPTIONS[name][0], setting)


def library_regressor(name: str, setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return the same for quantities."""
    return _built(name, _OPTIONS[name][0].replace("Classifier", "Regressor"), setting)


def _built(name: str, estimator: str, setting: Setting) -> Pipeline:
    options = _OPTIONS[name][1]
    seed = {"random_seed" if name == "catboost" else "random_state": setting.seed}
    categories = list(setting.traits.coded(setting.layout))
    if name == "lightgbm":
        seed["min_child_samples"] = least_in_leaf(setting.rows)
    if name == "lightgbm" and categories:
        seed["categorical_column"] = categories  # type: ignore[assignment]
    return encoded_pipeline(setting, getattr(_library(name), estimator)(**options, **seed))


def _library(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise UsageError(f"{name} is not installed", where="--models", do="pip install 'tenfold[boost]'") from None


def seconds(rounds: int, setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return roughly the time of histogram boosting, by the number of rounds."""
    return (0.25 + 4e-7 * rows * setting.values) * setting.detectors * rounds / 100 + 1e-5 * queries * setting.detectors


def _entry(name: str, label: str, rounds: int, search_space: dict[str, tuple[Any, ...]]) -> Entry:
    return Entry(
        name=name,
        summary=f"gradient boosting by {label}; needs pip install 'tenfold[boost]'",
        good_for="tables of any size, with missing values and categories",
        cost="seconds on tables; the saved model needs no other library",
        build=partial(build, name),
        seconds=partial(seconds, rounds),
        search_space=search_space,
    )


_RATES = (0.03, 0.1, 0.3)

ENTRIES = (
    _entry("lightgbm", "LightGBM", 100, {"model__learning_rate": _RATES, "model__num_leaves": (15, 31, 63)}),
    _entry("xgboost", "XGBoost", 100, {"model__learning_rate": _RATES, "model__max_depth": (3, 6, 9)}),
    _entry("catboost", "CatBoost", 1000, {"model__learning_rate": _RATES, "model__depth": (4, 6, 8)}),
)
