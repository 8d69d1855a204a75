"""Columns that give the label away by themselves: often something written down after the outcome was known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from tenfold.checks.finding import Finding, quoted

__all__ = ["leaking_columns"]

_ROWS = 20_000
_SCREEN_ROWS = 2_000
_FEWEST_ROWS = 30
_MOST_CLASSES = 100
_FOLDS = 3
_RIGHT = 0.995


def leaking_columns(table: pd.DataFrame, codes: NDArray[np.int64] | None, label: str | None = None) -> list[Finding]:
    """
    Find columns from which alone the label can be told in 99.5 % of rows not learnt from.

    Text is judged by the most frequent label of each value, numbers by a small decision tree, both in 3 folds
    of at most 20,000 rows, always the same ones. The error must also be under a tenth of that of always
    saying the most frequent class, so that a rare class alone raises no alarm.

    Parameters
    ----------
    table : DataFrame of n rows
    codes : ndarray of int64, shape (n,), or None
        Class codes; -1 where there is no label.
    label : str, optional
        Name of the label, where rows have several.
    """
    if codes is None:
        return []
    labelled = np.flatnonzero(codes >= 0)
    classes = np.unique(codes[labelled])
    if len(labelled) < _FEWEST_ROWS or not 2 <= len(classes) <= _MOST_CLASSES:
        return []
    chosen = np.random.default_rng(0).permutation(labelled)[:_ROWS]
    sample, y = table.iloc[chosen], codes[chosen]
    needed = _needed(y)
    scores = {str(name): _alone(sample[name], y, needed) for name in table.columns}
    return [_finding(name, score, label) for name, score in scores.items() if score >= needed]


def _needed(y: NDArray[np.int64]) -> float:
    majority = float(np.bincount(y).max() / len(y))
    return max(_RIGHT, 1 - (1 - majority) / 10)


def _finding(name: str, score: float, label: str | None) -> Finding:
    told = "the label" if label is None else f"the label {quoted(label)}"
    what = f"column {quoted(name)} alone tells {told} right in {score:.1%} of rows: it may give the answer away"
    do = "drop it unless it is known before the label is"
    return Finding("warning", "leak", what, (), 0, name, do)


def _alone(column: pd.Series[Any], y: NDArray[np.int64], needed: float) -> float:
    """Accuracy of the column alone, shape (n,) against (n,); 0 where a quick look rules it out."""
    if not is_numeric_dtype(column.dtype):
        values, _ = pd.factorize(column)
        return _out_of_sample(values.astype(np.int64), y, _by_value)
    numbers = column.to_numpy(np.float64)
    if not np.isfinite(numbers).any():
        return 0.0
    numbers = np.where(np.isinf(numbers), np.nan, numbers)
    few = slice(None, _SCREEN_ROWS)
    if float((_by_tree(numbers[few], y[few], numbers[few]) == y[few]).mean()) < needed - 0.01:
        return 0.0
    return _out_of_sample(numbers, y, _by_tree)


def _out_of_sample(values: NDArray[Any], y: NDArray[np.int64], predict: Any) -> float:
    """The sample is in random order, so every third row makes a fold."""
    fold = np.arange(len(y)) % _FOLDS
    right = np.zeros(len(y), bool)
    for k in range(_FOLDS):
        train, test = fold != k, fold == k
        right[test] = predict(values[train], y[train], values[test]) == y[test]
    return float(right.mean())


def _by_value(known: NDArray[np.int64], y: NDArray[np.int64], asked: NDArray[np.int64]) -> NDArray[np.int64]:
    """The most frequent label of each value (missing is one of them); of all rows where the value is new."""
    usual = int(np.bincount(y).argmax())
    pairs, counts = np.unique(np.stack([known, y]), axis=1, return_counts=True)
    order = np.argsort(counts, kind="stable")
    answer = dict(zip(pairs[0, order].tolist(), pairs[1, order].tolist(), strict=True))
    return np.array([answer.get(value, usual) for value in asked.tolist()], np.int64)


def _by_tree(known: NDArray[np.float64], y: NDArray[np.int64], asked: NDArray[np.float64]) -> NDArray[np.int64]:
    from sklearn.tree import DecisionTreeClassifier

    leaves = max(4, 2 * len(np.unique(y)))
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=2, random_state=0)
    return np.asarray(tree.fit(known.reshape(-1, 1), y).predict(asked.reshape(-1, 1)), np.int64)
