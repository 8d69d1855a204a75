"""Columns that give the label away by themselves: often something written down after the outcome was known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from tenfold.data.checks.finding import Finding, quoted

__all__ = ["leaking_columns"]

_ROWS = 20_000
_SCREEN_ROWS = 2_000
_FEWEST_ROWS = 30
_MOST_CLASSES = 100
_FOLDS = 3
_RIGHT, _RIGHT_BY_VALUE = 0.99, 0.95
_ERRORS_LEFT = 0.1
_FEW_VALUES = 10
_FEWEST_FILLED, _BY_CHANCE = 20, 1e-9


def leaking_columns(table: pd.DataFrame, codes: NDArray[np.int64], label: str | None = None) -> list[Finding]:
    """
    Return columns from which alone the label can be told, or that are filled for one class alone.

    Text, and numbers of few values, are judged by the most frequent label of each value (no value is one of them),
    other numbers by a small decision tree; both in 3 folds of at most 20,000 rows, always the same ones. Nine tenths
    of the errors of always saying the most frequent class must be gone, so that a rare class alone raises no alarm,
    and 95 % of the rows right, as codes are that were written down afterwards. Of a measured quantity 99 % must be
    right, since a good one may well tell 96 % (the petals of iris).

    Parameters
    ----------
    table : DataFrame of n rows
    codes : ndarray of int64, shape (n,)
        Class codes; -1 where there is no label.
    label : str, optional
        Name of the label, where rows have several.
    """
    labelled = np.flatnonzero(codes >= 0)
    classes = np.unique(codes[labelled])
    if len(labelled) < _FEWEST_ROWS or not 2 <= len(classes) <= min(_MOST_CLASSES, len(labelled) / 2):
        return []
    rows = np.random.default_rng(0).permutation(labelled)[:_ROWS]
    sample, y = table.iloc[rows], codes[rows]
    majority = float(np.bincount(y).max() / len(y))
    findings = []
    for name in table.columns:
        right, needed = _alone(sample[name], y, 1 - _ERRORS_LEFT * (1 - majority))
        if right >= needed:
            findings.append(_finding(str(name), right, majority, label))
        elif (filled := _filled_for_one_class(sample[name], y)) is not None:
            findings.append(_filled_finding(str(name), filled, label))
    return findings


def _finding(name: str, right: float, majority: float, label: str | None) -> Finding:
    what = (
        f"column {quoted(name)} alone tells {_the_label(label)} right in {right:.1%} of rows (the most frequent class: "
        f"{majority:.1%}): it may give the answer away"
    )
    return Finding("warning", "leak", what, (), 0, name, _DO)


def _filled_finding(name: str, filled: int, label: str | None) -> Finding:
    what = (
        f"column {quoted(name)} has a value in {filled:,} of the rows looked at, and {_the_label(label)} is the same "
        "in all of them: it may give the answer away"
    )
    return Finding("warning", "leak", what, (), filled, name, _DO)


_DO = "ask whether it is known before the label is; if not, drop it"


def _the_label(label: str | None) -> str:
    return "the label" if label is None else f"the label {quoted(label)}"


def _filled_for_one_class(column: pd.Series[Any], y: NDArray[np.int64]) -> int | None:
    """Return the number of rows that have a value, where all of them are of one class and that is no chance."""
    filled = column.notna().to_numpy()
    count = int(filled.sum())
    if not _FEWEST_FILLED <= count < len(y):
        return None
    of_class = np.bincount(y[filled])
    share = float((y == of_class.argmax()).mean())
    return count if of_class.max() == count and share**count < _BY_CHANCE else None


def _alone(column: pd.Series[Any], y: NDArray[np.int64], fewer_errors: float) -> tuple[float, float]:
    """Accuracy of the column alone, 0 where a quick look rules it out, and what it must reach."""
    if not is_numeric_dtype(column.dtype) or column.iloc[:_SCREEN_ROWS].nunique() <= _FEW_VALUES:
        return _if_promising(pd.factorize(column)[0].astype(np.int64), y, _by_value, max(_RIGHT_BY_VALUE, fewer_errors))
    needed, numbers = max(_RIGHT, fewer_errors), column.to_numpy(np.float64)
    if not np.isfinite(numbers).any():
        return 0.0, needed
    return _if_promising(np.where(np.isinf(numbers), np.nan, numbers), y, _by_tree, needed)


def _if_promising(values: NDArray[Any], y: NDArray[np.int64], predict: Any, needed: float) -> tuple[float, float]:
    few = slice(None, _SCREEN_ROWS)
    if float((predict(values[few], y[few], values[few]) == y[few]).mean()) < needed - 0.01:
        return 0.0, needed
    return _out_of_sample(values, y, predict), needed


def _out_of_sample(values: NDArray[Any], y: NDArray[np.int64], predict: Any) -> float:
    """The sample is in random order, so every third row makes a fold."""
    fold = np.arange(len(y)) % _FOLDS
    right = np.zeros(len(y), bool)
    for k in range(_FOLDS):
        train, test = fold != k, fold == k
        right[test] = predict(values[train], y[train], values[test]) == y[test]
    return float(right.mean())


def _by_value(training: NDArray[np.int64], y: NDArray[np.int64], queries: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most frequent label of each value (-1, no value, is one of them); of all rows where the value is new."""
    classes = int(y.max()) + 1
    values = int(max(training.max(), queries.max())) + 2
    counts = np.bincount((training + 1) * classes + y, minlength=values * classes).reshape(values, classes)
    usual = np.where(counts.any(axis=1), counts.argmax(axis=1), np.bincount(y).argmax())
    return np.asarray(usual[queries + 1], np.int64)


def _by_tree(training: NDArray[np.float64], y: NDArray[np.int64], queries: NDArray[np.float64]) -> NDArray[np.int64]:
    from sklearn.tree import DecisionTreeClassifier

    leaves = max(4, 2 * len(np.unique(y)))
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=2, random_state=0)
    return np.asarray(tree.fit(training.reshape(-1, 1), y).predict(queries.reshape(-1, 1)), np.int64)
