"""What the default run is compared to, each fitted on the same rows: two of scikit-learn, and FLAML."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

__all__ = ["PEERS", "Peer", "automl", "right_out_of_fold"]

Peer = Callable[[], Any]
"""Gives an unfitted classifier of data frames."""

_TEXTS = make_column_selector(dtype_exclude="number")
_NUMBERS = make_column_selector(dtype_include="number")


def boosting() -> Any:
    """Boosting by its defaults: numbers as they are, categories as codes."""
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value", unknown_value=np.nan, encoded_missing_value=np.nan, max_categories=255
    )
    coded = make_column_transformer((codes, _TEXTS), remainder="passthrough")
    return make_pipeline(coded, HistGradientBoostingClassifier(random_state=0))


def forest() -> Any:
    """A forest by its defaults: gaps filled by the mean, one column a category."""
    hot = OneHotEncoder(handle_unknown="ignore", sparse_output=False)
    filled = make_column_transformer((hot, _TEXTS), (SimpleImputer(), _NUMBERS))
    return make_pipeline(filled, RandomForestClassifier(random_state=0))


PEERS: dict[str, Peer] = {"boosting": boosting, "forest": forest}
"""Of scikit-learn, by their names on the page."""


def automl(seconds: float) -> Peer:
    """Return FLAML with so many seconds for each fit, on one thread."""
    library = importlib.import_module("flaml")
    return lambda: _Automl(library, seconds)


class _Automl:
    """FLAML left alone; it takes columns of text as categories."""

    def __init__(self, library: Any, seconds: float) -> None:
        self._model, self._seconds = library.AutoML(), seconds

    def fit(self, X: pd.DataFrame, y: NDArray[Any]) -> _Automl:
        """Search for so many seconds."""
        budget = {"task": "classification", "time_budget": self._seconds, "metric": "accuracy", "n_jobs": 1}
        self._model.fit(_categories(X), y, verbose=0, seed=0, **budget)
        return self

    def predict(self, X: pd.DataFrame) -> NDArray[Any]:
        """Predict by what was best."""
        return np.asarray(self._model.predict(_categories(X)))


def _categories(X: pd.DataFrame) -> pd.DataFrame:
    return X.astype({name: "category" for name in X if not pd.api.types.is_numeric_dtype(X[name])})


def right_out_of_fold(peer: Peer, X: pd.DataFrame, y: NDArray[Any], fold: NDArray[Any]) -> NDArray[np.bool_]:
    """
    Say of each row whether a peer that was fitted on the other folds is right.

    Parameters
    ----------
    peer : callable
    X : DataFrame of n rows
    y, fold : ndarray of shape (n,)

    Examples
    --------
    >>> X, y = pd.DataFrame({"a": np.arange(60.0)}), np.repeat(["low", "high"], 30)
    >>> bool(right_out_of_fold(PEERS["forest"], X, y, np.arange(60) % 2).mean() > 0.9)
    True
    """
    right = np.zeros(len(y), np.bool_)
    for held_out in np.unique(fold):
        inside = fold == held_out
        right[inside] = peer().fit(X[~inside], y[~inside]).predict(X[inside]) == y[inside]
    return right
