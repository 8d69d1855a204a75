"""Weights against the penalty: those of the model itself stand among them, and they shrink."""

import json

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.linear_model import Lasso, LinearRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeRegressor

from tenfold.analysis.quantities.paths import read_weight_path, weight_path


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    X = rng.normal(5, 3, (120, 4))
    return X, 1000 * (X @ np.array([3.0, -2.0, 0.5, 0.0])) + rng.normal(0, 300, 120)


def _cube(values):
    return values**3


def _fitted(model, rows):
    return Pipeline([("scale", StandardScaler()), ("model", model)]).fit(*rows)


def test_the_weights_of_the_model_itself_are_among_them(rows):
    fitted = _fitted(Ridge(alpha=2.0), rows)
    path = weight_path(fitted, *rows)
    assert path.own == 2.0
    assert path.weights[path.alphas.index(2.0)] == pytest.approx(fitted[-1].coef_)
    assert list(path.alphas) == sorted(path.alphas)
    sizes = np.linalg.norm(path.weights, axis=1)
    assert (np.diff(sizes) < 0).all()
    assert read_weight_path(json.loads(json.dumps(path.as_dict()))) == path


def test_weights_are_in_the_unit_of_the_target_where_targets_are_scaled_first(rows):
    scaled = TransformedTargetRegressor(Lasso(alpha=1e-6), transformer=StandardScaler())
    path = weight_path(_fitted(scaled, rows), *rows)
    plain = _fitted(LinearRegression(), rows)
    assert path.weights[0] == pytest.approx(plain[-1].coef_, rel=1e-3, abs=1)
    assert path.names == ("x0", "x1", "x2", "x3")


@pytest.mark.parametrize(
    "model",
    [
        LinearRegression(),
        DecisionTreeRegressor(max_depth=2),
        TransformedTargetRegressor(Ridge(), func=np.cbrt, inverse_func=_cube, check_inverse=False),
    ],
)
def test_a_model_without_a_penalty_in_the_unit_of_the_target_has_no_path(rows, model):
    assert weight_path(_fitted(model, rows), *rows) is None


def test_several_targets_have_no_path(rows):
    X, y = rows
    both = np.column_stack([y, -y])
    assert weight_path(_fitted(Ridge(), (X, both)), X, both) is None
