"""The nearest training rows of rows held out, as a candidate of neighbours found them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

__all__ = ["NearestRows", "gathered_nearest", "nearest_seen"]


@dataclass(frozen=True, eq=False)
class NearestRows:
    """
    What was nearest to each row, among the rows outside its fold.

    Parameters
    ----------
    rows : ndarray of int32, shape (m, k)
        Training positions, the nearest first.
    distances : ndarray of float32, shape (m, k)
        Euclidean, between rows as the candidate prepares them; where it learnt from copies, to the nearest of them.
    """

    rows: NDArray[np.int32]
    distances: NDArray[np.float32]


def nearest_seen(voting: Pipeline, values: Any, learn: NDArray[np.int64], copies: int = 1) -> NearestRows | None:
    """
    Give the neighbours that a model has found already; None for a model of another kind.

    Parameters
    ----------
    voting : Pipeline
        As `tenfold.candidates.scores.search_once` gives it.
    values : ndarray of shape (m, d)
        The rows it has found the neighbours of.
    learn : ndarray of int64
        Training positions of the rows it was fitted on.
    copies : int
        How often each position stands in `learn`; a neighbour is named once, at the distance of its nearest copy.
    """
    # Only here: whoever reads what was found need not load scikit-learn.
    from tenfold.candidates.scores import finds_neighbours, reach

    model = voting.steps[-1][1]
    if not finds_neighbours(model):
        return None
    distances, rows = model.kneighbors(values, reach(model, model.n_neighbors, copies))
    named = learn[rows]
    if copies > 1:
        first = _first_of_each(named, min(model.n_neighbors, len(learn) // copies))
        named, distances = np.take_along_axis(named, first, 1), np.take_along_axis(distances, first, 1)
    return NearestRows(named.astype(np.int32), distances.astype(np.float32))


def _first_of_each(named: NDArray[np.int64], k: int) -> NDArray[np.int64]:
    """
    Places of the first k different names of each line, in their order.

    Examples
    --------
    >>> _first_of_each(np.array([[7, 7, 3, 7, 9]]), 3).tolist()
    [[0, 2, 4]]
    """
    order = np.argsort(named, axis=1, kind="stable")
    ordered = np.take_along_axis(named, order, 1)
    again = np.zeros(named.shape, bool)
    np.put_along_axis(again, order[:, 1:], ordered[:, 1:] == ordered[:, :-1], 1)
    return np.argsort(again, axis=1, kind="stable")[:, :k]


def gathered_nearest(n: int, parts: Sequence[tuple[NDArray[np.int64], NearestRows | None]]) -> NearestRows | None:
    """
    Put the neighbours of the folds where their rows belong.

    Parameters
    ----------
    n : int
        Training rows.
    parts : sequence of (positions, NearestRows or None)
        One a fold.

    Returns
    -------
    NearestRows or None
        Of shape (n, k) with the least k of the folds; None where a fold has none.
    """
    known = [(positions, nearest) for positions, nearest in parts if nearest is not None]
    if not known or len(known) < len(parts):
        return None
    k = min(nearest.rows.shape[1] for _, nearest in known)
    whole = NearestRows(np.zeros((n, k), np.int32), np.zeros((n, k), np.float32))
    for positions, nearest in known:
        whole.rows[positions], whole.distances[positions] = nearest.rows[:, :k], nearest.distances[:, :k]
    return whole
