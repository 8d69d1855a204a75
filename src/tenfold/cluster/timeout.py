"""Calls with a timeout, for networks that may be dead."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["call_with_timeout"]

_T = TypeVar("_T")

_LOOK = 0.1
"""Seconds between two checks whether a result can still come."""


def call_with_timeout(
    seconds: float, function: Callable[[], _T], is_hopeless: Callable[[], bool] = lambda: False
) -> _T:
    """
    Call a function in a daemon thread, which is abandoned after the timeout: a dead network must not block a run.

    Parameters
    ----------
    seconds : float
    function : callable
    is_hopeless : callable
        Called ten times a second; returns whether no result can come any more.

    Returns
    -------
    object
        The result of the function; its exceptions are raised.

    Raises
    ------
    TimeoutError
        No result in time, or none can come.

    Examples
    --------
    >>> call_with_timeout(5, lambda: 6 * 7)
    42
    """
    results: queue.Queue[tuple[Any, Exception | None]] = queue.Queue()

    def call() -> None:
        try:
            results.put((function(), None))
        except Exception as fault:  # noqa: BLE001 - raised below, in the calling thread
            results.put((None, fault))

    threading.Thread(target=call, daemon=True).start()
    deadline = time.monotonic() + seconds
    while True:
        try:
            result, fault = results.get(timeout=max(0.0, min(_LOOK, deadline - time.monotonic())))
            break
        except queue.Empty:
            if is_hopeless() or time.monotonic() >= deadline:
                raise TimeoutError(f"no answer in {seconds:.0f} s") from None
    if fault is not None:
        raise fault
    return result  # type: ignore[no-any-return]
