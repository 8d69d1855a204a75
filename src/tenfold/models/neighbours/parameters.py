"""Parameters that every classifier by neighbours has."""

from __future__ import annotations

from numbers import Integral
from typing import Any

from tenfold.models.neighbours.votes import Weights

__all__ = ["checked_count", "refuse_too_many", "refuse_unknown_weights"]


def checked_count(k: Any) -> int:
    """
    Give the number of neighbours, or raise ValueError where it is none.

    Examples
    --------
    >>> checked_count(5)
    5
    """
    if not isinstance(k, Integral) or k < 1:
        raise ValueError(f"n_neighbors must be a whole number of at least 1, not {k!r}")
    return int(k)


def refuse_too_many(k: int, rows: int, *, of_training: bool = False) -> None:
    """Raise ValueError where there are fewer rows than neighbours asked for; a training row is not its own."""
    if k > rows - of_training:
        raise ValueError(
            f"Expected n_neighbors {'<' if of_training else '<='} n_samples_fit, but n_neighbors = {k}, "
            f"n_samples_fit = {rows}"
        )


def refuse_unknown_weights(weights: Weights) -> None:
    """Raise ValueError where votes cannot be weighted so."""
    if not (callable(weights) or weights in {"uniform", "distance", None}):
        raise ValueError(f'weights must be "uniform", "distance", a callable or None, not {weights!r}')
