"""Boosted trees of LightGBM, from its public dump: sums, missing values and categories included, and their link."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.tree_models.form import Tree, add_trees, in_turn, matrix_of
from tenfold.program.values import Scores, Targets, Value

__all__ = ["lower_lightgbm", "lower_lightgbm_targets"]

_MOST_CATEGORIES = 1 << 16


def lower_lightgbm(builder: Builder, model: Any, rows: Value) -> Scores:
    """Add the steps of a fitted `LGBMClassifier`."""
    dump = model.booster_.dump_model()
    objective = str(dump.get("objective"))
    binary = re.fullmatch(r"binary sigmoid:(\S+)", objective)
    if dump.get("average_output") or not (binary or objective.startswith("multiclass num_class:")):
        raise NotLoweredError(f"it holds LightGBM of '{objective}'")
    raw = _sums(builder, dump, rows)
    if binary and float(binary[1]) != 1:
        raw = builder.step("standardise", raw, arrays={"scale": np.array([1 / float(binary[1])])})
    return Scores(builder.step("logistic" if binary else "softmax", raw), probabilities=True)


def lower_lightgbm_targets(builder: Builder, model: Any, rows: Value) -> Targets:
    """Add the steps of a fitted `LGBMRegressor`."""
    dump = model.booster_.dump_model()
    objective = str(dump.get("objective"))
    # such as "quantile alpha:0.5", and "regression sqrt", which squares what it sums up
    name, _, settings = objective.partition(" ")
    if dump.get("average_output") or name not in _TARGETS or "sqrt" in settings:
        raise NotLoweredError(f"it holds LightGBM of '{objective}'")
    raw = _sums(builder, dump, rows)
    return builder.targets(builder.step("activation", raw, function="exp") if _TARGETS[name] == "exp" else raw)


_TARGETS = {
    **dict.fromkeys(("fair", "huber", "mape", "quantile", "regression", "regression_l1"), "identity"),
    **dict.fromkeys(("gamma", "poisson", "tweedie"), "exp"),
}
"""Objectives of quantities -> what makes predictions of sums."""


def _sums(builder: Builder, dump: Mapping[str, Any], rows: Value) -> Value:
    rows = matrix_of(rows, "LightGBM")
    if rows.type.dtype != "float64":
        rows = builder.step("cast", rows, dtype="float64")
    groups = int(dump["num_tree_per_iteration"])
    nodes = [_nodes(one["tree_structure"]) for one in dump["tree_info"]]
    size = _set_bytes(nodes)
    trees = in_turn([_tree(one, size) for one in nodes], [at % groups for at in range(len(nodes))], groups)
    return add_trees(builder, rows, trees, groups=groups)


def _nodes(root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the nodes of a tree, each with the numbers of its children, without recursion: trees may be deep."""
    nodes: list[dict[str, Any]] = [dict(root)]
    for node in nodes:
        for side in ("left_child", "right_child"):
            if side in node:
                nodes.append(dict(node[side]))
                node[side] = len(nodes) - 1
        if "leaf_coeff" in node:
            raise NotLoweredError("it holds LightGBM of linear trees")
    return list(nodes)


def _tree(nodes: list[Mapping[str, Any]], set_bytes: int) -> Tree:
    left, right, features = (
        np.array([node.get(name, default) for node in nodes])
        for name, default in (("left_child", -1), ("right_child", -1), ("split_feature", 0))
    )
    values = np.array([[float(node.get("leaf_value", 0.0))] for node in nodes])
    thresholds = np.array([0.0 if _codes(node) else float(node.get("threshold", 0.0)) for node in nodes])
    missing_left = np.array([_missing_left(node) for node in nodes])
    categorical = np.array([bool(_codes(node)) for node in nodes])
    sets = np.stack([_set(_codes(node), set_bytes) for node in nodes]) if set_bytes else None
    return Tree(left, right, features, thresholds, values, missing_left, categorical if set_bytes else None, sets)


def _missing_left(node: Mapping[str, Any]) -> bool:
    """Where no missing value was met in training, one counts as 0; what is no category goes right."""
    if "split_feature" not in node or node["decision_type"] == "==":
        return False
    if node["missing_type"] == "Zero":
        raise NotLoweredError("it holds LightGBM that takes 0 for a missing value")
    return bool(node["default_left"]) if node["missing_type"] == "NaN" else float(node["threshold"]) >= 0


def _codes(node: Mapping[str, Any]) -> list[int]:
    """Return the categories that go left, such as ``"0||3||7"``; of splits at a number none."""
    return [int(code) for code in node["threshold"].split("||")] if node.get("decision_type") == "==" else []


def _set_bytes(trees: list[list[Mapping[str, Any]]]) -> int:
    largest = max((code for nodes in trees for node in nodes for code in _codes(node)), default=-1)
    if largest >= _MOST_CATEGORIES:
        raise NotLoweredError("it holds LightGBM of categories with large numbers")
    return (largest + 8) // 8


def _set(codes: list[int], set_bytes: int) -> NDArray[np.uint8]:
    bits = np.zeros(8 * set_bytes, np.bool_)
    bits[codes] = True
    return np.packbits(bits, bitorder="little")
