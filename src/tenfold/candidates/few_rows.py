"""Leaves of boosted trees where rows are few: with 20 rows in each, the usual least, no fold could be split."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from tenfold.candidates.entry import Candidate

__all__ = ["USUAL_LEAF", "fitting_few_rows", "least_in_leaf"]

USUAL_LEAF = 20
_ENOUGH_ROWS = 50
_SMALL_LEAF, _SHARE = 5, 5


def least_in_leaf(rows: int) -> int:
    """
    Return the least rows in a leaf: 20 of 50 rows or more; of fewer 5, or a fifth of them where that is less.

    Five is the usual leaf of regression trees: Liaw and Wiener (2002), R News 2(3):18.

    Parameters
    ----------
    rows : int
        Training rows, all folds together.

    Examples
    --------
    >>> [least_in_leaf(rows) for rows in (2, 15, 49, 50, 10_000)]
    [1, 3, 5, 20, 20]
    """
    return USUAL_LEAF if rows >= _ENOUGH_ROWS else max(1, min(_SMALL_LEAF, rows // _SHARE))


def fitting_few_rows(candidate: Candidate, rows: int) -> Candidate:
    """
    Return a candidate as it is for so many rows: boosted trees built for more have leaves too large for few.

    Parameters
    ----------
    candidate : Candidate
    rows : int
        Training rows, all folds together.
    """
    if rows >= _ENOUGH_ROWS:
        return candidate
    parameters = candidate.pipeline.get_params()
    names = {key: _leaf_parameter(value) for key, value in parameters.items()}
    smaller = {f"{key}__{name}": least_in_leaf(rows) for key, name in names.items() if name}
    smaller = {key: least for key, least in smaller.items() if parameters[key] == USUAL_LEAF}
    return replace(candidate, pipeline=clone(candidate.pipeline).set_params(**smaller)) if smaller else candidate


def _leaf_parameter(model: Any) -> str:
    """The parameter that says how few rows a leaf may hold; empty of other objects."""
    if isinstance(model, HistGradientBoostingRegressor | HistGradientBoostingClassifier):
        return "min_samples_leaf"
    return "min_child_samples" if type(model).__module__.startswith("lightgbm.") else ""
