"""Sums of Gaussian kernels with many rows: by exact products of bytes where all rows lie on one grid, else rounded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from tenfold.models.grid import codes_on, shared_grid
from tenfold.models.threads import spread_over
from tenfold.models.tiles import WIDEST, PackedBytes, blocks_of

__all__ = ["kernel_sums"]

Floats = NDArray[np.float64]

_WIDTH = 512
"""Rows of a tile: its kernel values with a block of questions stay in cache from their products to their sums."""
_WORTH = 1 << 18
"""Values from which it pays to look for a grid."""
_ROUNDINGS = 4
"""Each of a unit in the last place at most, between a number of steps and the value that is read."""

Products = Iterator[tuple[slice, NDArray[Any], NDArray[Any]]]
"""Of some rows with a block of questions, tile by tile: which rows, their squared norms, the products (m, width)."""


def kernel_sums(X: NDArray[Any], rows: NDArray[Any], gamma: float, weights: Floats, threads: int) -> Floats:
    """
    Give ``sum over s of exp(-gamma * |X[i] - rows[s]|²) * weights[s, p]``, shape (m, p).

    Values that are whole numbers of steps between 0 and 255, as pixels are, are multiplied as such, without rounding.

    Parameters
    ----------
    X : ndarray of float32 or float64, shape (m, d)
    rows : ndarray of float32 or float64, shape (s, d)
    gamma : float
    weights : ndarray of float64, shape (s, p)
    threads : int
        The sums do not depend on them.

    Examples
    --------
    >>> kernel_sums(np.array([[1.0]]), np.array([[1.0], [3.0]]), 0.5, np.array([[2.0], [1.0]]), threads=1).round(3)
    array([[2.135]])
    """
    asked, products, step = _of_bytes(X, rows) or _of_doubles(X, rows)
    work = partial(_sums, products, gamma * step * step, weights)
    # Products of real numbers are rounded otherwise by several threads than by one, even in this one.
    with threadpool_limits(1, user_api="blas"):
        return np.concatenate(spread_over(threads, work, blocks_of(asked)))


def _of_bytes(X: NDArray[Any], rows: NDArray[Any]) -> tuple[NDArray[np.uint8], Callable[..., Products], float] | None:
    """Give X as bytes, who multiplies them, and the step that they count; None where not all lie on one grid."""
    if rows.size < _WORTH or rows.shape[1] > WIDEST:
        return None
    exact = 255 * _ROUNDINGS * float(np.finfo(rows.dtype).eps)
    found = shared_grid(rows, exact)
    if found is None:
        return None
    codes, step = found
    asked = codes_on(X, step, exact)
    return None if asked is None else (asked, partial(_exact, PackedBytes.of(codes, _WIDTH)), step)


def _of_doubles(X: NDArray[Any], rows: NDArray[Any]) -> tuple[NDArray[Any], Callable[..., Products], float]:
    """Give the same of real numbers: themselves, in steps of one."""
    doubles = rows.astype(np.float64)
    return X, partial(_rounded, doubles, _squared_norms(doubles)), 1.0


def _exact(packed: PackedBytes, block: NDArray[np.uint8]) -> Products:
    for tile, products in packed.products(block):
        yield slice(tile.first, tile.first + tile.width), tile.norms, products


def _rounded(rows: Floats, norms: Floats, block: NDArray[Any]) -> Products:
    block = block.astype(np.float64)
    for first in range(0, len(rows), _WIDTH):
        some = slice(first, first + _WIDTH)
        yield some, norms[some], block @ rows[some].T


def _sums(multiply: Callable[..., Products], factor: float, weights: Floats, block: NDArray[Any]) -> Floats:
    total, own = np.zeros((len(block), weights.shape[1])), _squared_norms(block)[:, None]
    for some, norms, products in multiply(block):
        values = products * (2.0 * factor)
        values -= factor * norms
        values -= factor * own
        np.exp(np.minimum(values, 0.0, out=values), out=values)
        total += values @ weights[some]
    return total


def _squared_norms(rows: NDArray[Any]) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
