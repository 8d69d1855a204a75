"""Questions that are given up when no answer comes in time."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["bounded"]

_T = TypeVar("_T")

_LOOK = 0.1
"""Seconds between two looks at whether an answer can still come."""


def bounded(seconds: float, question: Callable[[], _T], hopeless: Callable[[], bool] = lambda: False) -> _T:
    """
    Ask in a thread that is left behind when no answer comes: a dead network must not hold a run.

    Parameters
    ----------
    seconds : float
    question : callable
        What it gives is given, what it raises is raised.
    hopeless : callable
        Tells, ten times a second, whether no answer can come any more.

    Raises
    ------
    TimeoutError
        No answer in time, or none will come.

    Examples
    --------
    >>> bounded(5, lambda: 6 * 7)
    42
    """
    said: queue.Queue[tuple[Any, Exception | None]] = queue.Queue()

    def ask() -> None:
        try:
            said.put((question(), None))
        except Exception as fault:  # noqa: BLE001 - raised below, in the thread that asked
            said.put((None, fault))

    threading.Thread(target=ask, daemon=True).start()
    deadline = time.monotonic() + seconds
    while True:
        try:
            answer, fault = said.get(timeout=max(0.0, min(_LOOK, deadline - time.monotonic())))
            break
        except queue.Empty:
            if hopeless() or time.monotonic() >= deadline:
                raise TimeoutError(f"no answer in {seconds:.0f} s") from None
    if fault is not None:
        raise fault
    return answer  # type: ignore[no-any-return]
