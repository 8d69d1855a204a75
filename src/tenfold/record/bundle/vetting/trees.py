"""
Arrays of decision trees: scikit-learn follows their indices without looking, so they are looked at here.

A tree whose child or feature index lies outside its array crashes the process at the first prediction. All
checks run on the arrays as stored, before any object is built from them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.packed import array_values, whole_values
from tenfold.record.bundle.vetting.classifiers import class_counts
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import StoredArrays, items_of, plain_value
from tenfold.task import CLASS_LIMIT

__all__ = ["check_boosting", "check_forest", "check_tree", "check_tree_classifier", "check_tree_owner"]

_DEEPEST = 10_000
_CATEGORY_WORDS = 8  # 256 categories in words of 32 bits


def check_tree(tree: Stored, read: StoredArrays) -> None:
    """
    Check the arrays of one tree of a forest.

    Parameters
    ----------
    tree : Stored
        Node of a ``sklearn.tree._tree.Tree``: its arguments (features, classes, outputs) and its state.
    read : StoredArrays

    Raises
    ------
    Refused
    """
    features, classes, outputs = _arguments(tree, read)
    state = tree.parts["content"].parts
    nodes, values = read(state["nodes"]), read(state["values"])
    demand(nodes.ndim == 1 and nodes.size and state["node_count"].value == nodes.size, "a tree has a wrong node count")
    demand(values.shape == (nodes.size, outputs, int(classes.max())), "a tree has values of a wrong shape")
    demand(bool(((values >= 0) & (values <= 1 + 1e-6)).all()), "a tree has values that are no fractions")
    left, right = nodes["left_child"].astype(np.int64), nodes["right_child"].astype(np.int64)
    inner = left != -1
    demand(bool((right[~inner] == -1).all()), "a tree has a leaf with one child")
    _check_shape(left, right, inner)
    _check_splits(nodes["feature"][inner], nodes["threshold"][inner], features)
    _check_depth(left, right, state["max_depth"].value)


def _arguments(tree: Stored, read: StoredArrays) -> tuple[int, NDArray[Any], int]:
    features, classes, outputs = tree.parts["args"].parts.values()
    counts = read(classes)
    demand(type(features.value) is int and features.value > 0, "a tree has no features")
    demand(type(outputs.value) is int and counts.shape == (outputs.value,), "a tree has a wrong number of outputs")
    demand(counts.size and counts.dtype == np.int64, "a tree has a wrong number of classes")
    demand(bool(((counts > 0) & (counts <= CLASS_LIMIT)).all()), "a tree has a wrong number of classes")
    return features.value, counts, outputs.value


def _check_shape(left: NDArray[np.int64], right: NDArray[np.int64], inner: NDArray[np.bool_]) -> None:
    """Each node but the first is the child of exactly one earlier node: a tree, without cycles."""
    count = len(left)
    parents = np.flatnonzero(inner)
    children = np.concatenate([left[inner], right[inner]])
    demand(bool((children > np.concatenate([parents, parents])).all()), "a tree has a child before its parent")
    demand(bool((children < count).all()), "a tree has a child index outside its nodes")
    demand(bool((np.bincount(children, minlength=count)[1:] == 1).all()), "a tree has a node with two parents or none")


def _check_splits(feature: NDArray[Any], threshold: NDArray[Any], features: int) -> None:
    inside = (feature >= 0) & (feature < features)
    demand(bool(inside.all()), f"a tree splits on a feature outside its {features}")
    demand(not bool(np.isnan(threshold).any()), "a tree splits at a threshold that is no number")


def _check_depth(left: NDArray[np.int64], right: NDArray[np.int64], claimed: Any) -> None:
    """The claimed depth sizes buffers of scikit-learn, so no path may be longer."""
    demand(type(claimed) is int and 0 <= claimed <= _DEEPEST, "a tree has an odd depth")
    level = np.zeros(1, np.int64)
    for _ in range(claimed):
        level = level[left[level] != -1]
        level = np.concatenate([left[level], right[level]])
        if not level.size:
            return
    demand(bool((left[level] == -1).all()), "a tree is deeper than it says")


def check_tree_owner(tree: Stored, owners: tuple[Stored, ...]) -> None:
    """A tree belongs to a tree classifier of as many features: that is what rows are checked against."""
    demand(owners, "a tree stands outside a classifier")
    owner = owners[-1]
    demand(owner.type.startswith("sklearn.tree._classes."), "a tree stands outside a classifier")
    features = next(iter(tree.parts["args"].parts.values())).value
    demand(attributes(owner)["n_features_in_"].value == features, "a tree has other features than its classifier")


def check_tree_classifier(model: Stored, read: StoredArrays) -> None:
    """The tree of a classifier has its classes, for each output."""
    own = attributes(model)
    _, classes, _ = own["tree_"].parts["args"].parts.values()
    counts = read(classes).tolist()
    demand(class_counts(own, read) == counts, "a tree has other classes than its classifier")
    several = own["n_classes_"].type == "numpy.ndarray"
    sizes = read(own["n_classes_"]).tolist() if several else [plain_value(own["n_classes_"], read)]
    demand(sizes == counts and own["n_outputs_"].value == len(counts), "a tree has other classes than its classifier")


def check_forest(forest: Stored, read: StoredArrays) -> None:
    """A forest hands rows to its trees unchecked: all must be tree classifiers of as many features and classes."""
    own = attributes(forest)
    members, counts = items_of(own["estimators_"]), class_counts(own, read)
    several = own["n_classes_"].kind != "JsonNode"
    sizes = whole_values(own["n_classes_"], read) if several else [own["n_classes_"].value]
    demand(members and sizes == counts and own["n_outputs_"].value == len(counts), "a forest has classes out of range")
    for member in members:
        tree = attributes(member)
        demand(member.type.startswith("sklearn.tree._classes."), "a forest has a member that is no tree")
        demand(tree["n_features_in_"].value == own["n_features_in_"].value, "a forest has trees of other features")
        demand(class_counts(tree, read) == counts, "a forest has trees of other classes")


def check_boosting(model: Stored, read: StoredArrays) -> None:
    """Check every tree of a histogram boosting model against its features, categories and classes."""
    own = attributes(model)
    features = own["_n_features"].value
    demand(
        type(features) is int and own["n_features_in_"].value == features, "boosting has other features than it says"
    )
    classes = len(read(own["classes_"]))
    each_round = 1 if classes == 2 else classes
    demand(own["n_trees_per_iteration_"].value == each_round, "boosting has trees of other classes")
    header = read.header(own["_baseline_prediction"])
    demand(header is not None and header.shape in {(), (1, each_round)}, "boosting starts from other classes")
    categorical = _categorical(attributes(own["_bin_mapper"]), read, features)
    for trees in own["_predictors"].parts.values():
        demand(len(trees.parts) == each_round, "a round of boosting lacks a tree")
        for tree in trees.parts.values():
            _check_predictor(attributes(tree), read, categorical)


def _categorical(bins: Mapping[str, Stored], read: StoredArrays, features: int) -> NDArray[np.bool_]:
    """Which features are categories; their known values index 256 bits."""
    flags = read(bins["is_categorical_"])
    values = array_values(bins["bin_thresholds_"], read)
    demand(flags.shape == (features,) and len(values) == features, "boosting has bins for other features")
    for feature in np.flatnonzero(flags):
        known = values[feature]
        inside = known is not None and bool(((known >= 0) & (known < 32 * _CATEGORY_WORDS)).all())
        demand(inside, "boosting knows a category past 255")
    return flags.astype(bool)


def _check_predictor(tree: Mapping[str, Stored], read: StoredArrays, categorical: NDArray[np.bool_]) -> None:
    nodes, sets = read(tree["nodes"]), read(tree["raw_left_cat_bitsets"])
    demand(nodes.ndim == 1 and nodes.size, "a boosted tree has no nodes")
    demand(bool((nodes["is_leaf"] <= 1).all()), "a boosted tree has a node that is neither leaf nor split")
    inner = nodes["is_leaf"] == 0
    _check_shape(nodes["left"].astype(np.int64), nodes["right"].astype(np.int64), inner)
    split = nodes[inner]
    _check_splits(split["feature_idx"], split["num_threshold"], len(categorical))
    demand(bool(np.isfinite(nodes["value"]).all()), "a boosted tree has a value that is no number")
    coded = split[split["is_categorical"] != 0]
    demand(bool(categorical[coded["feature_idx"]].all()), "a boosted tree splits a number as a category")
    demand(sets.ndim == 2 and sets.shape[1] == _CATEGORY_WORDS, "a boosted tree has category sets of a wrong shape")
    demand(bool((coded["bitset_idx"] < len(sets)).all()), "a boosted tree has a category set index out of range")
