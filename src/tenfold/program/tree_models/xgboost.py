"""Boosted trees of XGBoost, from its public JSON: sums in single precision, and their link."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.tree_models.form import Tree, add_trees, in_turn, matrix_of, single_of
from tenfold.program.values import Scores, Targets, Value

__all__ = ["lower_xgboost", "lower_xgboost_targets"]

_LINKS = {"binary:logistic": "logistic", "multi:softprob": "softmax", "multi:softmax": "softmax"}


def lower_xgboost(builder: Builder, model: Any, rows: Value) -> Scores:
    """Add the steps of a fitted `XGBClassifier` of one class a row."""
    learner = _learner(model, _LINKS)
    if np.ndim(model.classes_) != 1:
        raise NotLoweredError("it holds XGBoost of several labels")
    link, sizes = _LINKS[learner["objective"]["name"]], learner["learner_model_param"]
    groups = int(sizes["num_class"]) if link == "softmax" else 1
    if int(sizes.get("num_target", 1)) > 1:
        raise NotLoweredError("it holds XGBoost of several labels")
    raw = _sums(builder, model, learner, rows, _start(sizes["base_score"], link, groups))
    return Scores(builder.step("cast", builder.step(link, raw), dtype="float64"), probabilities=True)


def lower_xgboost_targets(builder: Builder, model: Any, rows: Value) -> Targets:
    """Add the steps of a fitted `XGBRegressor`, of one target or several."""
    learner = _learner(model, _TARGETS)
    link, sizes = _TARGETS[learner["objective"]["name"]], learner["learner_model_param"]
    groups = max(1, int(sizes.get("num_target", 1)))
    raw = _sums(builder, model, learner, rows, _start(sizes["base_score"], link, groups))
    return builder.targets(raw if link == "identity" else builder.step("activation", raw, function=link))


_TARGETS = {
    "reg:squarederror": "identity",
    "reg:absoluteerror": "identity",
    "reg:pseudohubererror": "identity",
    "reg:quantileerror": "identity",
    "reg:squaredlogerror": "identity",
    "reg:logistic": "logistic",
    "count:poisson": "exp",
    "reg:gamma": "exp",
    "reg:tweedie": "exp",
}
"""Objectives of quantities -> what makes predictions of sums."""


def _learner(model: Any, links: Mapping[str, str]) -> Any:
    learner = json.loads(model.get_booster().save_raw("json"))["learner"]
    objective, booster = learner["objective"]["name"], learner["gradient_booster"]
    if objective not in links or booster["name"] != "gbtree":
        raise NotLoweredError(f"it holds XGBoost of '{objective}' by '{booster['name']}'")
    if not np.isnan(model.missing):
        raise NotLoweredError("it holds XGBoost that takes a number for a missing value")
    return learner


def _sums(builder: Builder, model: Any, learner: Any, rows: Value, start: NDArray[np.float32]) -> Value:
    rows = single_of(builder, matrix_of(rows, "XGBoost"))
    trees = _trees(learner["gradient_booster"]["model"], _rounds(model), len(start))
    return add_trees(builder, rows, trees, groups=len(start), offset=start)


def _rounds(model: Any) -> int | None:
    """Return how many rounds count: up to the best one, where fitting was stopped early."""
    best = getattr(model, "best_iteration", None)
    return None if best is None else int(best) + 1


def _trees(model: Any, rounds: int | None, groups: int) -> Sequence[Tree]:
    limit = model["iteration_indptr"][rounds] if rounds is not None else len(model["trees"])
    return in_turn([_tree(one) for one in model["trees"][:limit]], model["tree_info"][:limit], groups)


def _tree(plain: Any) -> Tree:
    """Rows under a threshold go left, so those up to the largest number under it."""
    if any(plain["split_type"]) or int(plain["tree_param"]["size_leaf_vector"]) > 1:
        raise NotLoweredError("it holds XGBoost of categories, or of several values a leaf")
    conditions = np.asarray(plain["split_conditions"], np.float32)
    thresholds = np.nextafter(conditions, np.float32(-np.inf)).astype(np.float64)
    left, right, features = (np.asarray(plain[name]) for name in ("left_children", "right_children", "split_indices"))
    return Tree(left, right, features, thresholds, conditions[:, None], np.asarray(plain["default_left"], np.bool_))


def _start(text: str, link: str, groups: int) -> NDArray[np.float32]:
    """Return what the sums start from; kept is what a row without a tree is predicted to be."""
    numbers = np.asarray(json.loads(text if text.startswith("[") else f"[{text}]"), np.float32)
    if link == "logistic":
        numbers = -np.log(1 / numbers - 1)
    if link == "exp":
        numbers = np.log(numbers)
    return np.ascontiguousarray(np.broadcast_to(numbers.astype(np.float32), groups))
