"""Decision trees as they come out of a fitted model, and the arrays of the step that they become."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.values import Matrix, Value

__all__ = ["Tree", "add_trees", "as_bytes", "in_turn", "matrix_of", "single_of"]


@dataclass(frozen=True, eq=False)
class Tree:
    """
    A tree of a fitted model.

    Parameters
    ----------
    left, right : ndarray of int, shape (nodes,)
        Children of each node, the first of which is the root; negative for leaves.
    features : ndarray of int, shape (nodes,)
    thresholds : ndarray of float64, shape (nodes,)
        Up to which rows go left.
    values : ndarray, shape (nodes, columns)
        Those of leaves count.
    missing_left : ndarray of bool, shape (nodes,), optional
        Rows without a value go left; by default they go right.
    categorical : ndarray of bool, shape (nodes,), optional
    sets : ndarray of uint8, shape (nodes, bytes), optional
        Categories that go left, a bit each, lowest first.
    """

    left: NDArray[Any]
    right: NDArray[Any]
    features: NDArray[Any]
    thresholds: NDArray[np.float64]
    values: NDArray[Any]
    missing_left: NDArray[np.bool_] | None = None
    categorical: NDArray[np.bool_] | None = None
    sets: NDArray[np.uint8] | None = None

    def by_level(self) -> NDArray[np.int64]:
        """Return its nodes level by level, from left to right."""
        level, levels = np.zeros(1, np.int64), []
        while len(level):
            levels.append(level)
            splitting = level[self.left[level] >= 0]
            level = np.column_stack([self.left[splitting], self.right[splitting]]).reshape(-1)
        return np.concatenate(levels)


def matrix_of(value: Value, what: str) -> Value:
    """Return a value that is rows of numbers, which alone trees split."""
    if not isinstance(value.type, Matrix):
        raise NotLoweredError(f"{what} of its pipeline is given what is no rows of numbers")
    return value


def single_of(builder: Builder, rows: Value) -> Value:
    """Return rows in single precision."""
    return rows if rows.type.dtype == "float32" else builder.step("cast", rows, dtype="float32")


def as_bytes(builder: Builder, rows: Value, trees: Sequence[Tree]) -> Value | None:
    """Return rows of pixels as the bytes that they are, where trees split them as well; None for other rows."""
    steps = {one.name: one for one in builder.steps}
    step = steps.get(rows.name)
    while step is not None and step.operation == "cast":
        step = steps.get(step.inputs[0])
    if step is None or step.operation != "flatten" or step.parameters["divisor"] != 1:
        return None
    lowest = min((float(tree.thresholds[tree.left >= 0].min(initial=0)) for tree in trees), default=0.0)
    if lowest < 0 or any(tree.categorical is not None for tree in trees):
        return None
    return builder.step("flatten", builder.input, dtype="uint8", divisor=1.0)


def add_trees(
    builder: Builder,
    rows: Value,
    trees: Sequence[Tree],
    *,
    groups: int = 1,
    labels: int = 1,
    mean: bool = False,
    offset: NDArray[Any] | None = None,
) -> Value:
    """
    Add the step of trees, and return the sums of the values of their leaves.

    Parameters
    ----------
    builder : Builder
    rows : Value
        As the model compares them with thresholds: of float32 or float64.
    trees : sequence of Tree
    groups : int
        Trees add to so many groups of columns in turn.
    labels : int
        How often a leaf counts each of its rows, where values are counts.
    mean : bool
        The sums are divided by the number of trees.
    offset : ndarray, shape (groups * columns,), optional
        What the trees add to.

    Raises
    ------
    NotLoweredError
        They are larger than any model's, or deeper.
    """
    rows = as_bytes(builder, rows, trees) or rows
    orders = [tree.by_level() for tree in trees]
    inner = [order[tree.left[order] >= 0] for tree, order in zip(trees, orders, strict=True)]
    outer = [order[tree.left[order] < 0] for tree, order in zip(trees, orders, strict=True)]
    splits = [tree.left[order] >= 0 for tree, order in zip(trees, orders, strict=True)]
    arrays: dict[str, NDArray[Any]] = {
        "splits": np.packbits(np.concatenate(splits)),
        "features": _smallest_whole(_gather(trees, inner, "features")),
        "thresholds": _smallest_thresholds(_gather(trees, inner, "thresholds"), rows.type.dtype),
        **_values(_gather(trees, outer, "values")),
    }
    if rows.type.dtype != "uint8":
        arrays |= _flags(trees, inner, gaps=rows.type.gaps)
    if offset is not None:
        arrays["offset"] = offset
    return builder.step("trees", rows, arrays=arrays, trees=len(trees), groups=groups, labels=labels, mean=mean)


def in_turn(trees: Sequence[Tree], of_groups: Sequence[int], groups: int) -> list[Tree]:
    """Return trees so that those of each group come in turn, in their order within it."""
    queues: list[list[Tree]] = [[] for _ in range(groups)]
    for tree, group in zip(trees, of_groups, strict=True):
        queues[group].append(tree)
    if len({len(queue) for queue in queues}) != 1 or not queues[0]:
        raise NotLoweredError("it holds trees that are not as many for each class")
    return [tree for together in zip(*queues, strict=True) for tree in together]


def _gather(trees: Sequence[Tree], nodes: Sequence[NDArray[np.int64]], name: str) -> NDArray[Any]:
    return np.concatenate([getattr(tree, name)[some] for tree, some in zip(trees, nodes, strict=True)])


def _flags(trees: Sequence[Tree], inner: Sequence[NDArray[np.int64]], *, gaps: bool) -> dict[str, NDArray[Any]]:
    """Return where missing values go, if there can be any, and the sets of categorical splits."""
    arrays = {}
    categories = any(tree.categorical is not None for tree in trees)
    if (gaps or categories) and all(tree.missing_left is not None for tree in trees):
        arrays["missing_left"] = np.packbits(_gather(trees, inner, "missing_left"))
    if categories:
        flags = [tree.categorical for tree in trees]
        categorical = [
            np.zeros(len(some), np.bool_) if flag is None else flag[some]
            for flag, some in zip(flags, inner, strict=True)
        ]
        arrays["categorical"] = np.packbits(np.concatenate(categorical))
        sets = [
            tree.sets[some[flag]]
            for tree, some, flag in zip(trees, inner, categorical, strict=True)
            if tree.sets is not None
        ]
        arrays["sets"] = np.concatenate(sets)
    return arrays


def _smallest_whole(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers from 0 on in the smallest type that holds them."""
    largest = int(numbers.max(initial=0))
    return numbers.astype(np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.uint32)


def _smallest_thresholds(thresholds: NDArray[Any], rows: str) -> NDArray[Any]:
    """
    Return thresholds in the smallest type in which they split all rows of a type alike.

    A row is at most a threshold exactly if it is at most the largest number of the row's own type that is at most the
    threshold: every row that is at most the one is a number of that type, so at most the other. No larger number of
    the type would do, hence that one is kept exactly.
    """
    if rows == "uint8":
        return np.asarray(np.minimum(np.floor(thresholds), 255), np.uint8)
    if rows == "float32":
        thresholds = _at_most(thresholds)
    with np.errstate(over="ignore"):
        for dtype in (np.float16, np.float32):
            if np.array_equal(smaller := thresholds.astype(dtype), thresholds):
                return smaller
    return thresholds


def _at_most(numbers: NDArray[Any]) -> NDArray[Any]:
    """Return the largest number of single precision that is at most each number."""
    with np.errstate(over="ignore"):
        nearest = numbers.astype(np.float32)
        return np.where(nearest > numbers, np.nextafter(nearest, np.float32(-np.inf)), nearest)


def _values(values: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Return the values of leaves, each row of them once where that is smaller."""
    if values.dtype.kind != "f":
        values = _smallest_whole(values)
    values = np.ascontiguousarray(values)
    as_records = values.view(np.dtype((np.void, values.dtype.itemsize * values.shape[1]))).reshape(-1)
    _, first, leaves = np.unique(as_records, return_index=True, return_inverse=True)
    distinct, leaves = values[first], _smallest_whole(leaves.reshape(-1))
    return (
        {"values": values}
        if values.nbytes <= distinct.nbytes + leaves.nbytes
        else {"values": distinct, "leaves": leaves}
    )
