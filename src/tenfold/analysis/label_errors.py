"""Rows whose label is probably wrong: the model, not having seen it, is sure of another class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Suspect", "against_the_label", "suspect_labels"]

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Suspect:
    """
    A label worth a second look.

    Parameters
    ----------
    position : int
        Of the row.
    label, suggested : int
        Class codes: the label as it is, and what the model would have it.
    of_label, of_suggested : float
        Their out-of-fold probabilities, or scores.
    """

    position: int
    label: int
    suggested: int
    of_label: float
    of_suggested: float


def suspect_labels(y: Codes, probabilities: Floats) -> list[Suspect]:
    """
    Return labels that are probably wrong, the most suspicious first.

    Confident learning, Northcutt, Jiang and Chuang (2021), JAIR 70:1373, eq. 1-2: a row counts for a class where its
    probability reaches the mean probability that rows labelled so have of it; of several the likeliest. Rows that
    count for another class than their label are given, in order of the probability of their label.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Labels as codes.
    probabilities : ndarray of float64, shape (n,) for two classes (of the second), else (n, k)
        Out of fold: from models that have not seen the row.

    Examples
    --------
    >>> y = np.repeat([0, 1], 20)
    >>> p = np.where(y == 1, 0.9, 0.1)
    >>> y[3] = 1
    >>> [(one.position, one.label, one.suggested) for one in suspect_labels(y, p)]
    [(3, 1, 0)]
    """
    table = _a_column_a_class(probabilities, 1 - probabilities)
    usual = np.array([table[y == code, code].mean() if (y == code).any() else np.inf for code in range(table.shape[1])])
    counts = np.where(table >= usual, table, -1.0)
    suggested = counts.argmax(axis=1)
    rows = np.arange(len(y))
    doubtful = np.flatnonzero((counts.max(axis=1) >= 0) & (suggested != y) & (table[rows, suggested] > table[rows, y]))
    return _suspects(doubtful[np.argsort(table[doubtful, y[doubtful]], kind="stable")], y, suggested, table)


def against_the_label(y: Codes, scores: Floats, threshold: float = 0.0) -> list[Suspect]:
    """
    Return the rows that are predicted as another class in order of how far that class's score lies above the label's.

    For scores that are no probabilities: they rank, but cannot tell how many labels are wrong.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
    scores : ndarray of float64, shape (n,) for two classes, else (n, k)
        Out of fold.
    threshold : float
        Of a detector.

    Examples
    --------
    >>> suspects = against_the_label(np.array([0, 1, 1]), np.array([0.5, -3.0, 2.0]))
    >>> [(one.position, one.suggested) for one in suspects]
    [(1, 0), (0, 1)]
    """
    centred = scores - threshold if scores.ndim == 1 else scores
    table = _a_column_a_class(centred, -centred)
    suggested, rows = table.argmax(axis=1), np.arange(len(y))
    gap = table[rows, suggested] - table[rows, y]
    doubtful = np.flatnonzero((suggested != y) & (gap > 0))
    return _suspects(doubtful[np.argsort(-gap[doubtful], kind="stable")], y, suggested, table)


def _a_column_a_class(scores: Floats, of_first: Floats) -> Floats:
    return scores if scores.ndim == 2 else np.stack([of_first, scores], axis=1)


def _suspects(doubtful: Codes, y: Codes, suggested: Codes, table: Floats) -> list[Suspect]:
    return [
        Suspect(row, int(y[row]), int(suggested[row]), float(table[row, y[row]]), float(table[row, suggested[row]]))
        for row in doubtful.tolist()
    ]
