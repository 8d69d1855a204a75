"""From what was measured to numbers of rows that were not: orders of growth for seconds, straight lines for memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.exponent import exponent
from bench.places.figures import ShardStep, UnitStep

__all__ = ["WORKER_BYTES", "Reading", "bytes_a_row", "order_of", "search_at", "shard_workers", "unit_at"]

WORKER_BYTES = 64_000_000_000
"""Memory of a worker that the arithmetic supposes."""
_SHARE, _UNSURE = 0.65, 0.25
_ORDERS = {"knn": 2}


@dataclass(frozen=True)
class Reading:
    """
    Seconds and memory at a number of rows.

    Parameters
    ----------
    seconds : float
        As measured, else from the largest number of rows measured by the order that the work has in the limit.
    bytes : float
    measured : bool
    fitted : float or None
        Seconds by the fitted power of rows; None where they were measured or the exponent is too uncertain.
    """

    seconds: float
    bytes: float
    measured: bool
    fitted: float | None = None


def order_of(candidate: str) -> int:
    """
    Give the power of rows that the seconds of a unit come to: one, but two where all pairs of rows are compared.

    Examples
    --------
    >>> order_of("sgd"), order_of("knn")
    (1, 2)
    """
    return _ORDERS.get(candidate, 1)


def unit_at(steps: Sequence[UnitStep], rows: int) -> Reading:
    """Give what a unit of one candidate takes; `steps` smallest first."""
    for step in steps:
        if step.rows == rows:
            return Reading(step.seconds, step.peak_bytes, True)
    known = [step.rows for step in steps]
    base, slope = _line(known, [step.peak_bytes for step in steps])
    seconds = [step.seconds for step in steps]
    return _ahead(known, seconds, order_of(steps[0].candidate), rows, base + slope * rows)


def search_at(steps: Sequence[ShardStep], rows: int) -> Reading:
    """Give what the search among shards of two workers takes, and what the rows take of all workers together."""
    for step in steps:
        if step.rows == rows:
            return Reading(step.search, step.worker_bytes, True)
    return _ahead([step.rows for step in steps], [step.search for step in steps], 1, rows, rows * bytes_a_row(steps))


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


def _ahead(known: Sequence[int], seconds: Sequence[float], order: int, rows: int, size: float) -> Reading:
    found = exponent(known, seconds)
    fitted = found.seconds(rows) if found.error < _UNSURE else None
    return Reading(seconds[-1] * (rows / known[-1]) ** order, size, False, fitted)


def _line(rows: Sequence[int], values: Sequence[float]) -> tuple[float, float]:
    slope, base = np.polyfit(rows, values, 1)
    return max(0.0, float(base)), max(0.0, float(slope))
