"""Rows of a dense or sparse matrix, as the compiled pass reads them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba.extending import overload
from numpy.typing import NDArray
from scipy.sparse import issparse

__all__ = ["Rows", "add_row", "dot_row", "rows_of", "squared_norms"]

Rows = tuple[Any, ...]
"""(X,) of a dense matrix; (data, indices, indptr) of a sparse one."""

_REORDER = {"fastmath": {"reassoc", "contract", "nsz", "arcp"}}
"""Sums may be taken in any order (so that they vectorise); infinities and NaN keep their meaning."""


def rows_of(X: Any) -> Rows:
    """Give the rows of a C-contiguous array or a CSR matrix."""
    if issparse(X):
        return X.data, X.indices.astype(np.int64), X.indptr.astype(np.int64)
    return (np.ascontiguousarray(X),)


def squared_norms(X: Any) -> NDArray[np.float64]:
    """Give the squared norm of each row, shape (n,)."""
    if issparse(X):
        return np.asarray(X.multiply(X).sum(axis=1), dtype=np.float64).ravel()
    return np.einsum("ij,ij->i", X, X, dtype=np.float64)


def dot_row(rows: Rows, i: int, w: NDArray[Any]) -> float:
    """Multiply row i with weights; compiled code only."""
    raise TypeError("called from compiled code only")


def add_row(rows: Rows, i: int, factor: float, w: NDArray[Any]) -> None:
    """Add a multiple of row i to weights, in place; compiled code only."""
    raise TypeError("called from compiled code only")


@overload(dot_row, jit_options=_REORDER)
def _dot_row(rows: Any, i: Any, w: Any) -> Any:
    if len(rows) == 1:

        def dense(rows: Any, i: Any, w: Any) -> Any:
            x = rows[0][i]
            total = w.dtype.type(0)
            for j in range(len(w)):
                total += x[j] * w[j]
            return float(total)

        return dense

    def sparse(rows: Any, i: Any, w: Any) -> Any:
        data, indices, starts = rows
        total = 0.0
        for place in range(starts[i], starts[i + 1]):
            total += data[place] * w[indices[place]]
        return total

    return sparse


@overload(add_row, jit_options=_REORDER)
def _add_row(rows: Any, i: Any, factor: Any, w: Any) -> Any:
    if len(rows) == 1:

        def dense(rows: Any, i: Any, factor: Any, w: Any) -> Any:
            x, c = rows[0][i], w.dtype.type(factor)
            for j in range(len(w)):
                w[j] += c * x[j]

        return dense

    def sparse(rows: Any, i: Any, factor: Any, w: Any) -> Any:
        data, indices, starts = rows
        for place in range(starts[i], starts[i + 1]):
            w[indices[place]] += factor * data[place]

    return sparse
