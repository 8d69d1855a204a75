"""Rows of a matrix, dense, sparse or on a grid of bytes, as the compiled pass reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic, overload
from numpy.typing import NDArray
from scipy.sparse import issparse

from tenfold.models.grid import on_grid

__all__ = [
    "AHEAD",
    "Rows",
    "add_row",
    "apply_l1",
    "dot_row",
    "dot_rows",
    "is_grid",
    "is_sparse",
    "prefetch_row",
    "read_row",
    "rows_of",
    "squared_norms",
    "weight_norms",
]

Rows = tuple[Any, ...]
"""
(X,) for a dense matrix; (codes, step) for one on a grid of bytes, (codes, lowest, step) where each column has its own
grid; (data, indices, indptr) for a sparse one.
"""

AHEAD = 32
"""Rows prefetched before their turn."""
_LINE = 64
_SMALLEST, _LARGEST = 1e-15, 1e15
"""Steps of a grid between which products with weights are numbers of single precision."""
_REORDER: Any = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}}
"""Sums may be taken in any order (so that they vectorise); infinities and NaN keep their meaning."""


def rows_of(X: Any) -> Rows:
    """Return the rows of a C-contiguous array or a CSR matrix."""
    if issparse(X):
        return X.data, X.indices, X.indptr
    X = np.ascontiguousarray(X)
    encoded = on_grid(X)
    if encoded is None:
        return (X,)
    codes, lowest, step = encoded
    if step.min() < _SMALLEST or max(step.max(), np.abs(lowest).max()) > _LARGEST:
        return (X,)
    if not lowest.any() and (step == step[0]).all():
        return codes, float(step[0])
    return codes, lowest.astype(np.float32), step.astype(np.float32)


def is_grid(rows: Rows) -> bool:
    """Return whether rows are bytes on a grid; weights are then float32, which 256 levels do not exceed."""
    return bool(rows[0].ndim == 2 and rows[0].dtype == np.uint8)


def is_sparse(rows: Rows) -> bool:
    """Return whether rows are those of a sparse matrix."""
    return len(rows) == 3 and rows[0].ndim == 1


def squared_norms(X: Any) -> NDArray[np.float64]:
    """Return the squared norm of each row, float64 of shape (n,)."""
    if issparse(X):
        return _norms_of_sparse(X.data, X.indptr)
    return np.asarray(np.einsum("ij,ij->i", X, X, dtype=np.float64))


@njit(nogil=True, cache=True)
def _norms_of_sparse(data: NDArray[Any], starts: NDArray[Any]) -> NDArray[np.float64]:
    norms = np.zeros(len(starts) - 1)
    for i in range(len(norms)):
        for place in range(starts[i], starts[i + 1]):
            norms[i] += np.float64(data[place]) * np.float64(data[place])
    return norms


# What follows runs where there is no compiler (`NUMBA_DISABLE_JIT=1`); compiled code takes the overloads further down.
def _row_values(rows: Rows, i: int) -> tuple[Any, NDArray[Any]]:
    """Return the columns in which a row has values, and the values."""
    if is_sparse(rows):
        data, indices, starts = rows
        return indices[starts[i] : starts[i + 1]], data[starts[i] : starts[i + 1]]
    if len(rows) == 3:
        return slice(None), rows[1] + rows[2] * rows[0][i]
    return slice(None), rows[1] * np.float32(rows[0][i]) if len(rows) == 2 else rows[0][i]


def read_row(rows: Rows, i: int, buffer: NDArray[Any]) -> None:
    """Decode row i into `buffer` where its values are not used in place."""
    if len(rows) == 3 and rows[0].ndim == 2:
        buffer[:] = rows[1] + rows[2] * rows[0][i]


def dot_row(rows: Rows, i: int, buffer: NDArray[Any], W: NDArray[Any], k: int) -> float:
    """Return the product of row i, read before, with the weights of class k."""
    columns, values = _row_values(rows, i)
    return float(values @ W[k, columns])


def dot_rows(rows: Rows, i: int, buffer: NDArray[Any], W: NDArray[Any], products: NDArray[np.float64]) -> None:
    """Write the products of row i, read before, with the weights of all classes."""
    columns, values = _row_values(rows, i)
    products[:] = W[:, columns] @ values


def weight_norms(rows: Rows, i: int, W: NDArray[Any], k: int) -> tuple[float, float]:
    """
    Return the sums of absolute values and of squares of the weights of class k in the columns of row i.

    A dense row has all columns, a sparse row those of its values: so scikit-learn counts them where it decides when to
    stop.
    """
    weights = np.asarray(W[k, _row_values(rows, i)[0]], np.float64)
    return float(np.abs(weights).sum()), float(np.square(weights).sum())


def apply_l1(
    rows: Rows, i: int, W: NDArray[Any], l1_paid: NDArray[Any], l1_due: NDArray[np.float64], scale: NDArray[np.float64]
) -> None:  # fmt: skip
    """
    Shrink weights towards zero by the L1 penalty that is still due, never beyond.

    With a sparse row those of its columns, the others at later rows (Tsuruoka et al., SGD training for L1-regularized
    log-linear models with cumulative penalty, ACL 2009).
    """
    for j in np.arange(W.shape[1])[_row_values(rows, i)[0]]:
        for k in range(len(W)):
            _apply_l1_to_weight(W, k, j, l1_paid, l1_due[k], scale[k])


def add_row(rows: Rows, i: int, buffer: NDArray[Any], factor: float, W: NDArray[Any], k: int) -> None:
    """Add a multiple of row i, read before, to the weights of class k, in place."""
    columns, values = _row_values(rows, i)
    W[k, columns] += W.dtype.type(factor) * values


def prefetch_row(rows: Rows, i: int) -> None:
    """Prefetch row i into the cache."""
    # Without a compiler there is nothing to prefetch.


# Rows are passed as the whole matrix and a number: a view of each would cost more than its use.
@overload(read_row, jit_options=_REORDER)
def _read_row(rows: Any, i: Any, buffer: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 2:

        def by_column(rows: Any, i: Any, buffer: Any) -> Any:
            codes, lowest, step = rows
            for j in range(len(buffer)):
                buffer[j] = lowest[j] + step[j] * codes[i, j]

        return by_column

    def in_place(rows: Any, i: Any, buffer: Any) -> Any:
        pass

    return in_place


@njit(inline="always")
def _sum_of_sparse(
    data: NDArray[Any], indices: NDArray[Any], first: int, last: int, W: NDArray[Any], k: int
) -> float:  # fmt: skip
    """Sum in four independent chains; left to the compiler, weights would be gathered, slowly."""
    a = b = c = d = 0.0
    # Unsigned indices spare the check whether they count from the end.
    one, two, three, four = np.uintp(1), np.uintp(2), np.uintp(3), np.uintp(4)
    start, stop = np.uintp(first), np.uintp(last)
    end = start + (stop - start) // four * four
    for place in range(start, end, four):
        a += data[place] * W[k, np.uintp(indices[place])]
        b += data[place + one] * W[k, np.uintp(indices[place + one])]
        c += data[place + two] * W[k, np.uintp(indices[place + two])]
        d += data[place + three] * W[k, np.uintp(indices[place + three])]
    for place in range(end, stop):
        a += data[place] * W[k, np.uintp(indices[place])]
    return (a + b) + (c + d)


@overload(dot_row)
def _dot_sparse_row(rows: Any, i: Any, buffer: Any, W: Any, k: Any) -> Any:
    if rows[0].ndim != 1:
        return None

    def sparse(rows: Any, i: Any, buffer: Any, W: Any, k: Any) -> Any:
        return _sum_of_sparse(rows[0], rows[1], rows[2][i], rows[2][i + 1], W, k)

    return sparse


@overload(dot_row, jit_options=_REORDER)
def _dot_row(rows: Any, i: Any, buffer: Any, W: Any, k: Any) -> Any:
    if rows[0].ndim == 1:
        return None
    if len(rows) == 3:

        def by_column(rows: Any, i: Any, buffer: Any, W: Any, k: Any) -> Any:
            total = W.dtype.type(0)
            for j in range(len(buffer)):
                total += buffer[j] * W[k, j]
            return float(total)

        return by_column
    if len(rows) == 2:

        def from_zero(rows: Any, i: Any, buffer: Any, W: Any, k: Any) -> Any:
            codes, step = rows
            total = W.dtype.type(0)
            for j in range(codes.shape[1]):
                total += W.dtype.type(codes[i, j]) * W[k, j]
            return step * total

        return from_zero

    def dense(rows: Any, i: Any, buffer: Any, W: Any, k: Any) -> Any:
        X = rows[0]
        total = W.dtype.type(0)
        for j in range(X.shape[1]):
            total += X[i, j] * W[k, j]
        return float(total)

    return dense


@overload(dot_rows)
def _dot_rows(rows: Any, i: Any, buffer: Any, W: Any, products: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 1:

        def sparse(rows: Any, i: Any, buffer: Any, W: Any, products: Any) -> Any:
            data, indices, starts = rows
            if len(W) == 1:
                products[0] = _sum_of_sparse(data, indices, starts[i], starts[i + 1], W, 0)
                return
            products[:] = 0.0
            # The weights of a value lie side by side for all classes: see `tenfold.models.linear.class_descent`.
            for place in range(np.uintp(starts[i]), np.uintp(starts[i + 1])):
                value, j = data[place], np.uintp(indices[place])
                for k in range(len(W)):
                    products[k] += value * W[k, j]

        return sparse

    def one_by_one(rows: Any, i: Any, buffer: Any, W: Any, products: Any) -> Any:
        for k in range(len(W)):
            products[k] = dot_row(rows, i, buffer, W, k)

    return one_by_one


@overload(weight_norms)
def _weight_norms(rows: Any, i: Any, W: Any, k: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 1:

        def sparse(rows: Any, i: Any, W: Any, k: Any) -> Any:
            _, indices, starts = rows
            lengths = squares = 0.0
            for place in range(np.uintp(starts[i]), np.uintp(starts[i + 1])):
                weight = np.float64(W[k, np.uintp(indices[place])])
                lengths += abs(weight)
                squares += weight * weight
            return lengths, squares

        return sparse

    def dense(rows: Any, i: Any, W: Any, k: Any) -> Any:
        lengths = squares = 0.0
        for j in range(W.shape[1]):
            weight = np.float64(W[k, j])
            lengths += abs(weight)
            squares += weight * weight
        return lengths, squares

    return dense


@overload(apply_l1)
def _apply_l1(rows: Any, i: Any, W: Any, l1_paid: Any, l1_due: Any, scale: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 1:

        def sparse(rows: Any, i: Any, W: Any, l1_paid: Any, l1_due: Any, scale: Any) -> Any:
            _, indices, starts = rows
            for place in range(np.uintp(starts[i]), np.uintp(starts[i + 1])):
                for k in range(len(W)):
                    _apply_l1_to_weight(W, k, np.uintp(indices[place]), l1_paid, l1_due[k], scale[k])  # type: ignore[arg-type]

        return sparse

    def dense(rows: Any, i: Any, W: Any, l1_paid: Any, l1_due: Any, scale: Any) -> Any:
        for k in range(len(W)):
            class_due, class_scale = l1_due[k], scale[k]
            for j in range(W.shape[1]):
                _apply_l1_to_weight(W, k, j, l1_paid, class_due, class_scale)

    return dense


@njit(inline="always")
def _apply_l1_to_weight(W: NDArray[Any], k: int, j: int, l1_paid: NDArray[Any], l1_due: float, scale: float) -> None:
    before = W[k, j]
    if scale * before > 0.0:
        W[k, j] = max(0.0, before - (l1_due + l1_paid[k, j]) / scale)
    elif scale * before < 0.0:
        W[k, j] = min(0.0, before + (l1_due - l1_paid[k, j]) / scale)
    l1_paid[k, j] += scale * (W[k, j] - before)


@overload(add_row, jit_options=_REORDER)
def _add_row(rows: Any, i: Any, buffer: Any, factor: Any, W: Any, k: Any) -> Any:
    if len(rows) == 3 and rows[0].ndim == 1:

        def sparse(rows: Any, i: Any, buffer: Any, factor: Any, W: Any, k: Any) -> Any:
            data, indices, starts = rows
            for place in range(np.uintp(starts[i]), np.uintp(starts[i + 1])):
                W[k, np.uintp(indices[place])] += factor * data[place]

        return sparse
    if len(rows) == 3:

        def by_column(rows: Any, i: Any, buffer: Any, factor: Any, W: Any, k: Any) -> Any:
            c = W.dtype.type(factor)
            for j in range(len(buffer)):
                W[k, j] += c * buffer[j]

        return by_column
    if len(rows) == 2:

        def from_zero(rows: Any, i: Any, buffer: Any, factor: Any, W: Any, k: Any) -> Any:
            codes, step = rows
            c = W.dtype.type(factor * step)
            for j in range(codes.shape[1]):
                W[k, j] += c * W.dtype.type(codes[i, j])

        return from_zero

    def dense(rows: Any, i: Any, buffer: Any, factor: Any, W: Any, k: Any) -> Any:
        X = rows[0]
        c = W.dtype.type(factor)
        for j in range(X.shape[1]):
            W[k, j] += c * X[i, j]

    return dense


@intrinsic
def _prefetch(typing: Any, address: Any) -> Any:
    """Prefetch the cache line at an address."""

    def build(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch", [byte], ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        )
        builder.call(function, [builder.inttoptr(arguments[0], byte), flag(0), flag(3), flag(1)])
        return context.get_dummy_value()

    return types.void(types.uintp), build


@overload(prefetch_row)
def _prefetch_row(rows: Any, i: Any) -> Any:
    if rows[0].ndim == 2:

        def dense(rows: Any, i: Any) -> Any:
            _prefetch_range(rows[0], i * rows[0].shape[1], (i + 1) * rows[0].shape[1])

        return dense

    def sparse(rows: Any, i: Any) -> Any:
        _prefetch_range(rows[0], rows[2][i], rows[2][i + 1])
        _prefetch_range(rows[1], rows[2][i], rows[2][i + 1])

    return sparse


@njit(inline="always")
def _prefetch_range(values: NDArray[Any], first: int, last: int) -> None:
    """Prefetch a range of the values of an array, by their places in memory."""
    start = values.ctypes.data
    for offset in range(first * values.itemsize, last * values.itemsize, _LINE):
        _prefetch(start + offset)  # type: ignore[call-arg]
