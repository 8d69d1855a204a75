"""From what was measured to numbers of rows that were not: power laws for seconds, straight lines for memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.exponent import exponent
from bench.places.figures import ShardStep, UnitStep

__all__ = ["WORKER_BYTES", "Reading", "bytes_a_row", "shard_workers", "unit_at"]

WORKER_BYTES = 64_000_000_000
"""Memory of a worker that the arithmetic supposes."""
_SHARE, _UNSURE = 0.65, 0.25


@dataclass(frozen=True)
class Reading:
    """
    Seconds and memory at a number of rows.

    Parameters
    ----------
    seconds, low, high : float
        With the 95 % interval of the fitted line; all three the same where it was measured.
    bytes : float
    measured : bool
    sure : bool
        The exponent is known well enough for its line to be followed.
    """

    seconds: float
    low: float
    high: float
    bytes: float
    measured: bool
    sure: bool = True


def unit_at(steps: Sequence[UnitStep], rows: int) -> Reading:
    """
    Give what a unit takes: as measured, else by the power law through the measured seconds.

    The interval takes the exponent as uncertain by two standard errors, from the middle of the measured rows on: it
    does not know of what has not been met yet, such as memory that is full.
    """
    for step in steps:
        if step.rows == rows:
            return Reading(step.seconds, step.seconds, step.seconds, step.peak_bytes, True)
    found = exponent([step.rows for step in steps], [step.seconds for step in steps])
    middle = math.exp(sum(math.log(step.rows) for step in steps) / len(steps))
    factor = (rows / middle) ** (2 * found.error)
    seconds = found.seconds(rows)
    base, slope = _line([step.rows for step in steps], [step.peak_bytes for step in steps])
    return Reading(seconds, seconds / factor, seconds * factor, base + slope * rows, False, found.error < _UNSURE)


def bytes_a_row(steps: Sequence[ShardStep]) -> float:
    """Give the memory of all workers together by which a row adds, from the slope of what the fuller one held."""
    return 2 * _line([step.rows for step in steps], [step.worker_bytes for step in steps])[1]


def shard_workers(rows: int, each: float) -> int:
    """
    Give how many workers hold so many rows of so many bytes each, filled as far as shards may.

    Examples
    --------
    >>> shard_workers(10**9, 1600.0)
    39
    """
    return max(1, math.ceil(rows * each / (_SHARE * WORKER_BYTES)))


def _line(rows: Sequence[int], values: Sequence[float]) -> tuple[float, float]:
    slope, base = np.polyfit(rows, values, 1)
    return max(0.0, float(base)), max(0.0, float(slope))
