"""Exact neighbours of floats: products in single precision select candidates, differences in float64 decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.differences import (
    MANY,
    nearest_of_all,
    nearest_of_candidates,
    nearest_of_few,
    nearly_all,
    queries_at_once,
)
from tenfold.models.neighbours.nearest import exact_among, keep_nearest
from tenfold.models.threads import map_in_threads
from tenfold.models.tiles import TILE, block_size, blocks_of

__all__ = ["FloatSearch"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class FloatSearch:
    """
    A search among training rows by their copy in single precision, centred and divided by the largest value.

    The error of a rounded product of d terms is at most g|a||b| with g = du / (1 - du), u the unit roundoff (Higham,
    Accuracy and Stability of Numerical Algorithms, 2002, eq. 3.5). Where that does not separate the k nearest
    from the others, all rows are compared by their differences in float64.
    """

    X: NDArray[Any]
    mean: Floats
    scale: float
    centred_rows: NDArray[np.float32]
    norms: NDArray[np.float32]

    @classmethod
    def of(cls, X: NDArray[Any]) -> FloatSearch:
        """Centre and scale training rows, shape (n, d), float32 or float64."""
        # Where these overflow, every row is uncertain.
        with np.errstate(over="ignore", invalid="ignore"):
            mean = X.mean(axis=0, dtype=np.float64)
            scale = max(float((X.max(axis=0) - mean).max()), float((mean - X.min(axis=0)).max())) or 1.0
            centred_rows = _centre(X, mean, scale)
        return cls(
            np.ascontiguousarray(X),
            mean,
            scale,
            centred_rows,
            np.einsum("ij,ij->i", centred_rows, centred_rows, dtype=np.float32),
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
        parts = map_in_threads(threads, lambda block: self._nearest_of(block, k), blocks_of(Q, size))
        distances, rows, uncertain = (np.concatenate(part) for part in zip(*parts, strict=True))
        again = np.flatnonzero(uncertain)
        if len(again):
            distances[again], rows[again] = nearest_of_few(self.X, Q[again], k, threads)
        return distances, rows

    def _nearest_of(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, NDArray[np.bool_]]:
        # A query that overflows in single precision is uncertain, and compared by its differences.
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._of_candidates(block, k)

    def _of_candidates(self, block: NDArray[Any], k: int) -> tuple[Floats, Rows, NDArray[np.bool_]]:
        """Find the nearest among candidates, and mark the queries of which nearer rows may have been left out."""
        more = min(k + max(8, k // 2), len(self.X))
        queries = _centre(block, self.mean, self.scale)
        if k > MANY:
            farthest, candidates = self._partitioned(queries, more)
            distances, rows = nearest_of_candidates(self.X, block, candidates, k)
        else:
            products, rows = self._smallest_products(queries, more)
            distances, farthest = np.empty(rows.shape), products[:, -1]
            exact_among(self.X, block, rows, distances)
        uncertain = self._uncertain(queries, farthest, distances[:, k - 1], more)
        return distances[:, :k], rows[:, :k], uncertain

    def _partitioned(self, queries: NDArray[np.float32], more: int) -> tuple[NDArray[np.float32], Rows]:
        """Return the largest rounded distance of the candidates, and their rows, unsorted."""
        distances = np.empty((len(queries), len(self.X)), np.float32)
        for first in range(0, len(self.X), TILE):
            tile = slice(first, first + TILE)
            distances[:, tile] = self.norms[tile] - 2 * (queries @ self.centred_rows[tile].T)
        candidates = np.argpartition(distances, more - 1, axis=1)[:, :more]
        return np.take_along_axis(distances, candidates, axis=1).max(axis=1), candidates

    def _smallest_products(self, queries: NDArray[np.float32], more: int) -> tuple[NDArray[np.float32], Rows]:
        nearest = np.full((len(queries), more), np.inf, np.float32)
        rows = np.zeros((len(queries), more), np.int64)
        buffer = np.empty((len(queries), min(TILE, len(self.X))), np.float32)
        for first in range(0, len(self.X), TILE):
            tile = self.centred_rows[first : first + TILE]
            products = buffer if len(tile) == buffer.shape[1] else np.empty((len(queries), len(tile)), np.float32)
            np.matmul(queries, tile.T, out=products)
            keep_nearest(products, self.norms[first : first + TILE], first, nearest, rows)
        return nearest, rows

    def _uncertain(
        self, queries: NDArray[np.float32], farthest: NDArray[np.float32], kth: Floats, more: int
    ) -> NDArray[np.bool_]:
        """Return for each query whether a row that was left out may be nearer than the k-th."""
        if more == len(self.X):
            return ~np.isfinite(farthest)
        own = np.einsum("ij,ij->i", queries, queries, dtype=np.float64)
        # Rows longer than the query by more than `apart` are farther than that, however they are rounded.
        length, distance = np.sqrt(own), np.sqrt(np.maximum(farthest + own, 0))
        size = length + np.minimum(np.sqrt(float(self.norms.max())), length + distance)
        terms = (queries.shape[1] + 4) * float(np.finfo(np.float32).eps) / 2
        error = 4 * terms / (1 - terms) * size**2
        return np.asarray(~np.isfinite(farthest) | ~(farthest + own - error > kth / self.scale / self.scale))


def _centre(X: NDArray[Any], mean: Floats, scale: float) -> NDArray[np.float32]:
    """Return rows centred and scaled, float32; block by block, to save the memory of all in double precision."""
    centred_rows = np.empty(X.shape, np.float32)
    for first in range(0, len(X), TILE):
        centred_rows[first : first + TILE] = (X[first : first + TILE] - mean) / scale
    return centred_rows
