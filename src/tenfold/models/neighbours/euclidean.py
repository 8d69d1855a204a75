"""Euclidean neighbours among training rows of any magnitude."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.neighbours.plain_search import PlainSearch, plain_search_pays, plain_work

if TYPE_CHECKING:
    from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["EuclideanSearch", "unit_of"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
_SMALLEST, _LARGEST = 2.0**-300, 2.0**300
"""Between them squares neither overflow nor vanish, nor do those of values 1e60 times smaller or larger."""


def unit_of(X: NDArray[Any]) -> float:
    """
    Return the power of two to divide rows by, so that squares neither overflow nor vanish; mostly 1.

    Examples
    --------
    >>> unit_of(np.array([[3.0], [700.0]]))
    1.0
    >>> unit_of(np.array([[3.0], [1e200]])) == 2.0**664
    True
    """
    if X.dtype != np.float64:
        return 1.0
    largest = max(float(X.max()), -float(X.min()))
    return 1.0 if largest == 0 or _SMALLEST <= largest <= _LARGEST else math.ldexp(0.5, math.frexp(largest)[1])


@dataclass
class _Use:
    """How much NumPy alone has searched, as `plain_work` counts it."""

    plain_work: int = 0


@dataclass(frozen=True, eq=False)
class EuclideanSearch:
    """
    Euclidean neighbours among training rows of any magnitude.

    Parameters
    ----------
    X : ndarray, shape (n, d)
        uint8, float32 or float64, finite.
    plain : bool
        Few queries are searched by NumPy alone, so that the compiled kernels are loaded only where that pays; the
        neighbours are the same.

    Examples
    --------
    >>> EuclideanSearch(np.array([[0.0], [1e300]])).nearest(np.array([[3e299]]), 2)
    (array([[3.e+299, 7.e+299]]), array([[0, 1]]))
    """

    X: NDArray[Any]
    plain: bool = False
    _use: _Use = field(default_factory=_Use, repr=False)

    @cached_property
    def _unit(self) -> float:
        return unit_of(self.X)

    @cached_property
    def squares(self) -> NeighbourSearch:
        """The search by squared distances among the rows divided by the unit."""
        # Only here: its kernels load the compiler.
        from tenfold.models.neighbours.search import NeighbourSearch

        return NeighbourSearch(self._in_units(self.X))

    @cached_property
    def _plain_squares(self) -> PlainSearch:
        return PlainSearch(self._in_units(self.X))

    def nearest(self, Q: NDArray[Any] | None, k: int, n_jobs: int | None = None) -> tuple[Floats, Rows]:
        """
        Find the k nearest rows of each query.

        Parameters
        ----------
        Q : ndarray, shape (m, d), or None
            None for the training rows, none of which is then its own neighbour.
        k : int
        n_jobs : int, optional

        Returns
        -------
        distances : ndarray of float64, shape (m, k)
            Ascending; infinite only where float64 overflows.
        rows : ndarray of int64, shape (m, k)
        """
        if Q is None:
            squares, rows = _without_self(*self.squares.nearest(self.squares.X, k + 1, n_jobs))
        else:
            squares, rows = self._nearest_of(self._in_units(Q), k, n_jobs)
        with np.errstate(over="ignore"):
            distances = np.sqrt(squares) * self._unit
        for i in np.flatnonzero(~np.isfinite(distances).all(axis=1)):
            # The query is so far away that squares overflow even in units.
            distances[i] = _lengths(self.X[rows[i]] - np.float64((self.X if Q is None else Q)[i]))
        return distances, rows

    def _nearest_of(self, Q: NDArray[Any], k: int, n_jobs: int | None) -> tuple[Floats, Rows]:
        if self.plain and plain_search_pays(self.X, len(Q), self._use.plain_work):
            self._use.plain_work += plain_work(self.X, len(Q))
            return self._plain_squares.nearest(Q, k)
        return self.squares.nearest(Q, k, n_jobs)

    def _in_units(self, X: NDArray[Any]) -> NDArray[Any]:
        if self._unit == 1.0:
            return X
        largest = np.finfo(np.float64).max
        with np.errstate(over="ignore"):
            return np.asarray(np.clip(X / self._unit, -largest, largest))


def _lengths(gaps: Floats) -> Floats:
    """Return the Euclidean norm of each line, shape (k, d), relative to its largest value to avoid overflow."""
    largest = np.maximum(np.abs(gaps).max(axis=1), np.finfo(np.float64).tiny)
    with np.errstate(over="ignore", invalid="ignore"):
        lengths = largest * np.sqrt(np.square(gaps / largest[:, None]).sum(axis=1))
    return np.where(np.isfinite(largest), lengths, np.inf)


def _without_self(distances: Floats, rows: Rows) -> tuple[Floats, Rows]:
    """Remove each training row from its own neighbours; of a row with many duplicates the last neighbour."""
    own = rows == np.arange(len(rows))[:, None]
    own[~own.any(axis=1), -1] = True
    shape = (len(rows), rows.shape[1] - 1)
    return distances[~own].reshape(shape), rows[~own].reshape(shape)
