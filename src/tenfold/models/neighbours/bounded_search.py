"""Exact neighbours with few comparisons: only rows that lower bounds do not prune are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.differences import MANY, approximate_dtype
from tenfold.models.neighbours.lower_bounds import LowerBounds
from tenfold.models.neighbours.nearest import QueryBounds, farthest_among, keep_nearest_in_bounds
from tenfold.models.threads import map_in_threads
from tenfold.models.tiles import TILE, blocks_of, stack_results

__all__ = ["BoundedSearch", "pruning_pays"]

_BLOCK, _SMALLEST_BLOCK = 1024, 128
_PAIRS = 1 << 29
"""Pairs of a block at most: an interrupt waits for the block in hand, half a second of these."""
_PROBES = 32
_FEWEST_QUERIES = 1024
_QUERIES, _PAIRS_MORE = 2_300, 100_000_000
_QUERIES_OF_FLOATS, _PAIRS_MORE_OF_FLOATS = 300, 11_000_000
"""
The cost of making lower bounds, as a number of queries and of pairs on top; measured with 8,192 to 60,000 rows of 784
values, 1,100 to 10,000 queries.
"""
_MOST_COMPARED, _MOST_FLOATS_COMPARED = 1 / 25, 1 / 8
"""
Share of the rows whose comparison one by one takes as long as the products of all. Measured on 60,000 rows of 784
values, in nanoseconds a pair and core: products 3.6 of bytes and 16 of floats; bounds 1.3, a comparison 60 and 110.
"""
_SINGLE_STEPS = 1e-10, 1e10
"""Steps whose squares neither vanish nor overflow in single precision, nor do those of closer and farther rows."""


def pruning_pays(X: NDArray[Any], queries: int, k: int, before: int = 0) -> bool:
    """
    Return whether pruning may pay, by the sizes: many queries of many rows of many values.

    Parameters
    ----------
    X : ndarray, shape (n, d)
    queries : int
        Number of queries of a search.
    k : int
        Number of neighbours.
    before : int
        Number of queries of earlier searches, after which more are to be expected.

    Examples
    --------
    >>> X = np.zeros((60_000, 784), np.uint8)
    >>> pruning_pays(X, queries=10_000, k=5)
    True
    >>> pruning_pays(X, queries=2_000, k=5), pruning_pays(X, queries=2_000, k=5, before=2_000)
    (False, True)
    """
    if X.dtype == np.uint8:
        widest_without, least, more = 384, _QUERIES, _PAIRS_MORE
    else:
        widest_without, least, more = 128, _QUERIES_OF_FLOATS, _PAIRS_MORE_OF_FLOATS
    large = len(X) >= 4 * TILE and X.shape[1] >= widest_without and k <= MANY
    return large and queries >= _FEWEST_QUERIES and queries + before >= least + more / len(X)


@dataclass(frozen=True, eq=False)
class BoundedSearch:
    """
    A search among training rows with lower bounds.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        uint8, float32 or float64.
    bounds : LowerBounds
        Of X.
    """

    X: NDArray[Any]
    bounds: LowerBounds

    def pays(self, Q: NDArray[Any], k: int) -> bool:
        """Return whether pruning leaves few enough rows to compare, by a sample of the queries."""
        sample = np.ascontiguousarray(Q[:: max(1, len(Q) // _PROBES)][:_PROBES])
        most = _MOST_COMPARED if self.X.dtype == np.uint8 else _MOST_FLOATS_COMPARED
        return self._nearest_of(sample, k)[2] <= most * len(sample) * len(self.X)

    def nearest(self, Q: NDArray[Any], k: int, threads: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """
        Find the k nearest rows of queries, shape (m, d).

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending; from the differences in float64. Infinite where the k-th overflows.
        rows : ndarray of int64, shape (m, k)
        """
        size = min(_BLOCK, -(-len(Q) // threads), max(_SMALLEST_BLOCK, _PAIRS // len(self.X)))
        results = map_in_threads(threads, lambda block: self._nearest_of(block, k), blocks_of(Q, size))
        return stack_results((distances, rows) for distances, rows, _ in results)

    def _nearest_of(self, block: NDArray[Any], k: int) -> tuple[NDArray[np.float64], NDArray[np.int64], int]:
        bounds, sketches = self.bounds, self.bounds.sketches(block)
        norms = np.einsum("ij,ij->i", sketches.values, sketches.values, dtype=np.float64)
        narrowest = np.float32 if _SINGLE_STEPS[0] < bounds.step < _SINGLE_STEPS[1] else np.float64
        like, error = approximate_dtype(self.X, block, narrowest)
        farthest = farthest_among(self.X, block, bounds.cells.nearby(sketches.values, k), like, error)
        query_bounds = QueryBounds(norms, bounds.step, sketches.error + bounds.error, farthest)
        distances, rows = np.full((len(block), k), np.inf), np.zeros((len(block), k), np.int64)
        n_compared = 0
        for tile, products in bounds.packed.products(sketches.values):
            X = self.X[tile.first : tile.first + tile.width]
            n_compared += keep_nearest_in_bounds(
                products, tile.norms, query_bounds, X, block, tile.first, like, error, distances, rows
            )
        return distances, rows, n_compared
