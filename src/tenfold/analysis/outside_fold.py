"""What a classifier could have seen of an instance: the nearest ones among the rows outside its fold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Neighbours", "nearest_outside_fold"]

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """
    The nearest instances of some others.

    Parameters
    ----------
    positions : ndarray of int64, shape (m, k)
        The nearest first; -1 where there are fewer than k.
    distances : ndarray of float64, shape (m, k)
        Euclidean; infinite where there is no neighbour.
    """

    positions: Codes
    distances: Floats


def nearest_outside_fold(space: NDArray[np.floating], fold: NDArray[np.integer], asked: Codes, k: int) -> Neighbours:
    """
    Find the nearest rows that the model which judged an instance was trained on, exactly.

    Parameters
    ----------
    space : ndarray of float, shape (n, d)
        Such as `tenfold.analysis.values.values_of` gives.
    fold : ndarray of int, shape (n,)
        The fold that judged each row; the rows of the same fold are no neighbours.
    asked : ndarray of int64, shape (m,)
        Positions whose neighbours are wanted.
    k : int

    Returns
    -------
    Neighbours

    Examples
    --------
    >>> space = np.array([[0.0], [1.0], [5.0], [0.4]])
    >>> nearest_outside_fold(space, np.array([0, 1, 1, 0]), np.array([0]), 2).positions.tolist()
    [[1, 2]]
    """
    # Only here: whoever looks for no neighbours need not load the compiler of the kernels.
    from tenfold.models.neighbours import NeighbourSearch

    positions = np.full((len(asked), k), -1, np.int64)
    distances = np.full((len(asked), k), np.inf)
    for one in np.unique(fold[asked]):
        outside, inside = np.flatnonzero(fold != one), np.flatnonzero(fold[asked] == one)
        reached = min(k, len(outside))
        # Rows without a column to compare lie nowhere.
        if reached and space.shape[1]:
            squared, found = NeighbourSearch(space[outside]).nearest(space[asked[inside]], reached)
            positions[inside, :reached], distances[inside, :reached] = outside[found], np.sqrt(squared)
    return Neighbours(positions, distances)
