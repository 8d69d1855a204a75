"""The signals that ask a command to end: it ends as by an exception, so that whatever is open is closed on the way."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["EndedBySignal", "Ending", "ending_by_signals"]

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
    over : threading.Event
        Set when the command has ended.
    """

    def __init__(self) -> None:
        self.number: int | None = None
        self.over = threading.Event()
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
        The process ends with the block: a signal that comes later ends it at once, and so it does some seconds after a
        signal that compiled code does not let through. Otherwise the handlers that were there before are put back.
    """
    ending = Ending()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heeded = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in heeded:
        signal.signal(number, ending.heed)
    if for_good and os.name == "posix":
        _watch(ending, heeded)
    try:
        yield ending
    finally:
        ending.over.set()
        for number, handler in heeded.items():
            signal.signal(number, _end_at_once if for_good else handler)


def _watch(ending: Ending, numbers: Collection[int]) -> None:
    """End the process some seconds after a signal if it still computes: handlers run between steps of Python alone."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)

    def watch() -> None:
        while (number := os.read(reading, 1)[0]) not in numbers:
            pass
        if not ending.over.wait(_TIME_TO_CLOSE):
            from tenfold.storage import remove_holders

            remove_holders()
            os.write(2, b"tenfold: Ended in the middle of a computation. What was finished is kept.\n")
            os._exit(128 + number)

    threading.Thread(target=watch, daemon=True).start()


def _end_at_once(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)
