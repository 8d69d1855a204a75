"""The k nearest rows, exactly: the one search that everything about neighbours goes through."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.bounded import BoundedSearch, worth_outlining
from tenfold.models.neighbours.bounds import LowerBounds
from tenfold.models.neighbours.few import FEW, nearest_of_few
from tenfold.models.neighbours.kd_tree import KDTree, worth_a_tree
from tenfold.models.neighbours.real import RealNumbers
from tenfold.models.neighbours.whole import WholeNumbers, as_bytes
from tenfold.models.threads import allowed_threads

__all__ = ["FoundNeighbours", "NeighbourSearch"]

Found = tuple[NDArray[np.float64], NDArray[np.int64]]


@dataclass
class _Past:
    """What searches so far tell the next: how many queries they had, and from which k on a tree did not pay."""

    queries: int = 0
    no_tree_from: float = np.inf


@dataclass(frozen=True, eq=False)
class NeighbourSearch:
    """
    Exact Euclidean neighbours among training rows, without a matrix of all distances.

    Of rows at equal distance the one that comes first in X is nearer. Which way is taken, through a tree, by outlines
    or by the products of all, depends on the data and on how much is asked; the answers do not.

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
    _past: _Past = field(default_factory=_Past, init=False, repr=False)

    @cached_property
    def _whole(self) -> WholeNumbers | None:
        return WholeNumbers.of(self.X)

    @cached_property
    def _floats(self) -> NDArray[Any]:
        return np.ascontiguousarray(_as_floats(self.X))

    @cached_property
    def _real(self) -> RealNumbers:
        return RealNumbers.of(self._floats)

    @cached_property
    def _rows(self) -> NDArray[Any]:
        """The rows as most queries are compared with them: bytes where they fit."""
        return self._floats if self._whole is None else self._whole.rows

    @cached_property
    def _bounded(self) -> BoundedSearch | None:
        bounds = LowerBounds.of(self._rows, allowed_threads(None))
        return None if bounds is None else BoundedSearch(self._rows, bounds)

    @cached_property
    def _tree(self) -> KDTree:
        return KDTree.of(self._rows, allowed_threads(None))

    def prepare(self) -> NeighbourSearch:
        """Pack the rows now rather than at the first search."""
        _ = self._real if self._whole is None else self._whole.packed
        return self

    def nearest(self, Q: NDArray[Any], k: int, n_jobs: int | None = None) -> Found:
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
            Squared, ascending. Whole numbers that span a byte: exact. Others: from the differences, in float64.
        rows : ndarray of int64, shape (m, k)
        """
        if not len(Q):
            return np.empty((0, k)), np.empty((0, k), np.int64)
        threads, whole = allowed_threads(n_jobs), self._whole
        small = None if whole is None else as_bytes(Q, whole.lowest)
        if whole is not None and small is not None:
            if self._is_quick(small, ready="packed" in vars(whole)):
                return nearest_of_few(whole.rows, small, k, threads)
            return self._ruling_out(small, k, threads) or whole.nearest(small, k, threads)
        quick = self._is_quick(Q, ready="_real" in vars(self))
        if quick and self.X.dtype == Q.dtype == np.int16:
            return nearest_of_few(self.X, Q, k, threads)
        Q = _as_floats(Q)
        if quick:
            return nearest_of_few(self._floats, Q, k, threads)
        return (self._ruling_out(Q, k, threads) if whole is None else None) or self._real.nearest(Q, k, threads)

    def _is_quick(self, Q: NDArray[Any], *, ready: bool) -> bool:
        """Tell whether there are too few queries to make anything of the rows first."""
        return len(Q) <= FEW and not ready and "_tree" not in vars(self)

    def _ruling_out(self, Q: NDArray[Any], k: int, threads: int) -> Found | None:
        """Search without comparing all rows; None where that does not pay. The queries are kept as the rows are."""
        before = self._past.queries
        self._past.queries += len(Q)
        if k < self._past.no_tree_from and worth_a_tree(self._rows, self._past.queries, k):
            if self._tree.pays(Q, k):
                return self._tree.nearest(Q, k, threads)
            self._past.no_tree_from = k
        if not worth_outlining(self._rows, len(Q), k, before):
            return None
        if self._bounded is None or not self._bounded.pays(Q, k):
            return None
        distances, found = self._bounded.nearest(Q, k, threads)
        # A distance that overflows rules nothing out.
        return (distances, found) if np.isfinite(distances).all() else None


def _as_floats(X: NDArray[Any]) -> NDArray[Any]:
    """Give real numbers; of 16 bits those of single precision, which holds them exactly."""
    return X if X.dtype.kind == "f" else X.astype(np.result_type(X, np.float32))


@dataclass(frozen=True, eq=False)
class FoundNeighbours:
    """
    The result of a search already made: it stands where the search would, for the same queries.

    Parameters
    ----------
    distances : ndarray of float64, shape (m, k)
        Ascending.
    rows : ndarray of int64, shape (m, k)
    """

    distances: NDArray[np.float64]
    rows: NDArray[np.int64]

    def nearest(self, Q: Any, k: int, n_jobs: int | None = None) -> Found:
        """
        Give the k nearest rows of each query, as the search would.

        Raises
        ------
        ValueError
            More neighbours than were found, or other queries.
        """
        m, known = self.rows.shape
        if Q is None or Q.shape[0] != m or k > known:
            raise ValueError(
                f"{known} neighbours of {m} rows were found, {k} of {'all' if Q is None else Q.shape[0]} are asked for"
            )
        return self.distances[:, :k], self.rows[:, :k]
