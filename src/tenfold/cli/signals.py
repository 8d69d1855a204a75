"""The signals that ask a command to end: it ends as by an exception, so that whatever is open is closed on the way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["Ending", "EndedBySignal", "ending_by_signals"]

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
_TIME_TO_CLOSE = 5.0


class EndedBySignal(BaseException):
    """Raised where the main thread is when a signal comes; no part of a command catches it."""


class Ending:
    """
    Whether a signal has asked the command to end.

    Attributes
    ----------
    number : int, optional
        The first signal that came.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self._since = 0.0

    @property
    def exit_code(self) -> int:
        """What a shell calls the end by this signal: 128 and its number; that of an interrupt where none came."""
        return 128 + (self.number or signal.SIGINT)

    def heed(self, number: int, frame: FrameType | None) -> None:
        """Handle a signal; one that comes while the first is being obeyed does not disturb that."""
        now = time.monotonic()
        if self.number is None:
            self.number = number
        elif now < self._since + _TIME_TO_CLOSE:
            return
        self._since = now
        raise EndedBySignal


@contextmanager
def ending_by_signals(*, for_good: bool) -> Iterator[Ending]:
    """
    End the block where a signal asks for it: SIGINT, SIGTERM or SIGHUP, unless it is ignored (as by ``nohup``).

    Parameters
    ----------
    for_good : bool
        The process ends with the block: a signal that comes later ends it at once. Otherwise the handlers that were
        there before are put back.
    """
    ending = Ending()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heeded = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in heeded:
        signal.signal(number, ending.heed)
    try:
        yield ending
    finally:
        for number, handler in heeded.items():
            signal.signal(number, _end_at_once if for_good else handler)


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)
