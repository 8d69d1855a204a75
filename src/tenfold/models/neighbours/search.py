"""Exact Euclidean neighbours: the search that chooses among all the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.bounded_search import BoundedSearch, pruning_pays
from tenfold.models.neighbours.byte_search import ByteSearch, as_bytes
from tenfold.models.neighbours.differences import FEW, nearest_of_few
from tenfold.models.neighbours.float_search import FloatSearch
from tenfold.models.neighbours.kd_tree import KDTree, tree_pays
from tenfold.models.neighbours.lower_bounds import LowerBounds
from tenfold.models.threads import allowed_threads

__all__ = ["NeighbourSearch"]

Nearest = tuple[NDArray[np.float64], NDArray[np.int64]]


@dataclass
class _History:
    """The number of queries so far, and the k from which on a tree did not pay."""

    queries: int = 0
    k_without_tree: float = np.inf


@dataclass(frozen=True, eq=False)
class NeighbourSearch:
    """
    Exact Euclidean neighbours among training rows, without a matrix of all distances.

    Of rows at equal distance the first in X is nearer. Whether a search uses a tree, lower bounds or the products of
    all rows depends on the data and the number of queries; the result does not.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        uint8, int16, float32 or float64, finite.

    Examples
    --------
    >>> distances, rows = NeighbourSearch(np.array([[0.0], [1.0], [5.0]])).nearest(np.array([[1.2]]), k=2)
    >>> rows.tolist(), distances.round(2).tolist()
    ([[1, 0]], [[0.04, 1.44]])
    """

    X: NDArray[Any]
    _history: _History = field(default_factory=_History, init=False, repr=False)

    @cached_property
    def _byte_search(self) -> ByteSearch | None:
        return ByteSearch.of(self.X)

    @cached_property
    def _floats(self) -> NDArray[Any]:
        return np.ascontiguousarray(_as_floats(self.X))

    @cached_property
    def _float_search(self) -> FloatSearch:
        return FloatSearch.of(self._floats)

    @cached_property
    def _rows(self) -> NDArray[Any]:
        """The rows as they are compared: bytes where they fit, else floats."""
        return self._floats if self._byte_search is None else self._byte_search.rows

    @cached_property
    def _bounded_search(self) -> BoundedSearch | None:
        bounds = LowerBounds.of(self._rows, allowed_threads(None))
        return None if bounds is None else BoundedSearch(self._rows, bounds)

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree.of(self._rows, allowed_threads(None))

    def prepare(self) -> NeighbourSearch:
        """Pack the rows now rather than at the first search; return self."""
        _ = self._float_search if self._byte_search is None else self._byte_search.packed
        return self

    def nearest(self, Q: NDArray[Any], k: int, n_jobs: int | None = None) -> Nearest:
        """
        Find the k nearest rows of each query.

        Parameters
        ----------
        Q : ndarray, shape (m, d)
        k : int
            At most n.
        n_jobs : int, optional
            Threads; by default as many as the linear algebra libraries may use.

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Squared, ascending; exact for integers that span one byte, else from the differences in float64.
        rows : ndarray of int64, shape (m, k)
        """
        if not len(Q):
            return np.empty((0, k)), np.empty((0, k), np.int64)
        threads, byte_search = allowed_threads(n_jobs), self._byte_search
        codes = None if byte_search is None else as_bytes(Q, byte_search.lowest)
        if byte_search is not None and codes is not None:
            if self._compares_directly(codes, ready="packed" in vars(byte_search)):
                return nearest_of_few(byte_search.rows, codes, k, threads)
            return self._by_pruning(codes, k, threads) or byte_search.nearest(codes, k, threads)
        directly = self._compares_directly(Q, ready="_float_search" in vars(self))
        if directly and self.X.dtype == Q.dtype == np.int16:
            return nearest_of_few(self.X, Q, k, threads)
        Q = _as_floats(Q)
        if directly:
            return nearest_of_few(self._floats, Q, k, threads)
        nearest = self._by_pruning(Q, k, threads) if byte_search is None else None
        return nearest or self._float_search.nearest(Q, k, threads)

    def _compares_directly(self, Q: NDArray[Any], *, ready: bool) -> bool:
        """Return whether there are too few queries to pack the rows first."""
        return len(Q) <= FEW and not ready and "_tree" not in vars(self)

    def _by_pruning(self, Q: NDArray[Any], k: int, threads: int) -> Nearest | None:
        """Search with a tree or lower bounds; None where neither pays. Q has the dtype of the rows."""
        before = self._history.queries
        self._history.queries += len(Q)
        if k < self._history.k_without_tree and tree_pays(self._rows, self._history.queries, k):
            if self._tree.pays(Q, k):
                return self._tree.nearest(Q, k, threads)
            self._history.k_without_tree = k
        if not pruning_pays(self._rows, len(Q), k, before):
            return None
        if self._bounded_search is None or not self._bounded_search.pays(Q, k):
            return None
        distances, rows = self._bounded_search.nearest(Q, k, threads)
        # A distance that overflows prunes nothing.
        return (distances, rows) if np.isfinite(distances).all() else None


def _as_floats(X: NDArray[Any]) -> NDArray[Any]:
    """Convert to floats: of 16 bits to single precision, which holds them exactly."""
    return X if X.dtype.kind == "f" else X.astype(np.result_type(X, np.float32))
