"""A figure that never stands alone: its value with interval, n and provenance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Estimate"]


@dataclass(frozen=True)
class Estimate:
    """
    One figure with everything needed to trust it.

    Parameters
    ----------
    value : float or None
        The pooled value over all rows; None where it is undefined (`reason` says why).
    low, high : float or None
        Ends of the 95 % interval.
    n : int
        Rows the value was computed on (for recall, the rows of that class; for precision, the rows called so).
    interval : str
        How the interval was computed, such as ``"Wilson 95%"``.
    positives : int or None
        Rows of the positive class, where one class is meant.
    folds : tuple of (float or None)
        The value on each fold alone, in order of fold; empty where there are no folds.
    reason : str or None
        Why `value` is None.

    Examples
    --------
    >>> Estimate(0.5, 0.2, 0.8, n=10, interval="Wilson 95%").as_dict()["value"]
    0.5
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    interval: str = ""
    positives: int | None = None
    folds: tuple[float | None, ...] = ()
    reason: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Give the form it has in metrics.json: empty fields left out, undefined as None."""
        optional = {"positives": self.positives, "folds": list(self.folds) or None, "reason": self.reason}
        present = {key: value for key, value in optional.items() if value is not None}
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "interval": self.interval,
            **present,
        }
