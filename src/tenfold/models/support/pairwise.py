"""What is found of a duel: which rows tell one class from another, and by which weights."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["LIBSVM", "ONEDAL", "Duel"]

LIBSVM, ONEDAL = "scikit-learn", "scikit-learn-intelex"
"""Through which the libraries that find support vectors are called."""


class Duel(NamedTuple):
    """
    The machine of a pair of classes.

    Parameters
    ----------
    rows : ndarray of int64, shape (s,)
        Support vectors, ascending.
    weights : ndarray of float64, shape (s,)
        Positive of the first class, negative of the other.
    intercept : float
    steps : int
        Of the optimisation.
    library : str
        That found it.
    """

    rows: NDArray[np.int64]
    weights: NDArray[np.float64]
    intercept: float
    steps: int
    library: str
