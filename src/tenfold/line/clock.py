"""How long each stage of a run takes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

__all__ = ["Clock"]


@dataclass
class Clock:
    """
    Seconds of each stage, by the monotonic clock.

    Parameters
    ----------
    tell : callable
        Called with the name of each stage as it begins.

    Examples
    --------
    >>> clock = Clock(print)
    >>> with clock.stage("load"):
    ...     pass
    load
    >>> list(clock.seconds)
    ['load']
    """

    tell: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what is done inside."""
        self.tell(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
