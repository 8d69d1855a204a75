"""Histogram boosting of scikit-learn: sums of values, missing ones and categories included, and their link."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.tree_models.form import Tree, add_trees, matrix_of
from tenfold.program.values import Scores, Targets, Value

__all__ = ["lower_histogram_boosting", "lower_histogram_targets"]


def lower_histogram_boosting(builder: Builder, model: Any, rows: Value) -> Scores:
    """Add the steps of a fitted `HistGradientBoostingClassifier`."""
    raw = _sums(builder, model, rows)
    return Scores(builder.step("logistic" if raw.type.width == 1 else "softmax", raw), probabilities=True, decision=raw)


def lower_histogram_targets(builder: Builder, model: Any, rows: Value) -> Targets:
    """Add the steps of a fitted `HistGradientBoostingRegressor`: losses of positive targets sum up logarithms."""
    raw = _sums(builder, model, rows)
    by_logarithm = model.loss in {"gamma", "poisson"}
    return builder.targets(builder.step("activation", raw, function="exp") if by_logarithm else raw)


def _sums(builder: Builder, model: Any, rows: Value) -> Value:
    """
    Return what its trees sum up to.

    scikit-learn keeps its trees, what they start from, and the encoder of its categories in private attributes, and no
    public method gives them.
    """
    rows = matrix_of(rows, "histogram boosting")
    if rows.type.dtype != "float64":
        rows = builder.step("cast", rows, dtype="float64")
    known = _known_values(model)
    columns = _columns(model)
    coded = _coded(builder, model, rows, known)
    set_bytes = (max(map(len, known), default=0) + 7) // 8
    trees = [_tree(one, columns, set_bytes) for together in model._predictors for one in together]
    start = np.asarray(model._baseline_prediction, np.float64).reshape(-1)
    return add_trees(builder, coded, trees, groups=len(start), offset=start)


def _columns(model: Any) -> NDArray[np.int64]:
    """Return the column of each feature of the trees: those of categories come first."""
    if model.is_categorical_ is None:
        return np.arange(model.n_features_in_)
    categorical = np.asarray(model.is_categorical_, np.bool_)
    return np.concatenate([np.flatnonzero(categorical), np.flatnonzero(~categorical)])


def _known_values(model: Any) -> list[NDArray[np.float64]]:
    """Return the known values of each categorical column."""
    if model.is_categorical_ is None:
        return []
    return [_known(values) for values in model._preprocessor.named_transformers_["encoder"].categories_]


def _coded(builder: Builder, model: Any, rows: Value, known: list[NDArray[np.float64]]) -> Value:
    """Return rows whose categories are codes; gaps stay what they are."""
    if not known:
        return rows
    arrays = {
        "columns": np.flatnonzero(model.is_categorical_),
        "sizes": np.array([len(values) for values in known], np.int64),
        "known": np.concatenate(known),
    }
    return builder.step("positions", rows, arrays=arrays)


def _known(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return the known values of a column, in ascending order; a missing one, which is the last, is none."""
    if values.dtype.kind not in "iuf":
        raise NotLoweredError("histogram boosting encodes categories that are no numbers")
    return np.asarray(values[~np.isnan(values)], np.float64)


def _tree(tree: Any, columns: NDArray[np.int64], set_bytes: int) -> Tree:
    """Return a tree whose sets of categories have so many bytes, enough for all known ones."""
    nodes = tree.nodes
    leaf, categorical = nodes["is_leaf"] != 0, nodes["is_categorical"] != 0
    left, right = (np.where(leaf, -1, nodes[side].astype(np.int64)) for side in ("left", "right"))
    splits = np.where(leaf, 0, nodes["feature_idx"])
    missing_left = nodes["missing_go_to_left"] != 0
    if not (categorical & ~leaf).any():
        return Tree(left, right, columns[splits], nodes["num_threshold"], nodes["value"][:, None], missing_left)
    bits = tree.raw_left_cat_bitsets
    sets = bits[np.where(categorical & ~leaf, nodes["bitset_idx"], 0)].astype("<u4").view(np.uint8)[:, :set_bytes]
    thresholds = np.where(categorical, 0.0, nodes["num_threshold"])
    return Tree(
        left, right, columns[splits], thresholds, nodes["value"][:, None], missing_left, categorical & ~leaf, sets
    )
