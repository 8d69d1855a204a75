"""Each contender in a process of its own, which holds its data and works when told to."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from numpy.typing import NDArray

from bench.job import Contender, Size
from bench.memory import ExtraMemory
from tenfold.errors import PartsFailedError, TenfoldError
from tenfold.text import shown

__all__ = ["Outcome", "Running", "running"]

_THREAD_VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_GRACE_SECONDS = 5


@dataclass(frozen=True, eq=False)
class Outcome:
    """
    What came of one piece of work.

    Parameters
    ----------
    seconds : float
        Of the work alone, by the clock on the wall.
    extra_bytes : int or None
    answers : ndarray
    true : ndarray or None
    """

    seconds: float
    extra_bytes: int | None
    answers: NDArray[Any]
    true: NDArray[Any] | None


class Running:
    """
    A contender in its process.

    Parameters
    ----------
    contender : Contender
    process, pipe
        The process, and this side of the line to it.
    """

    def __init__(self, contender: Contender, process: BaseProcess, pipe: Connection) -> None:
        self.contender = contender
        self.first_call_seconds = 0.0
        self._process = process
        self._pipe = pipe

    def prepared(self) -> None:
        """Wait until it has loaded its data and done a small piece of work, which compiles what is compiled."""
        self.first_call_seconds = self._received()

    def worked(self, seed: int) -> Outcome:
        """
        Let it work once.

        Raises
        ------
        PartsFailedError
            It failed, or its process died.
        """
        self._pipe.send(seed)
        outcome: Outcome = self._received()
        return outcome

    def _received(self) -> Any:
        try:
            answer = self._pipe.recv()
        except EOFError:
            self._process.join(_GRACE_SECONDS)
            raise PartsFailedError(
                f"the process of {self.contender.name} died with code {self._process.exitcode}",
                do="see whether memory ran out, or give --quick",
            ) from None
        if isinstance(answer, str):
            raise PartsFailedError(f"{self.contender.name} failed: {answer}")
        return answer


@contextmanager
def running(contender: Contender, size: Size, threads: int) -> Iterator[Running]:
    """Start a contender; when the block ends, however it ends, its process is gone."""
    context = get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=_serve, args=(contender, size, threads, its), daemon=True)
    with _environment(threads):
        process.start()
    its.close()
    try:
        yield Running(contender, process, ours)
    finally:
        ours.close()
        process.terminate()
        process.join(_GRACE_SECONDS)
        if process.is_alive():
            process.kill()


@contextmanager
def _environment(threads: int) -> Iterator[None]:
    """Numerical libraries read these when they are loaded, so they must be there when the process starts."""
    # A process that is ended in the midst of its work leaves semaphores to Python's tracker, which removes them, aloud.
    wanted = dict.fromkeys(_THREAD_VARIABLES, str(threads)) | {"PYTHONWARNINGS": "ignore:resource_tracker"}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(contender: Contender, size: Size, threads: int, pipe: Connection) -> None:
    """Work whenever a seed comes; an interrupt is the parent's to deal with, which then ends this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.simplefilter("ignore", UserWarning)
    _keep_to(threads)
    try:
        _work_on_demand(contender, size, pipe)
    except TenfoldError as fault:
        pipe.send(str(fault))
    except Exception as fault:  # noqa: BLE001 - whatever goes wrong in here is told by the parent, in one line
        pipe.send(f"{type(fault).__name__}: {shown(fault, 200)}")


def _work_on_demand(contender: Contender, size: Size, pipe: Connection) -> None:
    first = contender.first
    small = contender.prepare(Size(min(size.rows, first.rows), min(size.queries, first.queries)))
    start = time.perf_counter()
    small.work(0)
    first_call = time.perf_counter() - start
    prepared = contender.prepare(size)
    pipe.send(first_call)
    while True:
        try:
            seed = pipe.recv()
        except EOFError:
            return
        meanwhile, start = ExtraMemory(), time.perf_counter()
        done = prepared.work(seed)
        seconds, extra = time.perf_counter() - start, meanwhile.bytes()
        pipe.send(Outcome(seconds, extra, prepared.answers(done), prepared.true))


def _keep_to(threads: int) -> None:
    """Let the system hold the process to this many processors, whatever its libraries think, where it can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
