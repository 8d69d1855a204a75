"""Trees and forests of scikit-learn: fractions of the classes, or values, in the leaves, averaged over the trees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder
from tenfold.program.tree_models.form import Tree, add_trees, matrix_of, single_of
from tenfold.program.values import Scores, Targets, Value

__all__ = ["lower_forest", "lower_forest_means", "lower_tree", "lower_tree_means", "tree_of"]


def lower_forest(builder: Builder, forest: Any, rows: Value) -> Scores:
    """Add the steps of a fitted forest, which predicts the class or labels of the highest mean fraction."""
    scores = _fractions(builder, forest, forest.estimators_, rows)
    return _scores(builder, forest, scores) if isinstance(forest.classes_, list) else Scores(scores, probabilities=True)


def lower_tree(builder: Builder, tree: Any, rows: Value) -> Scores:
    """Add the steps of a single fitted tree."""
    scores = _fractions(builder, tree, [tree], rows)
    if not isinstance(tree.classes_, list):
        return Scores(scores, probabilities=True)
    predicted = builder.step("above", _margins(builder, tree, scores), threshold=0.0)
    return Scores(_scores(builder, tree, scores).matrix, probabilities=True, predicted=predicted)


def lower_forest_means(builder: Builder, forest: Any, rows: Value) -> Targets:
    """Add the steps of a fitted forest of regression trees, which predicts the mean of what they do."""
    return _means(builder, forest.estimators_, rows)


def lower_tree_means(builder: Builder, tree: Any, rows: Value) -> Targets:
    """Add the steps of a single fitted regression tree."""
    return _means(builder, [tree], rows)


def _means(builder: Builder, members: Sequence[Any], rows: Value) -> Targets:
    rows = single_of(builder, matrix_of(rows, "a model of trees"))
    trees = [tree_of(one.tree_, one.tree_.value[:, :, 0]) for one in members]
    return builder.targets(add_trees(builder, rows, trees, mean=True))


def tree_of(tree: Any, values: NDArray[Any]) -> Tree:
    """Return a fitted ``tree_`` of scikit-learn with other values of its nodes, shape (nodes, columns)."""
    return Tree(
        tree.children_left,
        tree.children_right,
        tree.feature,
        tree.threshold,
        values,
        np.asarray(tree.missing_go_to_left, np.bool_),
    )


def _fractions(builder: Builder, model: Any, members: Sequence[Any], rows: Value) -> Value:
    """scikit-learn compares rows in single precision."""
    rows = single_of(builder, matrix_of(rows, "a model of trees"))
    sizes = np.atleast_1d(model.n_classes_).tolist()
    trees = [member.tree_ for member in members]
    counts = [_counts(tree, sizes) for tree in trees]
    values = counts if all(one is not None for one in counts) else [_classes(tree, sizes) for tree in trees]
    lowered = [tree_of(tree, one) for tree, one in zip(trees, values, strict=True) if one is not None]
    return add_trees(builder, rows, lowered, labels=len(sizes), mean=True)


def _classes(tree: Any, sizes: Sequence[int]) -> NDArray[np.float64]:
    """Return the fractions of the classes of all labels side by side: scikit-learn pads labels of fewer classes."""
    return np.concatenate([tree.value[:, label, :size] for label, size in enumerate(sizes)], axis=1)


def _counts(tree: Any, sizes: Sequence[int]) -> NDArray[np.int64] | None:
    """Return the counts that the fractions are of, where dividing them gives the same fractions bit for bit."""
    fractions, rows = _classes(tree, sizes), tree.weighted_n_node_samples[:, None]
    leaf = tree.children_left < 0
    counts = np.rint(fractions * rows)
    total = counts.sum(axis=1, keepdims=True)
    exact = (counts / rows == fractions).all(axis=1) & (total == len(sizes) * rows).all(axis=1) & (rows[:, 0] < 1 << 32)
    return counts.astype(np.int64) if bool(exact[leaf].all()) else None


def _scores(builder: Builder, model: Any, fractions: Value) -> Scores:
    """Return the fractions of 1 for each label, 0 for labels that were never 1."""
    columns, labels = _columns(model, 1)
    if not len(labels):
        return Scores(builder.zeros(len(model.classes_)), probabilities=True)
    ones = builder.step("select", fractions, arrays={"columns": columns})
    return Scores(_of_all_labels(builder, ones, labels, len(model.classes_)), probabilities=True)


def _margins(builder: Builder, model: Any, fractions: Value) -> Value:
    """Return how far 1 is ahead of 0 for each label: a tree predicts 0 where they are even."""
    width = fractions.type.width
    weights = np.zeros((len(model.classes_), width))
    for value, sign in ((0, -1.0), (1, 1.0)):
        columns, labels = _columns(model, value)
        weights[labels, columns] = sign
    return builder.step("linear", fractions, arrays={"weights": weights, "offset": np.zeros(len(weights))})


def _columns(model: Any, value: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the columns of the fractions of a value, and the labels that they are of."""
    starts = np.cumsum([0, *np.atleast_1d(model.n_classes_)[:-1]])
    places = [np.flatnonzero(np.asarray(classes) == value) for classes in model.classes_]
    labels = np.flatnonzero([len(place) > 0 for place in places])
    return np.array([starts[label] + places[label][0] for label in labels], np.int64), labels


def _of_all_labels(builder: Builder, ones: Value, labels: NDArray[np.int64], count: int) -> Value:
    if len(labels) == count:
        return ones
    return builder.step("place", ones, arrays={"columns": labels}, filling="zero", width=count)
