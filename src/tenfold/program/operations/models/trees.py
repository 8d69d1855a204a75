"""
Decision trees: of each the values of the leaf that a row reaches, summed over the trees in their order.

Nodes stand level by level, one tree after another, a bit each in ``splits``: whether it splits; so no array tells where
children are. Splits have a column and a threshold, up to which rows go left; categorical ones a set of categories that
go left. Leaves name rows of ``values``, or have one each. Whole numbers are counts, and become fractions of their sum.

Examples
--------
>>> arrays = {
...     "splits": np.packbits([1, 0, 0]),
...     "features": np.array([1], np.uint8),
...     "thresholds": np.array([0.5], np.float16),
...     "values": np.array([[3, 1], [0, 2]], np.uint8),
... }
>>> settings = {"trees": 1, "groups": 1, "labels": 1, "mean": True}
>>> part, kind = OPERATION.check((Matrix("float32", 2),), settings, arrays)
>>> OPERATION.bind(part)(np.array([[9, 0], [9, 1]], np.float32)).tolist()
[[0.75, 0.25], [0.0, 1.0]]
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.models.trees.shape import FEATURE, Shape, deepest, is_shape, unpacked
from tenfold.models.trees.trees import Trees, nodes_of
from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Matrix

if TYPE_CHECKING:
    from tenfold.program.builder import Builder, Lowering
    from tenfold.program.values import Value

__all__ = ["DEEPEST", "OPERATION", "THRESHOLDS", "trees_of_part"]

DEEPEST = 10_000
"""Splits on a path: the most that one row can cost a tree."""

_MOST_NODES, _MOST_TREES = 1 << 26, 1 << 20
_MOST_SETS = 1 << 24
"""A set's number stands where a threshold does, in single precision."""

THRESHOLDS = {"uint8": ("uint8",), "float32": ("float16", "float32"), "float64": ("float16", "float32", "float64")}
"""Types of rows -> those of thresholds that they are compared with, the smallest first."""


def _result(part: Part) -> Matrix:
    demand(part.inputs[0].width <= FEATURE + 1, "trees split rows of too many values")
    _check_leaves(part, _check_shape(part))
    _check_splits(part)
    _check_values(part)
    dtype: Any = "float32" if part.arrays["values"].dtype == np.float32 else "float64"
    return Matrix(dtype, part.parameters["groups"] * part.sizes["columns"])


def _check_shape(part: Part) -> int:
    """Check the bits of the nodes, and return the number of leaves."""
    splitting, trees = part.sizes["splitting"], part.parameters["trees"]
    nodes = 2 * splitting + trees
    demand(nodes <= _MOST_NODES and part.sizes["shape"] == (nodes + 7) // 8, "trees have other nodes than they say")
    demand(not unpacked(part.arrays["splits"], 8 * part.sizes["shape"])[nodes:].any(), "trees have a node too many")
    bits = unpacked(part.arrays["splits"], nodes)
    demand(int(bits.sum()) == splitting and is_shape(bits, trees), "the nodes of trees are those of no trees")
    demand(deepest(Shape.of(bits), DEEPEST) <= DEEPEST, f"a path in a tree has more than {DEEPEST:,} splits")
    return int(splitting + trees)


def _check_leaves(part: Part, leaves: int) -> None:
    named = part.sizes["leaves"] if "leaves" in part.arrays else part.sizes["rows"]
    demand(named == leaves, f"trees have {leaves:,} leaves, and values for {named:,}")


def _check_splits(part: Part) -> None:
    thresholds, rows = part.arrays["thresholds"], part.inputs[0].dtype
    demand(thresholds.dtype.name in THRESHOLDS[rows], f"rows of {rows} are split at {thresholds.dtype.name}")
    demand(not np.isnan(thresholds).any(), "a tree splits at a threshold that is no number")
    size = (part.sizes["splitting"] + 7) // 8
    for name in {"missing_left", "categorical"} & set(part.arrays):
        demand(rows != "uint8", "bytes are split as if some were missing")
        demand(len(part.arrays[name]) == size, f"the array '{name}' of trees has not a bit a split")
    demand(("categorical" in part.arrays) == ("sets" in part.arrays), "trees have splits by category without sets")
    if "sets" in part.arrays:
        sets = part.arrays["sets"]
        used = int(unpacked(part.arrays["categorical"], part.sizes["splitting"]).sum())
        demand(used == len(sets) <= _MOST_SETS and sets.shape[1] > 0, "trees have other sets of categories than splits")


def _check_values(part: Part) -> None:
    """Counts have a sum to be divided by; other values have sums that are finite."""
    values, trees, labels = part.arrays["values"], part.parameters["trees"], part.parameters["labels"]
    demand(trees % part.parameters["groups"] == 0, "the last round of trees is not whole")
    offset = part.arrays.get("offset")
    if values.dtype.kind == "u":
        demand(bool((values.sum(axis=1, dtype=np.int64) >= labels).all()), "a leaf has counts of nothing")
        demand(offset is None, "fractions are added to an offset")
        return
    largest = float(np.abs(values).max(initial=0)) * trees
    if offset is not None:
        columns = part.parameters["groups"] * part.sizes["columns"]
        demand(offset.dtype == values.dtype and len(offset) == columns, "the offset of trees is none of their values")
        largest += float(np.abs(offset).max(initial=0))
    demand(largest < float(np.finfo(values.dtype).max), "the values of trees have no finite sum")


def _bind(part: Part) -> Any:
    trees = trees_of_part(part)
    count = part.parameters["trees"] if part.parameters["mean"] else 1

    def evaluate(rows: NDArray[Any]) -> NDArray[Any]:
        sums = trees.sums(rows)
        if count > 1:
            sums /= sums.dtype.type(count)
        return sums

    return evaluate


def trees_of_part(part: Part) -> Trees:
    """Return the trees of a step, ready to be followed."""
    arrays, rows_type = part.arrays, part.inputs[0]
    splitting = part.sizes["splitting"]
    shape = Shape.of(unpacked(arrays["splits"], 2 * splitting + part.parameters["trees"]))
    flags = {
        name: unpacked(arrays[name], splitting) if name in arrays else None for name in ("missing_left", "categorical")
    }
    leaves = arrays.get("leaves", np.arange(part.sizes["rows"]))
    thresholds = arrays["thresholds"].astype(rows_type.dtype, copy=False)
    values = _fractions(arrays["values"], part.parameters["labels"])
    groups = part.parameters["groups"]
    return Trees(
        nodes_of(shape, leaves, arrays["features"], thresholds, **flags),
        shape.roots.astype(np.int32),
        values,
        groups,
        arrays.get("offset", np.zeros(groups * values.shape[1], values.dtype)),
        (rows_type.gaps and rows_type.dtype != "uint8") or "sets" in arrays,
        arrays.get("sets", np.zeros((0, 1), np.uint8)),
    )


def _fractions(values: NDArray[Any], labels: int) -> NDArray[Any]:
    """Return counts as fractions of the rows that they count, each row once a label."""
    if values.dtype.kind == "f":
        return values
    return np.asarray(values / (values.sum(axis=1, dtype=np.int64, keepdims=True) // labels))


def _by(module: str, name: str) -> Lowering:
    """Return the lowering of this name, whose module is imported where it is used: no program needs it to be run."""

    def lower(builder: Builder, model: Any, rows: Value) -> Any:
        lowering: Callable[..., Any] = getattr(import_module(f"tenfold.program.tree_models.{module}"), name)
        return lowering(builder, model, rows)

    return lower


_UNSIGNED = ("uint8", "uint16", "uint32")

OPERATION = Operation(
    name="trees",
    summary="the values of the leaves that a row reaches in decision trees, summed",
    inputs=(Matrix,),
    parameters={
        "trees": {"type": "integer", "minimum": 1, "maximum": _MOST_TREES},
        "groups": {"type": "integer", "minimum": 1, "maximum": 100_000},
        "labels": {"type": "integer", "minimum": 1, "maximum": 100_000},
        "mean": {"type": "boolean"},
    },
    arrays={
        "splits": ArrayRule(dtypes=("uint8",), shape=("shape",)),
        "features": ArrayRule(dtypes=_UNSIGNED, shape=("splitting",), below="width"),
        "thresholds": ArrayRule(dtypes=("uint8", "float16", "float32", "float64"), shape=("splitting",), finite=False),
        "missing_left": ArrayRule(dtypes=("uint8",), shape=("missing",), optional=True),
        "categorical": ArrayRule(dtypes=("uint8",), shape=("categorical",), optional=True),
        "sets": ArrayRule(dtypes=("uint8",), shape=("sets", "set bytes"), optional=True),
        "leaves": ArrayRule(dtypes=_UNSIGNED, shape=("leaves",), below="rows", optional=True),
        "values": ArrayRule(dtypes=(*_UNSIGNED, "float32", "float64"), shape=("rows", "columns")),
        "offset": ArrayRule(dtypes=("float32", "float64"), shape=("outputs",), optional=True),
    },
    result=_result,
    bind=_bind,
    work=lambda part: part.parameters["trees"] * part.sizes["columns"],
    lower={
        "catboost.CatBoostClassifier": _by("catboost", "lower_catboost"),
        "catboost.CatBoostRegressor": _by("catboost", "lower_catboost_targets"),
        "lightgbm.LGBMClassifier": _by("lightgbm", "lower_lightgbm"),
        "lightgbm.LGBMRegressor": _by("lightgbm", "lower_lightgbm_targets"),
        "sklearn.ensemble.AdaBoostClassifier": _by("gradient_boosting", "lower_ada_boost"),
        "sklearn.ensemble.ExtraTreesClassifier": _by("forests", "lower_forest"),
        "sklearn.ensemble.ExtraTreesRegressor": _by("forests", "lower_forest_means"),
        "sklearn.ensemble.GradientBoostingClassifier": _by("gradient_boosting", "lower_gradient_boosting"),
        "sklearn.ensemble.GradientBoostingRegressor": _by("gradient_boosting", "lower_boosted_targets"),
        "sklearn.ensemble.HistGradientBoostingClassifier": _by("histogram_boosting", "lower_histogram_boosting"),
        "sklearn.ensemble.HistGradientBoostingRegressor": _by("histogram_boosting", "lower_histogram_targets"),
        "sklearn.ensemble.RandomForestClassifier": _by("forests", "lower_forest"),
        "sklearn.ensemble.RandomForestRegressor": _by("forests", "lower_forest_means"),
        "sklearn.tree.DecisionTreeClassifier": _by("forests", "lower_tree"),
        "sklearn.tree.DecisionTreeRegressor": _by("forests", "lower_tree_means"),
        "sklearn.tree.ExtraTreeClassifier": _by("forests", "lower_tree"),
        "sklearn.tree.ExtraTreeRegressor": _by("forests", "lower_tree_means"),
        "xgboost.XGBClassifier": _by("xgboost", "lower_xgboost"),
        "xgboost.XGBRegressor": _by("xgboost", "lower_xgboost_targets"),
    },
)
