"""Rows of a matrix, dense, sparse or on a grid of bytes, as the compiled pass reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, overload
from numpy.typing import NDArray
from scipy.sparse import issparse

from tenfold.models.grid import on_grid

__all__ = [
    "AHEAD",
    "Rows",
    "add_row",
    "dot_row",
    "fetch_row",
    "is_grid",
    "is_sparse",
    "read_row",
    "rows_of",
    "squared_norms",
]

Rows = tuple[Any, ...]
"""
(X,) of a dense matrix; (codes, step) of one on a grid of bytes, (codes, lowest, step) where columns have grids of their
own; (data, indices, indptr) of a sparse one.
"""

AHEAD = 32
"""Rows asked of the memory before their turn."""
_LINE = 64
_REORDER: Any = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}}
"""Sums may be taken in any order (so that they vectorise); infinities and NaN keep their meaning."""


def rows_of(X: Any) -> Rows:
    """Give the rows of a C-contiguous array or a CSR matrix."""
    if issparse(X):
        return X.data, X.indices.astype(np.int64), X.indptr.astype(np.int64)
    X = np.ascontiguousarray(X)
    found = on_grid(X)
    if found is None:
        return (X,)
    codes, lowest, step = found
    if not lowest.any() and (step == step[0]).all():
        return codes, float(step[0])
    return codes, lowest.astype(np.float32), step.astype(np.float32)


def is_grid(rows: Rows) -> bool:
    """Tell whether rows are held as bytes; weights are then float32, enough for a value of 256 places."""
    return bool(rows[0].ndim == 2 and rows[0].dtype == np.uint8)


def is_sparse(rows: Rows) -> bool:
    """Tell whether rows are those of a sparse matrix."""
    return len(rows) == 3 and rows[0].ndim == 1


def squared_norms(X: Any) -> NDArray[np.float64]:
    """Give the squared norm of each row, shape (n,)."""
    if issparse(X):
        return np.asarray(X.multiply(X).sum(axis=1), dtype=np.float64).ravel()
    return np.asarray(np.einsum("ij,ij->i", X, X, dtype=np.float64))


def read_row(rows: Rows, i: int, room: NDArray[Any]) -> None:
    """Write row i into `room` where it is not to be read where it lies; compiled code only."""
    raise TypeError("called from compiled code only")


def dot_row(rows: Rows, i: int, room: NDArray[Any], W: NDArray[Any], k: int) -> float:
    """Multiply row i, which has been read, with the weights of class k; compiled code only."""
    raise TypeError("called from compiled code only")


def add_row(rows: Rows, i: int, room: NDArray[Any], factor: float, W: NDArray[Any], k: int) -> None:
    """Add a multiple of row i, which has been read, to the weights of class k, in place; compiled code only."""
    raise TypeError("called from compiled code only")


def fetch_row(rows: Rows, i: int) -> None:
    """Ask the memory for row i before its turn; compiled code only."""
    raise TypeError("called from compiled code only")


# Rows are handed over as the whole matrix and a number: a view of each would cost more than its use.
@overload(read_row, jit_options=_REORDER)
def _read_row(rows: Any, i: Any, room: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 2:

        def by_column(rows: Any, i: Any, room: Any) -> Any:
            codes, lowest, step = rows
            for j in range(len(room)):
                room[j] = lowest[j] + step[j] * codes[i, j]

        return by_column

    def in_place(rows: Any, i: Any, room: Any) -> Any:
        pass

    return in_place


@overload(dot_row, jit_options=_REORDER)
def _dot_row(rows: Any, i: Any, room: Any, W: Any, k: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 1:

        def sparse(rows: Any, i: Any, room: Any, W: Any, k: Any) -> Any:
            data, indices, starts = rows
            total = 0.0
            for place in range(starts[i], starts[i + 1]):
                total += data[place] * W[k, indices[place]]
            return total

        return sparse
    if len(rows) == 3:

        def by_column(rows: Any, i: Any, room: Any, W: Any, k: Any) -> Any:
            total = W.dtype.type(0)
            for j in range(len(room)):
                total += room[j] * W[k, j]
            return float(total)

        return by_column
    if len(rows) == 2:

        def from_zero(rows: Any, i: Any, room: Any, W: Any, k: Any) -> Any:
            codes, step = rows
            total = W.dtype.type(0)
            for j in range(codes.shape[1]):
                total += W.dtype.type(codes[i, j]) * W[k, j]
            return step * total

        return from_zero

    def dense(rows: Any, i: Any, room: Any, W: Any, k: Any) -> Any:
        X = rows[0]
        total = W.dtype.type(0)
        for j in range(X.shape[1]):
            total += X[i, j] * W[k, j]
        return float(total)

    return dense


@overload(add_row, jit_options=_REORDER)
def _add_row(rows: Any, i: Any, room: Any, factor: Any, W: Any, k: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 1:

        def sparse(rows: Any, i: Any, room: Any, factor: Any, W: Any, k: Any) -> Any:
            data, indices, starts = rows
            for place in range(starts[i], starts[i + 1]):
                W[k, indices[place]] += factor * data[place]

        return sparse
    if len(rows) == 3:

        def by_column(rows: Any, i: Any, room: Any, factor: Any, W: Any, k: Any) -> Any:
            c = W.dtype.type(factor)
            for j in range(len(room)):
                W[k, j] += c * room[j]

        return by_column
    if len(rows) == 2:

        def from_zero(rows: Any, i: Any, room: Any, factor: Any, W: Any, k: Any) -> Any:
            codes, step = rows
            c = W.dtype.type(factor * step)
            for j in range(codes.shape[1]):
                W[k, j] += c * W.dtype.type(codes[i, j])

        return from_zero

    def dense(rows: Any, i: Any, room: Any, factor: Any, W: Any, k: Any) -> Any:
        X = rows[0]
        c = W.dtype.type(factor)
        for j in range(X.shape[1]):
            W[k, j] += c * X[i, j]

    return dense


@intrinsic
def _prefetch(typing: Any, address: Any) -> Any:
    """Ask for the cache line at an address."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        )
        builder.call(function, [builder.inttoptr(arguments[0], byte), flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(types.uintp), build


@overload(fetch_row)
def _fetch_row(rows: Any, i: Any) -> Any:
    if rows[0].ndim == 2:

        def dense(rows: Any, i: Any) -> Any:
            length = rows[0].shape[1] * rows[0].itemsize
            start = rows[0].ctypes.data + i * length
            for offset in range(0, length, _LINE):
                _prefetch(start + offset)  # type: ignore[call-arg]

        return dense

    def sparse(rows: Any, i: Any) -> Any:
        pass

    return sparse
