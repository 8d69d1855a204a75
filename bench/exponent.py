"""How time grows with rows: the exponent of a power law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import linregress

from tenfold.errors import UsageError

__all__ = ["Exponent", "exponent"]

_FEWEST = 3


@dataclass(frozen=True)
class Exponent:
    """
    Seconds = factor x rows ** value.

    Parameters
    ----------
    value, error : float
        The exponent and its standard error.
    factor : float
    """

    value: float
    error: float
    factor: float

    def seconds(self, rows: float) -> float:
        """Give the seconds on the fitted line."""
        return float(self.factor * rows**self.value)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {"value": self.value, "standard_error": self.error, "factor": self.factor}


def exponent(rows: Sequence[float], seconds: Sequence[float]) -> Exponent:
    """
    Fit a power law by least squares on the logarithms of both.

    Parameters
    ----------
    rows, seconds : sequence of float
        Positive, of equal length; at least three different numbers of rows.

    Raises
    ------
    UsageError
        Fewer.

    Examples
    --------
    >>> found = exponent([1, 10, 100], [2, 20, 200])
    >>> round(found.value, 6), round(found.factor, 6), found.error < 1e-6
    (1.0, 2.0, True)
    """
    if len(set(rows)) < _FEWEST:
        raise UsageError(f"an exponent needs at least {_FEWEST} numbers of rows, not {len(set(rows))}", do="give more")
    if len(set(seconds)) == 1:
        return Exponent(0.0, 0.0, float(seconds[0]))
    found = linregress(np.log(rows), np.log(seconds))
    return Exponent(float(found.slope), float(found.stderr), float(np.exp(found.intercept)))
