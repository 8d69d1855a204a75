"""How much of the machine others used while a job was measured."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Clock", "others_since"]

_STAT = Path("/proc/stat")
_IDLE = slice(3, 5)
_COUNTED = 8
"""user, nice, system, idle, iowait, irq, softirq, steal: man 5 proc. Guests are in user already."""


@dataclass(frozen=True)
class Clock:
    """
    The seconds so far.

    Parameters
    ----------
    wall : float
    busy : float
        Of all processors together.
    own : float
        Of this process and of its children that have ended.
    """

    wall: float
    busy: float
    own: float

    @classmethod
    def now(cls) -> Clock | None:
        """Look at it; None where the system does not tell (it is Linux that does)."""
        if not _STAT.exists():
            return None
        ticks = [int(word) for word in _STAT.read_text().split("\n", 1)[0].split()[1 : _COUNTED + 1]]
        busy = (sum(ticks) - sum(ticks[_IDLE])) / os.sysconf("SC_CLK_TCK")
        return cls(time.monotonic(), busy, sum(os.times()[:4]))


def others_since(start: Clock | None, end: Clock | None, processors: int) -> float | None:
    """
    Give the share of the processors' time that others used, 0 to 1; None where it is not known.

    Examples
    --------
    >>> others_since(Clock(0.0, 100.0, 7.0), Clock(10.0, 115.0, 21.0), 2)
    0.05
    """
    if start is None or end is None or end.wall <= start.wall:
        return None
    others = (end.busy - start.busy) - (end.own - start.own)
    return min(1.0, max(0.0, others / ((end.wall - start.wall) * processors)))
