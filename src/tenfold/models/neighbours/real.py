"""Exact neighbours of real numbers: rounded products choose more candidates than asked, differences decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.few import nearest_of_few
from tenfold.models.neighbours.many import MANY, nearest_of_all, nearest_of_candidates, nearly_all, queries_at_once
from tenfold.models.neighbours.nearest import exact_among, keep_nearest
from tenfold.models.threads import spread_over
from tenfold.models.tiles import TILE, block_size, blocks_of

__all__ = ["RealNumbers"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class RealNumbers:
    """
    Training rows, and the same in single precision, less their mean and divided by their greatest value.

    The error of a rounded product of d terms is at most g|a||b| with g = du / (1 - du), u the unit roundoff (Higham,
    Accuracy and Stability of Numerical Algorithms, 2002, eq. 3.5). Where that cannot tell the k nearest from the
    next, all rows are compared by their differences in float64.
    """

    X: NDArray[Any]
    mean: Floats
    scale: float
    centred: NDArray[np.float32]
    norms: NDArray[np.float32]

    @classmethod
    def of(cls, X: NDArray[Any]) -> RealNumbers:
        """Centre training rows, shape (n, d), float32 or float64."""
        # What overflows leaves every row uncertain.
        with np.errstate(over="ignore", invalid="ignore"):
            mean = X.mean(axis=0, dtype=np.float64)
            scale = max(float((X.max(axis=0) - mean).max()), float((mean - X.min(axis=0)).max())) or 1.0
            centred = _centred(X, mean, scale)
        return cls(
            np.ascontiguousarray(X), mean, scale, centred, np.einsum("ij,ij->i", centred, centred, dtype=np.float32)
        )

    def nearest(self, Q: NDArray[Any], k: int, threads: int) -> tuple[Floats, Rows]:
        """
        Find the k nearest rows of queries, shape (m, d).

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending; computed from the differences in float64.
        rows : ndarray of int64, shape (m, k)
        """
        if nearly_all(len(self.X), k):
            return nearest_of_all(self.X, Q, k, threads)
        size = block_size(*self.X.shape)
        size = queries_at_once(len(self.X), 1, size) if k > MANY else size
        parts = spread_over(threads, lambda block: self._nearest_of(block, k), blocks_of(Q, size))
        distances, rows, uncertain = (np.concatenate(part) for part in zip(*parts, strict=True))
        again = np.flatnonzero(uncertain)
        if len(again):
            distances[again], rows[again] = nearest_of_few(self.X, Q[again], k, threads)
        return distances, rows

    def _nearest_of(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, NDArray[np.bool_]]:
        # What overflows in single precision is uncertain, and compared by its differences.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._of_candidates(block, k)

    def _of_candidates(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, NDArray[np.bool_]]:
        """Find the nearest among candidates, and tell of which queries nearer rows may have been left out."""
        more = min(k + max(8, k // 2), len(self.X))
        centred = _centred(block, self.mean, self.scale)
        if k > MANY:
            farthest, candidates = self._selected(centred, more)
            distances, rows = nearest_of_candidates(self.X, block, candidates, k)
        else:
            rounded, rows = self._rounded(centred, more)
            distances, farthest = np.empty(rows.shape), rounded[:, -1]
            exact_among(self.X, block, rows, distances)
        uncertain = self._uncertain(centred, farthest, distances[:, k - 1], more)
        return distances[:, :k], rows[:, :k], uncertain

    def _selected(self, centred: NDArray[np.float32], more: int) -> tuple[NDArray[np.float32], Rows]:
        """Give the farthest rounded distance of the candidates, in no order, and their rows."""
        distances = np.empty((len(centred), len(self.X)), np.float32)
        for first in range(0, len(self.X), TILE):
            tile = slice(first, first + TILE)
            distances[:, tile] = self.norms[tile] - 2 * (centred @ self.centred[tile].T)
        candidates = np.argpartition(distances, more - 1, axis=1)[:, :more]
        return np.take_along_axis(distances, candidates, axis=1).max(axis=1), candidates

    def _rounded(self, centred: NDArray[np.float32], more: int) -> tuple[NDArray[np.float32], Rows]:
        nearest = np.full((len(centred), more), np.inf, np.float32)
        rows = np.zeros((len(centred), more), np.int64)
        room = np.empty((len(centred), min(TILE, len(self.X))), np.float32)
        for first in range(0, len(self.X), TILE):
            tile = self.centred[first : first + TILE]
            products = room if len(tile) == room.shape[1] else np.empty((len(centred), len(tile)), np.float32)
            np.matmul(centred, tile.T, out=products)
            keep_nearest(products, self.norms[first : first + TILE], first, nearest, rows)
        return nearest, rows

    def _uncertain(
        self, centred: NDArray[np.float32], farthest: NDArray[np.float32], kth: Floats, more: int
    ) -> NDArray[np.bool_]:
        """Tell for each query whether a row that was left out may be nearer than the k-th kept."""
        if more == len(self.X):
            return ~np.isfinite(farthest)
        own = np.einsum("ij,ij->i", centred, centred, dtype=np.float64)
        # Rows longer than the query by more than `apart` are farther than that, however they are rounded.
        length, apart = np.sqrt(own), np.sqrt(np.maximum(farthest + own, 0))
        size = length + np.minimum(np.sqrt(float(self.norms.max())), length + apart)
        terms = (centred.shape[1] + 4) * float(np.finfo(np.float32).eps) / 2
        error = 4 * terms / (1 - terms) * size**2
        return np.asarray(~np.isfinite(farthest) | ~(farthest + own - error > kth / self.scale / self.scale))


def _centred(X: NDArray[Any], mean: Floats, scale: float) -> NDArray[np.float32]:
    """Block by block: what stands between in double precision never takes the memory of all rows."""
    centred = np.empty(X.shape, np.float32)
    for first in range(0, len(X), TILE):
        centred[first : first + TILE] = (X[first : first + TILE] - mean) / scale
    return centred
