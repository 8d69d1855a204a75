"""How many threads a computation may use, and the use of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from joblib import effective_n_jobs
from threadpoolctl import ThreadpoolController

__all__ = ["algebra_in_one_thread", "allowed_threads", "crew", "spread_over"]

T = TypeVar("T")
R = TypeVar("R")


def allowed_threads(n_jobs: int | None) -> int:
    """
    Give the number of threads: as asked, else as many as the linear algebra libraries may use at this moment.

    Whoever limits those (`threadpoolctl.threadpool_limits`, ``OMP_NUM_THREADS``) limits the search too.

    Examples
    --------
    >>> from threadpoolctl import threadpool_limits
    >>> with threadpool_limits(1):
    ...     allowed_threads(None)
    1
    """
    if n_jobs is not None:
        return int(effective_n_jobs(n_jobs))
    return int(max([1, *(library["num_threads"] for library in _algebra().info())]))


@contextmanager
def algebra_in_one_thread() -> Iterator[None]:
    """Give linear algebra libraries one thread while it is entered."""
    with _algebra().limit(limits=1):
        yield


@cache
def _algebra() -> Any:
    """Linear algebra libraries; to find them takes milliseconds, and those of NumPy and SciPy are loaded by now."""
    return ThreadpoolController().select(user_api="blas")


@contextmanager
def crew(threads: int) -> Iterator[Callable[[Callable[[T], R], Iterable[T]], list[R]]]:
    """Keep threads for several works: gives what does the parts of a work, in order; an interrupt stops the rest."""
    if threads == 1:
        yield lambda work, parts: [work(part) for part in parts]
        return
    pool = ThreadPoolExecutor(threads)
    try:
        yield lambda work, parts: [one.result() for one in [pool.submit(work, part) for part in parts]]
    finally:
        pool.shutdown(cancel_futures=True)


def spread_over(threads: int, work: Callable[[T], R], parts: Iterable[T]) -> list[R]:
    """
    Do the parts of a work in threads, in order; an interrupt stops those that have not begun.

    While there are several, linear algebra libraries get one thread in each, so that no core serves two.
    """
    if threads == 1:
        return [work(part) for part in parts]
    with algebra_in_one_thread(), ThreadPoolExecutor(threads) as pool:
        waiting = [pool.submit(work, part) for part in parts]
        try:
            return [one.result() for one in waiting]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
