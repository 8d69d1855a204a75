"""Rows held out to tell when a class has stopped improving."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedShuffleSplit

from tenfold.models.linear.epoch import Problem

__all__ = ["Validation", "validation_rows"]

Rows = NDArray[np.int64]


def validation_rows(y: NDArray[Any], weights: NDArray[np.float64], model: Any) -> tuple[Rows, Rows]:
    """
    Split rows into those to learn from and those held out; none is held out without ``early_stopping``.

    Raises
    ------
    ValueError
        All rows held out weigh nothing, or the split cannot be made.
    """
    if not model.early_stopping:
        return np.arange(len(y)), np.empty(0, np.int64)
    splitter = StratifiedShuffleSplit(1, test_size=model.validation_fraction, random_state=model.random_state)
    train, held_out = next(splitter.split(np.zeros((len(y), 1)), y))
    if not weights[held_out].any():
        raise ValueError("The sample weights for validation set are all zero, consider using a different random state.")
    return np.sort(train), np.sort(held_out)


@dataclass(frozen=True, eq=False)
class Validation:
    """
    Rows held out.

    Parameters
    ----------
    X : array or CSR matrix of shape (m, d)
    weights : ndarray of float64, shape (m,)
    labels : ndarray of int64, shape (m,)
        Codes of the rows' classes.
    classes : ndarray of int64, shape (k,)
        Codes of the classes that are told from the rest.
    """

    X: Any
    weights: NDArray[np.float64]
    labels: NDArray[np.int64]
    classes: NDArray[np.int64]

    @classmethod
    def of(cls, X: Any, problem: Problem, held_out: Rows) -> Validation:
        """Take the rows held out of all rows."""
        return cls(X[held_out], problem.row_weights[held_out], problem.labels[held_out], problem.classes)

    def score(self, k: int, w: NDArray[Any], intercept: float) -> float:
        """Give the weighted accuracy of the detector of class k with these weights, shape (d,)."""
        found = np.asarray(self.X @ w).ravel() + intercept > 0
        return float(np.average(found == (self.labels == self.classes[k]), weights=self.weights))
