"""Boosted trees of CatBoost, from its public JSON: one split a level, and leaves numbered by them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.tree_models.form import Tree, add_trees, matrix_of, single_of
from tenfold.program.values import Scores, Targets, Value

__all__ = ["lower_catboost", "lower_catboost_targets"]

_LINKS = {"Logloss": "logistic", "CrossEntropy": "logistic", "MultiClass": "softmax"}


def lower_catboost(builder: Builder, model: Any, rows: Value) -> Scores:
    """Add the steps of a fitted `CatBoostClassifier` of numbers."""
    link, raw = _sums(builder, model, rows, _LINKS)
    return Scores(builder.step(link, raw), probabilities=True)


def lower_catboost_targets(builder: Builder, model: Any, rows: Value) -> Targets:
    """Add the steps of a fitted `CatBoostRegressor` of numbers."""
    link, raw = _sums(builder, model, rows, _TARGETS)
    return builder.targets(raw if link == "identity" else builder.step("activation", raw, function=link))


_TARGETS = {
    **dict.fromkeys(
        ("Expectile", "Huber", "LogCosh", "Lq", "MAE", "MAPE", "MultiRMSE", "Quantile", "RMSE"), "identity"
    ),
    **dict.fromkeys(("Poisson", "Tweedie"), "exp"),
}
"""Losses of quantities -> what makes predictions of sums."""


def _sums(builder: Builder, model: Any, rows: Value, links: Mapping[str, str]) -> tuple[str, Value]:
    """Return the link of the loss, and what the trees sum up to."""
    plain = _description(model)
    loss = plain["model_info"]["params"]["loss_function"]["type"]
    if loss not in links or "oblivious_trees" not in plain:
        raise NotLoweredError(f"it holds CatBoost of '{loss}', or of trees that are not symmetric")
    rows = single_of(builder, matrix_of(rows, "CatBoost"))
    scale, start = plain["scale_and_bias"]
    columns = len(start)
    treatments = [one.get("nan_value_treatment", "AsIs") for one in plain["features_info"]["float_features"]]
    flat = [one["flat_feature_index"] for one in plain["features_info"]["float_features"]]
    trees = [_tree(one, columns, flat, treatments, scale) for one in plain["oblivious_trees"]]
    if not trees:
        raise NotLoweredError("it holds CatBoost without a tree")
    return links[loss], add_trees(builder, rows, trees, offset=np.asarray(start, np.float64))


def _description(model: Any) -> Any:
    """CatBoost writes its JSON into a file alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        return json.loads(path.read_text("utf-8"))


def _tree(plain: Mapping[str, Any], columns: int, flat: list[int], treatments: list[str], scale: float) -> Tree:
    """Bit i of the number of a leaf says that split i holds, so the last split is that of the root."""
    splits = plain["splits"][::-1]
    if any(split["split_type"] != "FloatFeature" for split in splits):
        raise NotLoweredError("it holds CatBoost of categories or texts")
    depth = len(splits)
    levels = np.repeat(np.arange(depth + 1), 1 << np.arange(depth + 1))
    inner = levels < depth
    children = 2 * np.arange(len(levels)) + 1
    numbers = [split["float_feature_index"] for split in splits]
    values = np.zeros((len(levels), columns))
    values[~inner] = np.asarray(plain["leaf_values"], np.float64).reshape(-1, columns) * scale
    return Tree(
        np.where(inner, children, -1),
        np.where(inner, children + 1, -1),
        np.array([*(flat[number] for number in numbers), 0])[levels],
        np.array([*(float(np.float32(split["border"])) for split in splits), 0.0])[levels],
        values,
        np.array([*(treatments[number] != "AsTrue" for number in numbers), True])[levels],
    )
