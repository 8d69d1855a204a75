"""Rows held out to tell when a class has stopped improving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedShuffleSplit

from tenfold.models.linear.epoch import Problem, State

__all__ = ["validation_rows", "validation_score"]

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


def validation_score(X: Any, problem: Problem, state: State, held_out: Rows) -> Callable[[int], float]:
    """Give a function from the code of a class to the weighted accuracy of its detector on the rows held out."""
    part, weights, targets = X[held_out], problem.row_weights[held_out], problem.targets[:, held_out]

    def score(k: int) -> float:
        found = np.asarray(part @ state.W[k]).ravel() + state.intercept[k] > 0
        return float(np.average(found == (targets[k] > 0), weights=weights))

    return score
