"""Linear models: a weight for each value, found by least squares, with or without a penalty."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from sklearn.linear_model import ElasticNet, Lasso, LinearRegression, Ridge
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.regressors.targets import of_unit_targets
from tenfold.candidates.setting import Setting

__all__ = ["ENTRIES"]

_ITERATIONS = 10_000
_LASSO = 0.01
"""Of the deviation of the target: a penalty that leaves most weights as they are, and takes those of noise."""


def _scaled(setting: Setting, estimator: Any) -> Pipeline:
    # Double precision throughout: these are solved exactly, and so compared. Pixels stay on their one scale: divided by
    # its own deviation, a corner that is nearly always empty would outweigh all others where it is not.
    return pipeline_for(setting, estimator, scaling=usual_scaling(setting), dtype="float64")


def _linear(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return ordinary least squares by singular values, which dependent columns do not harm."""
    return _scaled(setting, LinearRegression())


def _ridge(setting: Setting, modifiers: Modifiers) -> Pipeline:
    return _scaled(setting, Ridge(alpha=1.0))


def _lasso(setting: Setting, modifiers: Modifiers) -> Pipeline:
    return _scaled(setting, of_unit_targets(Lasso(alpha=_LASSO, max_iter=_ITERATIONS, random_state=setting.seed)))


def _elastic(setting: Setting, modifiers: Modifiers) -> Pipeline:
    model = ElasticNet(alpha=_LASSO, l1_ratio=0.5, max_iter=_ITERATIONS, random_state=setting.seed)
    return _scaled(setting, of_unit_targets(model))


def _poly(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return ridge regression on products of columns; they are brought to one scale again."""
    degree = 3 if "3" in modifiers else 2
    pipeline = _scaled(setting, Ridge(alpha=1.0))
    products = PolynomialFeatures(degree, include_bias=False)
    return Pipeline([*pipeline.steps[:-1], ("products", products), ("scale", StandardScaler()), pipeline.steps[-1]])


def _seconds(factor: float, setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 0.1 s for 16,000 rows of 13 values."""
    return factor * (0.02 + 3e-9 * rows * setting.values**2 + 5e-8 * (rows + queries) * setting.values)


def _products_seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return the time of as many values as there are products."""
    degree = 3 if "3" in modifiers else 2
    values = float(setting.values**degree / (2 if degree == 2 else 6))
    return 0.05 + 2e-9 * rows * values**2 + 1e-7 * (rows + queries) * values


def _entry(
    name: str,
    summary: str,
    good_for: str,
    build: Callable[[Setting, Modifiers], Pipeline],
    search_space: dict[str, tuple[Any, ...]],
    factor: float = 1.0,
) -> Entry:
    return Entry(
        name=name,
        summary=summary,
        good_for=good_for,
        cost="a moment",
        build=build,
        seconds=partial(_seconds, factor),
        search_space=search_space,
    )


_ALPHAS = (1e-3, 1e-2, 0.1, 1.0)

ENTRIES = (
    _entry("linear", "linear regression by least squares", "a readable start; few columns", _linear, {}),
    _entry(
        "ridge",
        "linear regression with a quadratic penalty",
        "a strong, readable start; columns that depend on one another",
        _ridge,
        {"model__alpha": (0.1, 1.0, 10.0, 100.0)},
    ),
    _entry(
        "lasso",
        "linear regression that leaves columns out",
        "many columns of which few matter",
        _lasso,
        {"model__regressor__alpha": _ALPHAS},
        3.0,
    ),
    _entry(
        "elastic",
        "linear regression between ridge and lasso",
        "many columns in groups that go together",
        _elastic,
        {"model__regressor__alpha": _ALPHAS, "model__regressor__l1_ratio": (0.1, 0.5, 0.9)},
        3.0,
    ),
    Entry(
        name="poly",
        summary="ridge regression on columns and their products of two",
        good_for="few columns that work together or bend",
        cost="a moment; grows with the fourth power of the columns",
        build=_poly,
        seconds=_products_seconds,
        modifiers={"2": "products of two, as by default", "3": "products of up to three"},
        search_space={"model__alpha": (0.1, 1.0, 10.0, 100.0)},
    ),
)
"""Linear models, the plainest first."""
