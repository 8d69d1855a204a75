"""Gradient boosting and AdaBoost of scikit-learn: sums over trees, and their link."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.tree_models.forests import tree_of
from tenfold.program.tree_models.form import Tree, add_trees, matrix_of, single_of
from tenfold.program.values import Scores, Targets, Value

__all__ = ["lower_ada_boost", "lower_boosted_targets", "lower_gradient_boosting"]


def lower_gradient_boosting(builder: Builder, model: Any, rows: Value) -> Scores:
    """Add the steps of a fitted `GradientBoostingClassifier` that starts from the frequencies of the classes, or 0."""
    groups = model.estimators_.shape[1]
    raw = _sums(builder, model, rows, _start(model, groups))
    if groups > 1:
        # scikit-learn predicts the class of the highest sum.
        predicted = builder.step("arg_max", raw)
        return Scores(builder.step("softmax", raw), probabilities=True, decision=raw, predicted=predicted)
    odds = builder.step("standardise", raw, arrays={"scale": np.array([0.5])}) if model.loss == "exponential" else raw
    predicted = _second_from_zero(builder, raw)
    return Scores(builder.step("logistic", odds), probabilities=True, decision=raw, predicted=predicted)


def lower_boosted_targets(builder: Builder, model: Any, rows: Value) -> Targets:
    """Add the steps of a fitted `GradientBoostingRegressor` that starts from the same value for each row."""
    if isinstance(model.init, str):
        start = np.zeros(1)
    elif hasattr(model.init_, "constant_"):
        start = np.asarray(model.init_.constant_, np.float64).reshape(-1)
    else:
        raise NotLoweredError("it holds gradient boosting that starts from another model")
    return builder.targets(_sums(builder, model, rows, start))


def _sums(builder: Builder, model: Any, rows: Value, start: NDArray[np.float64]) -> Value:
    rows = single_of(builder, builder.without_gaps(matrix_of(rows, "gradient boosting")))
    members = [one.tree_ for together in model.estimators_ for one in together]
    trees = [tree_of(one, model.learning_rate * one.value[:, 0]) for one in members]
    return add_trees(builder, rows, trees, groups=len(start), offset=start)


def _second_from_zero(builder: Builder, raw: Value) -> Value:
    """Predict the second class where the sum is 0 or more: of equal scores the first counts, so it stands first."""
    both = builder.step("select", builder.step("both_signs", raw), arrays={"columns": np.array([1, 0])})
    return builder.step("recode", builder.step("arg_max", both), arrays={"codes": np.array([1, 0])}, classes=2)


def _start(model: Any, groups: int) -> NDArray[np.float64]:
    if model.init == "zero":
        return np.zeros(groups)
    start = model.init_
    if type(start).__module__ != "sklearn.dummy" or getattr(start, "strategy", None) != "prior":
        raise NotLoweredError("it holds gradient boosting that starts from another model")
    smallest = np.finfo(np.float64).eps
    prior = np.clip(np.asarray(start.class_prior_, np.float64), smallest, 1 - smallest)
    if groups > 1:
        return np.asarray(np.log(prior) - np.log(prior).mean(), np.float64)
    odds = np.log(prior[1:] / (1 - prior[1:]))
    return np.asarray(odds / 2 if model.loss == "exponential" else odds, np.float64)


def lower_ada_boost(builder: Builder, model: Any, rows: Value) -> Scores:
    """
    Add the steps of a fitted `AdaBoostClassifier` of trees, each of which votes with its weight for one class.

    The probabilities are those of Zhu, Zou, Rosset and Hastie, Multi-class AdaBoost, 2009.
    """
    names = {f"{type(one).__module__}.{type(one).__qualname__}" for one in model.estimators_}
    if not names <= {"sklearn.tree._classes.DecisionTreeClassifier", "sklearn.tree._classes.ExtraTreeClassifier"}:
        raise NotLoweredError("it holds AdaBoost of other models than trees")
    classes = len(model.classes_)
    if classes < 2:
        raise NotLoweredError("it holds AdaBoost of a single class")
    rows = single_of(builder, builder.without_gaps(matrix_of(rows, "AdaBoost")))
    # The weights of the trees up to the last that was fitted.
    weights = np.asarray(model.estimator_weights_, np.float64)
    trees = [_votes(one, weight, model.classes_) for one, weight in zip(model.estimators_, weights, strict=False)]
    votes = add_trees(builder, rows, trees)
    total = np.full(classes, weights.sum())
    decision = builder.step("standardise", votes, arrays={"scale": total})
    if classes == 2:
        ahead = {"weights": np.array([[-1.0, 1.0]]), "offset": np.zeros(1)}
        decision = builder.step("linear", decision, arrays=ahead)
        odds = builder.step("both_signs", decision)
        odds = builder.step("standardise", odds, arrays={"scale": np.full(2, 2.0)})
    else:
        odds = builder.step("standardise", decision, arrays={"scale": np.full(classes, classes - 1.0)})
    predicted = builder.step("arg_max", decision)
    return Scores(builder.step("softmax", odds), probabilities=True, predicted=predicted)


def _votes(member: Any, weight: float, classes: NDArray[Any]) -> Tree:
    tree = member.tree_
    winners = np.searchsorted(classes, member.classes_[tree.value[:, 0].argmax(axis=1)])
    votes = np.where(winners[:, None] == np.arange(len(classes)), weight, -1 / (len(classes) - 1) * weight)
    return tree_of(tree, votes)
