"""Threads of a computation: their number, and pools whose calls may overlap and end at once on an interrupt."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from functools import cache, partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from threadpoolctl import ThreadpoolController, threadpool_limits

__all__ = [
    "algebra_in_one_thread",
    "allowed_threads",
    "check_interrupt",
    "in_one_thread",
    "interruptible",
    "limited_to",
    "map_in_threads",
    "thread_pool",
]

T = TypeVar("T")
R = TypeVar("R")
ThreadMap = Callable[[Callable[[T], R], Iterable[T]], list[R]]

_TICK = 0.2
"""Seconds after which a waiting thread looks for a signal, which does not wake it on Windows."""
_allowed: ContextVar[int | None] = ContextVar("_allowed", default=None)
_cancellations: ContextVar[tuple[threading.Event, ...]] = ContextVar("_departures", default=())


def allowed_threads(n_jobs: int | None) -> int:
    """
    Return the number of threads: `n_jobs`, or by default as many as the linear algebra libraries may use now.

    A limit on those (`limited_to`, `threadpoolctl.threadpool_limits`, ``OMP_NUM_THREADS``) limits our threads too.

    Examples
    --------
    >>> from threadpoolctl import threadpool_limits
    >>> with threadpool_limits(1):
    ...     allowed_threads(None)
    1
    """
    if n_jobs is not None:
        # Only here: whoever asks for no number need not load joblib.
        from joblib import effective_n_jobs

        return int(effective_n_jobs(n_jobs))
    return _allowed.get() or _limits.threads_outside()


class _ThreadLimits:
    """
    The limits on linear algebra libraries in force: while calls overlap, the lowest holds for all of them.

    The libraries have one number of threads per process. If each call restored the number it began with, the second of
    two that overlap would restore the limit of the first, for good.
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
        """Return the largest number of threads of a library while none of the limits is in force."""
        with self._lock:
            outside = {library.filepath: library.num_threads for library in _algebra().lib_controllers}
            outside |= {path: threads for path, (_, threads) in self._outside.items()}
        return int(max([1, *outside.values()]))

    def _change(self, threads: int, calls: int) -> None:
        before = min(+self._limits, default=None)
        self._limits[threads] += calls
        lowest = min(+self._limits, default=None)
        for library, outside in self._outside.values():
            # A number that other code has set meanwhile stays.
            if before is None or lowest is not None or library.num_threads == min(before, outside):
                _set_library_threads(library, outside if lowest is None else min(lowest, outside))
        if lowest is None:
            self._outside.clear()


def _set_library_threads(library: Any, threads: int) -> None:
    # From 3.8 on, threadpoolctl lets one thread at a time set a number, and silently ignores others.
    set_free = getattr(library, "clear_controlling_thread", lambda *, force: None)
    set_free(force=True)
    library.set_num_threads(threads)
    set_free(force=True)


_limits = _ThreadLimits()


def algebra_in_one_thread() -> Any:
    """Return a context that limits linear algebra libraries to one thread; contexts may overlap."""
    return _limits.entered(1, _algebra())


@contextmanager
def in_one_thread() -> Iterator[None]:
    """
    Limit linear algebra libraries and `allowed_threads` to one thread, as `limited_to` does but in microseconds.

    Libraries are looked up once: one that is loaded later is not limited, nor is OpenMP.

    Examples
    --------
    >>> with in_one_thread():
    ...     allowed_threads(None)
    1
    """
    allowed = _allowed.set(1)
    try:
        with algebra_in_one_thread():
            yield
    finally:
        _allowed.reset(allowed)


@contextmanager
def limited_to(threads: int) -> Iterator[None]:
    """
    Limit numerical libraries and `allowed_threads` to this many threads within a context; contexts may overlap.

    Examples
    --------
    >>> with limited_to(1):
    ...     allowed_threads(None)
    1
    """
    # OpenMP has a number for each calling thread, so that contexts cannot interfere.
    allowed = _allowed.set(threads)
    try:
        with _limits.entered(threads, _loaded_algebra()), threadpool_limits(threads, user_api="openmp"):
            yield
    finally:
        _allowed.reset(allowed)


@cache
def _algebra() -> ThreadpoolController:
    """Return the linear algebra libraries, looked up once, which takes milliseconds; NumPy's and SciPy's are loaded."""
    return _loaded_algebra()


def _loaded_algebra() -> ThreadpoolController:
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def thread_pool(threads: int) -> Iterator[ThreadMap[Any, Any]]:
    """Yield a function that maps work over parts in threads, in order; an interrupt ends it at once."""
    if threads == 1:
        yield lambda work, parts: [work(part) for part in parts]
    else:
        with _daemons(threads) as run:
            yield run


def map_in_threads(threads: int, work: Callable[[T], R], parts: Iterable[T]) -> list[R]:
    """
    Map work over parts in threads, results in order; an interrupt ends it at once, and no other part begins.

    With several threads, linear algebra libraries have one thread in each, so that no core serves two.
    """
    if threads == 1:
        return [work(part) for part in parts]
    with algebra_in_one_thread(), thread_pool(threads) as run:
        return run(work, parts)


def interruptible(work: Callable[[], R]) -> R:
    """
    Call a function that may stay in compiled code for long, so that an interrupt raises at once.

    Python handles signals between two bytecodes of the main thread, which waits here while another thread works. After
    an interrupt that thread goes on to the next `check_interrupt`, to its end, or to that of the process.

    Examples
    --------
    >>> interruptible(lambda: 6 * 7)
    42
    """
    if threading.current_thread() is not threading.main_thread():
        return work()
    with _daemons(1) as run:
        results: list[R] = run(lambda _: work(), [None])
    return results[0]


def check_interrupt() -> None:
    """Raise an exception, which is not reported, if the caller of this thread was interrupted."""
    if any(cancelled.is_set() for cancelled in _cancellations.get()):
        raise _CancelledError


class _CancelledError(Exception):
    pass


@contextmanager
def _daemons(threads: int) -> Iterator[ThreadMap[Any, Any]]:
    """Yield the map of a pool of daemon threads, for which, unlike those of an executor, the process does not wait."""
    cancelled = threading.Event()
    jobs: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
    for _ in range(threads):
        context = copy_context()
        context.run(_cancellations.set, (*_cancellations.get(), cancelled))
        threading.Thread(target=context.run, args=(_run_jobs, jobs), daemon=True).start()
    try:
        yield partial(_map, jobs)
    except BaseException:
        cancelled.set()
        raise
    finally:
        for _ in range(threads):
            jobs.put(None)


def _run_jobs(jobs: SimpleQueue[Callable[[], None] | None]) -> None:
    for job in iter(jobs.get, None):
        job()


def _map(jobs: SimpleQueue[Callable[[], None] | None], work: Callable[[T], R], parts: Iterable[T]) -> list[R]:
    results: SimpleQueue[tuple[int, R | None, BaseException | None]] = SimpleQueue()

    def run(place: int, part: T) -> None:
        try:
            check_interrupt()
            results.put((place, work(part), None))
        except BaseException as error:  # noqa: BLE001 - raised below, in the calling thread
            results.put((place, None, error))

    pending = [partial(run, place, part) for place, part in enumerate(parts)]
    for job in pending:
        jobs.put(job)
    values: dict[int, Any] = {}
    while len(values) < len(pending):
        place, result, error = _next(results)
        if error is not None:
            raise error
        values[place] = result
    return [values[place] for place in range(len(pending))]


def _next(results: SimpleQueue[T]) -> T:
    while True:
        try:
            return results.get(timeout=_TICK)
        except Empty:
            check_interrupt()
