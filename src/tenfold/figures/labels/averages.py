"""Figures over all labels of a row, each with the influence of every row on it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.confusion import Margins
from tenfold.figures.intervals.influence import Influence, margins_influence, mean_influence, ranking_influences
from tenfold.figures.labels.rows import LabelRows, label_task
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import confusion_figures

__all__ = ["average_influence", "label_influence"]

Floats = NDArray[np.float64]

_RANKINGS = ("roc_auc", "average_precision")


def average_influence(rows: LabelRows, key: str) -> Influence:
    """
    Give a figure over all labels and each row's influence on it.

    macro: mean over labels. weighted: mean over labels by the rows in which each is true. micro: labels of all rows
    thrown together. samples: mean over rows of the figure of the row's own labels; rows where it is undefined (no
    label is true, or none is called so) are left out, as scikit-learn does with ``zero_division=nan``.

    Parameters
    ----------
    rows : LabelRows
    key : str
        One of `LABEL_AVERAGES`.

    Returns
    -------
    Influence
        Its value None where a label that counts has none.

    Examples
    --------
    >>> y, called = np.array([[1, 0], [1, 1]]), np.array([[1, 0], [1, 0]])
    >>> rows = LabelRows(("a", "b"), y, called, None, False, None)
    >>> average_influence(rows, "exact_match").value, average_influence(rows, "recall_micro").value
    (0.5, 0.666...)
    """
    if key == "exact_match":
        return mean_influence((rows.y == rows.predicted).all(axis=1).astype(np.float64))
    if key == "hamming_loss":
        return mean_influence((rows.y != rows.predicted).mean(axis=1))
    name, average = key.rsplit("_", 1)
    if average == "micro":
        return _ratio(*_parts(name, rows))
    if average == "samples":
        return _mean_of_rows(*_parts(name, rows))
    return _mean_of_labels(rows, name, average)


def label_influence(rows: LabelRows, name: str, column: int) -> Influence:
    """Give a figure of one label (``f1``, ``roc_auc``, ``log_loss``, …) and each row's influence on it."""
    one = rows.single[column]
    if name in LOSSES or name in _RANKINGS:
        if one.scores is None or (name in LOSSES and not one.probabilities):
            return Influence(None, np.zeros(len(one.y)))
        if name in LOSSES:
            return mean_influence(LOSSES[name](one.y, one.scores))
        return ranking_influences(one.y, one.scores[:, 0])[_RANKINGS.index(name)]
    figure = next(figure for figure in confusion_figures(label_task(rows.labels[column])) if figure.key == name)
    return margins_influence(figure.formula, Margins.of(one.matrix()), one.y, one.predicted)


def _parts(name: str, rows: LabelRows) -> tuple[Floats, Floats]:
    """Numerator and denominator of each row's own figure, each of shape (n,)."""
    hits = (rows.y & rows.predicted).sum(axis=1)
    actual, called = rows.y.sum(axis=1), rows.predicted.sum(axis=1)
    parts: dict[str, Callable[[], tuple[Floats, Floats]]] = {
        "precision": lambda: (hits, called),
        "recall": lambda: (hits, actual),
        "f1": lambda: (2 * hits, actual + called),
    }
    part, whole = parts[name]()
    return part.astype(np.float64), whole.astype(np.float64)


def _ratio(part: Floats, whole: Floats) -> Influence:
    """A ratio of two sums over rows."""
    total = float(whole.sum())
    if not total:
        return Influence(None, np.zeros(len(part)))
    value = float(part.sum()) / total
    return Influence(value, (part - value * whole) / total)


def _mean_of_rows(part: Floats, whole: Floats) -> Influence:
    counted = whole > 0
    if not counted.any():
        return Influence(None, np.zeros(len(part)))
    share = np.divide(part, whole, out=np.zeros(len(part)), where=counted)
    value = float(share[counted].mean())
    return Influence(value, np.where(counted, (share - value) / counted.sum(), 0.0))


def _mean_of_labels(rows: LabelRows, name: str, average: str) -> Influence:
    """The mean of the labels' figures; the same rows make all of them, so their influences are added row by row."""
    influences = [label_influence(rows, name, column) for column in range(len(rows.labels))]
    positives = rows.y.sum(axis=0).astype(np.float64)
    counts = np.ones(len(influences)) if average == "macro" else positives
    used = [(one, count, column) for column, (one, count) in enumerate(zip(influences, counts, strict=True)) if count]
    if not used or any(one.value is None for one, _, _ in used):
        return Influence(None, np.zeros(len(rows.y)))
    value = float(sum(count * (one.value or 0.0) for one, count, _ in used) / counts.sum())
    influence = np.zeros(len(rows.y))
    for one, count, column in used:
        influence += count * one.rows
        if average == "weighted":
            # More of a row is also more of its labels, whose figures then count for more.
            influence += rows.y[:, column] * ((one.value or 0.0) - value)
    return Influence(value, influence / counts.sum())
