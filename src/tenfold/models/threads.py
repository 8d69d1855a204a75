"""How many threads a computation may use, and the use of them: calls may overlap, an interrupt leaves at once."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache, partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from joblib import effective_n_jobs
from threadpoolctl import ThreadpoolController, threadpool_limits

__all__ = [
    "algebra_in_one_thread",
    "allowed_threads",
    "check_interrupt",
    "crew",
    "interruptible",
    "limited_to",
    "spread_over",
]

T = TypeVar("T")
R = TypeVar("R")
Spread = Callable[[Callable[[T], R], Iterable[T]], list[R]]

_TICK = 0.2
"""Seconds: where a signal does not wake a thread that waits, as on Windows, it is noticed that late at most."""
_allowed: ContextVar[int | None] = ContextVar("_allowed", default=None)
_departures: ContextVar[tuple[threading.Event, ...]] = ContextVar("_departures", default=())


def allowed_threads(n_jobs: int | None) -> int:
    """
    Give the number of threads: as asked, else as many as the linear algebra libraries may use at this moment.

    Whoever limits those (`limited_to`, `threadpoolctl.threadpool_limits`, ``OMP_NUM_THREADS``) limits the search too.

    Examples
    --------
    >>> from threadpoolctl import threadpool_limits
    >>> with threadpool_limits(1):
    ...     allowed_threads(None)
    1
    """
    if n_jobs is not None:
        return int(effective_n_jobs(n_jobs))
    return _allowed.get() or _limits.threads_outside()


class _Limits:
    """
    The limits on linear algebra libraries that are in force: while calls overlap, the lowest holds for all of them.

    The libraries know one number of threads a process. Were each call to put back what it found, the second of two
    that overlap would put back the limit of the first, for good.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._limits: Counter[int] = Counter()
        self._outside: dict[str, tuple[Any, int]] = {}

    @contextmanager
    def entered(self, threads: int, libraries: ThreadpoolController) -> Iterator[None]:
        with self._lock:
            for library in libraries.lib_controllers:
                self._outside.setdefault(library.filepath, (library, library.num_threads))
            self._change(threads, 1)
        try:
            yield
        finally:
            with self._lock:
                self._change(threads, -1)

    def threads_outside(self) -> int:
        """Give the number of threads a library has, at most, while none of the limits is in force."""
        with self._lock:
            outside = {library.filepath: library.num_threads for library in _algebra().lib_controllers}
            outside |= {path: threads for path, (_, threads) in self._outside.items()}
        return int(max([1, *outside.values()]))

    def _change(self, threads: int, calls: int) -> None:
        before = min(+self._limits, default=None)
        self._limits[threads] += calls
        lowest = min(+self._limits, default=None)
        for library, outside in self._outside.values():
            # Where another has set a number meanwhile, that one stays.
            if before is None or lowest is not None or library.num_threads == min(before, outside):
                _set_threads(library, outside if lowest is None else min(lowest, outside))
        if lowest is None:
            self._outside.clear()


def _set_threads(library: Any, threads: int) -> None:
    # From 3.8 on, threadpoolctl lets one thread at a time set a number, and ignores others without a word.
    set_free = getattr(library, "clear_controlling_thread", lambda *, force: None)
    set_free(force=True)
    library.set_num_threads(threads)
    set_free(force=True)


_limits = _Limits()


def algebra_in_one_thread() -> Any:
    """Give linear algebra libraries one thread while it is entered; calls may overlap."""
    return _limits.entered(1, _algebra())


@contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """
    Give numerical libraries, and `allowed_threads`, this many threads at most while it is entered; calls may overlap.

    Examples
    --------
    >>> with limited_to(1):
    ...     allowed_threads(None)
    1
    """
    # OpenMP counts threads for each thread that asks, so that calls cannot be in each other's way.
    allowed = _allowed.set(threads)
    try:
        with _limits.entered(threads, _loaded_algebra()), threadpool_limits(threads, user_api="openmp"):
            yield
    finally:
        _allowed.reset(allowed)


@cache
def _algebra() -> ThreadpoolController:
    """Linear algebra libraries; to find them takes milliseconds, and those of NumPy and SciPy are loaded by now."""
    return _loaded_algebra()


def _loaded_algebra() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def crew(threads: int) -> Iterator[Spread[Any, Any]]:
    """Keep threads for several works: gives what does the parts of a work, in order; an interrupt leaves them."""
    if threads == 1:
        yield lambda work, parts: [work(part) for part in parts]
    else:
        with _daemons(threads) as spread:
            yield spread


def spread_over(threads: int, work: Callable[[T], R], parts: Iterable[T]) -> list[R]:
    """
    Do the parts of a work in threads, in order; an interrupt leaves those that have begun, and no other begins.

    While there are several, linear algebra libraries get one thread in each, so that no core serves two.
    """
    if threads == 1:
        return [work(part) for part in parts]
    with algebra_in_one_thread(), crew(threads) as spread:
        return spread(work, parts)


def interruptible(work: Callable[[], R]) -> R:
    """
    Do a work that may stay in compiled code for long, so that an interrupt leaves it at once.

    Python sees a signal only between two of its own steps, in the main thread: that one waits while another works.
    What is left goes on, unheard, to the next `check_interrupt` or to its end, and ends with the process.

    Examples
    --------
    >>> interruptible(lambda: 6 * 7)
    42
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    with _daemons(1) as spread:
        results: list[R] = spread(lambda _: work(), [None])
    return results[0]


def check_interrupt() -> None:
    """Raise an exception, for no one to hear, if whoever waited for this thread has left."""
    if any(left.is_set() for left in _departures.get()):
        raise _LeftError


class _LeftError(Exception):
    pass


@contextmanager
def _daemons(threads: int) -> Iterator[Spread[Any, Any]]:
    """Keep threads that the end of the process does not wait for, as it would for those of an executor."""
    left = threading.Event()
    jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
    for _ in range(threads):
        context = copy_context()
        context.run(_departures.set, (*_departures.get(), left))
        threading.Thread(target=context.run, args=(_serve, jobs), daemon=True).start()
    try:
        yield partial(_spread, jobs)
    except BaseException:
        left.set()
        raise
    finally:
        for _ in range(threads):
            jobs.put(None)


def _serve(jobs: SimpleQueue[Callable[[], None] | None]) -> None:
    for job in iter(jobs.get, None):
        job()


def _spread(jobs: SimpleQueue[Callable[[], None] | None], work: Callable[[T], R], parts: Iterable[T]) -> list[R]:
    done: SimpleQueue[tuple[int, R | None, BaseException | None]] = SimpleQueue()

    def attend(place: int, part: T) -> None:
        try:
            check_interrupt()
            done.put((place, work(part), None))
        except BaseException as error:  # noqa: BLE001 - raised below, in the thread that asked
            done.put((place, None, error))

    waiting = [partial(attend, place, part) for place, part in enumerate(parts)]
    for job in waiting:
        jobs.put(job)
    results: dict[int, Any] = {}
    while len(results) < len(waiting):
        place, result, error = _next(done)
        if error is not None:
            raise error
        results[place] = result
    return [results[place] for place in range(len(waiting))]


def _next(done: SimpleQueue[T]) -> T:
    while True:
        try:
            return done.get(timeout=_TICK)
        except Empty:
            check_interrupt()
