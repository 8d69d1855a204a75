"""The difference of a metric between two candidates, with its interval."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Difference"]


@dataclass(frozen=True)
class Difference:
    """
    A candidate's metric less the best one's, on the same rows, with its 95 % interval.

    Parameters
    ----------
    value, low, high : float
    interval : str
        How the interval was computed.
    """

    value: float
    low: float
    high: float
    interval: str

    @property
    def contains_zero(self) -> bool:
        """Whether the two cannot be told apart."""
        return self.low <= 0 <= self.high
