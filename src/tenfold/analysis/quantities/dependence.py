"""How predictions move with one column, all others as they are: partial dependence, with how rows differ in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Dependence", "dependence_on", "read_dependence"]

Floats = NDArray[np.float64]

_GRID, _VALUES = 20, 8
_ENDS = (0.02, 0.98)
_SPREAD = (0.1, 0.9)
_FEW_NUMBERS = 10


@dataclass(frozen=True)
class Dependence:
    """
    Predictions of some rows along the values of one column.

    Parameters
    ----------
    column : str
    kind : {"number", "value"}
    places : tuple of (float or str)
        The values, numbers in order.
    mean : tuple of float
        Mean prediction where every row has that value.
    low, high : tuple of float
        Between these nine of ten rows less one of ten move: 10 % and 90 % of the rows' own curves, each brought to the
        same mean, as Goldstein, Kapelner, Bleich and Pitkin (2015), J. Comp. Graph. Stat. 24:44, draw them.
    rows : int
    """

    column: str
    kind: Literal["number", "value"]
    places: tuple[float | str, ...]
    mean: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    rows: int

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def dependence_on(column: str, X: pd.DataFrame, predict: Callable[[pd.DataFrame], Floats]) -> Dependence | None:
    """
    Predict rows with each of up to 20 values of a column in turn: Friedman (2001), Annals of Statistics 29:1189.

    Parameters
    ----------
    column : str
    X : DataFrame of m rows
        That the model was not fitted on.
    predict : callable
        From rows to predictions, shape (m,).

    Returns
    -------
    Dependence or None
        None where the column has fewer than two values.

    Examples
    --------
    >>> X = pd.DataFrame({"a": np.arange(11.0), "b": np.zeros(11)})
    >>> one = dependence_on("a", X, lambda rows: 2 * rows["a"].to_numpy())
    >>> round(one.mean[0], 9), round(one.mean[-1], 9), np.allclose(one.low, one.high)
    (0.4, 19.6, True)
    """
    kind, values = _values(X[column])
    if len(values) < 2:
        return None
    curves = np.stack([predict(X.assign(**{column: _filled(X[column], value)})) for value in values])
    means = curves.mean(axis=1)
    own = curves - curves.mean(axis=0) + curves.mean()
    low, high = np.quantile(own, _SPREAD, axis=1)
    mean, lower, upper = (tuple(line.tolist()) for line in (means, low, high))
    places = tuple(float(value) if kind == "number" else str(value) for value in values)
    return Dependence(column, kind, places, mean, lower, upper, len(X))


def _values(column: pd.Series[Any]) -> tuple[Literal["number", "value"], list[Any]]:
    known = column.dropna()
    numeric = pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    if not numeric:
        counts = known.value_counts()
        return "value", sorted(counts.index[:_VALUES].tolist(), key=str)
    if known.nunique() <= _FEW_NUMBERS:
        return "number", sorted(known.unique().tolist())
    low, high = np.quantile(known.to_numpy(np.float64), _ENDS)
    whole = pd.api.types.is_integer_dtype(column)
    grid = np.linspace(low, high, _GRID)
    return "number", np.unique(np.rint(grid) if whole else grid).tolist()


def _filled(column: pd.Series[Any], value: Any) -> pd.Series[Any]:
    """A column of one value, of the same type, which a pipeline may look at."""
    if pd.api.types.is_integer_dtype(column):
        return pd.Series(np.full(len(column), round(value)), index=column.index).astype(column.dtype)
    return pd.Series([value] * len(column), index=column.index).astype(column.dtype)


def read_dependence(plain: Mapping[str, Any]) -> Dependence:
    """Read what `Dependence.as_dict` gave."""
    lines = {key: tuple(plain[key]) for key in ("places", "mean", "low", "high")}
    return Dependence(plain["column"], plain["kind"], rows=plain["rows"], **lines)
