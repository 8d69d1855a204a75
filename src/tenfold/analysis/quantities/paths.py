"""How the weights of a linear model shrink as its penalty grows: ridge, lasso and elastic net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

__all__ = ["WeightPath", "read_weight_path", "weight_path"]

Floats = NDArray[np.float64]

_TIMES = np.geomspace(1e-3, 1e4, 22)
_KEYS = ("alpha", "regressor__alpha")


@dataclass(frozen=True)
class WeightPath:
    """
    Weights at several penalties.

    Parameters
    ----------
    names : tuple of str
        Of the m prepared columns.
    alphas : tuple of float
        Penalties, in order; among them the model's own.
    weights : tuple of tuple of float
        Of each penalty, m; in the unit of the target for each unit of a prepared column.
    own : float
        The penalty of the model itself.
    """

    names: tuple[str, ...]
    alphas: tuple[float, ...]
    weights: tuple[tuple[float, ...], ...]
    own: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def weight_path(pipeline: Pipeline, X: Any, y: Floats) -> WeightPath | None:
    """
    Fit the last step of a fitted pipeline at penalties from a thousandth to ten thousand times its own.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted; its last step may bring targets to one deviation first.
    X : array-like of n rows
    y : ndarray of float64, shape (n,)

    Returns
    -------
    WeightPath or None
        None where the last step has no penalty and one weight a column.

    Examples
    --------
    >>> from sklearn.linear_model import Ridge
    >>> from sklearn.preprocessing import StandardScaler
    >>> X = np.arange(20.0)[:, None]
    >>> fitted = Pipeline([("scale", StandardScaler()), ("model", Ridge())]).fit(X, X[:, 0])
    >>> path = weight_path(fitted, X, X[:, 0])
    >>> path.own, round(path.weights[0][0], 2), path.weights[-1][0] < 0.1
    (1.0, 5.77, True)
    """
    model = pipeline[-1]
    key = next((one for one in _KEYS if one in model.get_params()), None)
    if key is None or y.ndim != 1 or _weights(model) is None:
        return None
    own = float(model.get_params()[key])
    prepared = pipeline[:-1].transform(X)
    alphas = sorted({*(own * _TIMES).tolist(), own})
    fits = [_weights(clone(model).set_params(**{key: alpha}).fit(prepared, y)) for alpha in alphas]
    rows = tuple(tuple(one.tolist()) for one in fits if one is not None)
    return WeightPath(_names(pipeline, len(rows[0])), tuple(alphas), rows, own) if own > 0 else None


def _weights(model: Any) -> Floats | None:
    """The weights in the unit of the target; None of a model without one weight a column."""
    inner = getattr(model, "regressor_", model)
    weights = getattr(inner, "coef_", None)
    if weights is None or np.ndim(weights) != 1:
        return None
    transformer = getattr(model, "transformer_", None)
    if transformer is None:
        return np.asarray(weights, np.float64)
    scale = getattr(transformer, "scale_", None)  # a logarithm has none: no weight of it is in the unit of the target
    return None if scale is None else np.asarray(weights, np.float64) * float(scale[0])


def _names(pipeline: Pipeline, count: int) -> tuple[str, ...]:
    try:
        names = tuple(str(name) for name in pipeline[:-1].get_feature_names_out())
    except (AttributeError, ValueError):  # steps that do not name what they give
        names = ()
    return names if len(names) == count else tuple(f"column {number}" for number in range(1, count + 1))


def read_weight_path(plain: Mapping[str, Any]) -> WeightPath:
    """Read what `WeightPath.as_dict` gave."""
    weights = tuple(tuple(row) for row in plain["weights"])
    return WeightPath(tuple(plain["names"]), tuple(plain["alphas"]), weights, plain["own"])
