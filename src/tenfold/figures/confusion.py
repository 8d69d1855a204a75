"""Confusion matrices, and every figure that is a function of their margins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Margins", "accuracy", "confusion_matrix", "f1", "mcc", "precision", "recall", "specificity"]

Floats = NDArray[np.float64]
Formula = Callable[[Floats, Floats, Floats, Floats], Floats]


def confusion_matrix(
    y: NDArray[np.int64], predicted: NDArray[np.int64], k: int, weight: Floats | None = None
) -> NDArray[Any]:
    """
    Count rows by what they are and what they were called.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n,)
        Class codes in ``[0, k)``.
    k : int
        Number of classes.
    weight : ndarray of float64, shape (n,), optional
        Added up instead of counting rows.

    Returns
    -------
    ndarray of int64 (float64 with weights), shape (k, k)
        Rows actual, columns predicted.

    Examples
    --------
    >>> confusion_matrix(np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    array([[1, 0],
           [1, 1]])
    """
    flat = np.bincount(y * k + predicted, weights=weight, minlength=k * k)
    matrix: NDArray[Any] = flat.reshape(k, k)
    return matrix


@dataclass(frozen=True)
class Margins:
    """
    What the usual figures need of a confusion matrix, or of a batch of them.

    Parameters
    ----------
    hits, actual, called : ndarray of float64, shape (..., k)
        Diagonal, row sums and column sums.

    Examples
    --------
    >>> margins = Margins.of(np.array([[3, 1], [2, 4]]))
    >>> margins.each(recall).round(2).tolist()
    [0.75, 0.67]
    """

    hits: Floats
    actual: Floats
    called: Floats

    @classmethod
    def of(cls, matrix: NDArray[Any]) -> Margins:
        """Take the margins of matrices of shape (..., k, k)."""
        diagonal = np.diagonal(matrix, axis1=-2, axis2=-1)
        return cls(*(np.asarray(part, dtype=np.float64) for part in (diagonal, matrix.sum(-1), matrix.sum(-2))))

    @property
    def total(self) -> Floats:
        """All rows, shape (...)."""
        total: Floats = np.asarray(self.actual.sum(-1))
        return total

    def each(self, formula: Formula) -> Floats:
        """Apply a formula to every class: shape (..., k)."""
        return formula(self.hits, self.actual, self.called, self.total[..., None])

    def one(self, formula: Formula, c: int) -> Floats:
        """Apply a formula to one class: shape (...)."""
        return formula(self.hits[..., c], self.actual[..., c], self.called[..., c], self.total)


def share(part: Floats, whole: Floats) -> Floats:
    """Divide, with NaN (undefined) where the whole is empty."""
    part, whole = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    shares: Floats = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return shares


def recall(hits: Floats, actual: Floats, called: Floats, total: Floats) -> Floats:
    """Share of the rows of a class that were called so; undefined without such rows."""
    return share(hits, actual)


def precision(hits: Floats, actual: Floats, called: Floats, total: Floats) -> Floats:
    """Share of the rows called so that are of the class; undefined where no row was called so."""
    return share(hits, called)


def specificity(hits: Floats, actual: Floats, called: Floats, total: Floats) -> Floats:
    """Share of the rows of other classes that were not called so; undefined without such rows."""
    return share(total - actual - called + hits, total - actual)


def f1(hits: Floats, actual: Floats, called: Floats, total: Floats) -> Floats:
    """2 TP / (2 TP + FP + FN): 0 for a class never called but present, undefined only if neither."""
    return share(2 * hits, actual + called)


def accuracy(margins: Margins) -> Floats:
    """Share of all rows that were called what they are, shape (...)."""
    return share(margins.hits.sum(-1), margins.total)


def mcc(margins: Margins) -> Floats:
    """
    Matthews' correlation for k classes, shape (...); undefined with all rows of, or called, one class.

    Gorodkin (2004), Computational Biology and Chemistry 28:367, eq. 8.
    """
    total = margins.total
    covariance = margins.hits.sum(-1) * total - (margins.actual * margins.called).sum(-1)
    spread_actual = total**2 - (margins.actual**2).sum(-1)
    spread_called = total**2 - (margins.called**2).sum(-1)
    # Rounding of weights must not reach the root from below zero.
    return share(covariance, np.sqrt(np.maximum(spread_actual, 0) * np.maximum(spread_called, 0)))
