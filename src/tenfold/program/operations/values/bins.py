"""
The number of the bin that each value falls into: how many edges of its column are not above it.

Examples
--------
>>> part, kind = OPERATION.check((Matrix("float64", 2),), {}, {"edges": np.array([[1.0, 2.0], [5.0, np.inf]])})
>>> OPERATION.bind(part)(np.array([[1.5, 9.0], [0.0, 4.0]])).tolist()
[[1.0, 1.0], [0.0, 0.0]]
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.categories import pack_categories
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix, Value

if TYPE_CHECKING:
    from tenfold.program.builder import Builder

__all__ = ["OPERATION"]


def _result(part: Part) -> Matrix:
    rows_type, edges = part.inputs[0], part.arrays["edges"]
    demand(rows_type.dtype != "uint8" and not rows_type.gaps, "what may be no number is put into bins")
    # written so that an edge that is no number is refused too
    demand(bool((edges[:, 1:] >= edges[:, :-1]).all()) and not np.isnan(edges).any(), "edges of bins are in no order")
    return Matrix(rows_type.dtype, rows_type.width)


def _bind(part: Part) -> Any:
    edges = part.arrays["edges"]

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        bins = np.empty_like(rows)
        for column, of_column in enumerate(edges):
            bins[:, column] = np.searchsorted(of_column, rows[:, column], side="right")
        return bins

    return evaluate


def _lower_bins(builder: Builder, discretizer: Any, value: Value) -> Value:
    rows, inner = builder.without_gaps(builder.floats(value)), [one[1:-1] for one in discretizer.bin_edges_]
    if discretizer.dtype is not None:
        rows = builder.step("cast", rows, dtype=np.dtype(discretizer.dtype).name)
    edges = np.full((len(inner), max(map(len, inner))), np.inf)
    for column, some in enumerate(inner):
        edges[column, : len(some)] = some
    bins = builder.step("bins", rows, arrays={"edges": edges})
    return bins if discretizer.encode == "ordinal" else _one_hot(builder, bins, discretizer.n_bins_.tolist())


def _one_hot(builder: Builder, bins: Value, counts: list[int]) -> Value:
    """Every bin has a column, in the type of the rows."""
    categories = pack_categories(["number"] * len(counts), [list(map(float, range(count))) for count in counts])
    arrays = {**categories, "positions": np.arange(sum(counts)), "unknown": np.full(len(counts), -1)}
    encoded = builder.step("one_hot", builder.table(bins), arrays=arrays, width=sum(counts), refuse_unknown=False)
    return encoded if bins.type.dtype == "float64" else builder.step("cast", encoded, dtype=bins.type.dtype)


def _lower_binarizer(builder: Builder, binarizer: Any, value: Value) -> Value:
    """Above a threshold is not below the next number."""
    rows = builder.without_gaps(builder.floats(value))
    threshold = np.dtype(rows.type.dtype).type(binarizer.threshold)
    edge = np.nextafter(threshold, np.inf, dtype=threshold.dtype)
    return builder.step("bins", rows, arrays={"edges": np.full((rows.type.width, 1), edge, np.float64)})


OPERATION = Operation(
    name="bins",
    summary="the number of the bin that each value falls into",
    inputs=(Matrix,),
    arrays={"edges": ArrayRule(dtypes=("float64",), shape=("width", "edges"), finite=False)},
    result=_result,
    bind=_bind,
    lower={
        "sklearn.preprocessing.Binarizer": _lower_binarizer,
        "sklearn.preprocessing.KBinsDiscretizer": _lower_bins,
    },
)
