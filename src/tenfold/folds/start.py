"""Worker processes are started: for a job, or ahead of it, to load their libraries while this process loads its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from tenfold.child import start_child
from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["SpareWorkers", "spare_workers", "spare_workers_of", "start_worker", "usable_cores", "worker_count"]

_WORKER = "tenfold.folds.worker"
_LIBRARIES = ("OMP", "OPENBLAS", "MKL", "VECLIB")
_ONE_THREAD = {f"{name}_{'MAXIMUM' if name == 'VECLIB' else 'NUM'}_THREADS": "1" for name in _LIBRARIES}
_CORES = "LOKY_MAX_CPU_COUNT"
"""What joblib takes for all cores, and with it who shares no sum among threads."""
_MOST_SPARE = 2
_JOBS = "TENFOLD_JOBS"


def usable_cores() -> int:
    """Cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def worker_count(jobs: int | None) -> int:
    """
    Return how many worker processes there may be; with 0 of them this process does the work.

    Parameters
    ----------
    jobs : int, optional
        As asked; by default the environment variable ``TENFOLD_JOBS``, and without that the cores this process may use.

    Raises
    ------
    UsageError
        A number below 0, or a variable that holds no number.

    Examples
    --------
    >>> worker_count(3), worker_count(0)
    (3, 0)
    """
    do = "give a number of worker processes, 0 or more"
    if jobs is not None:
        if jobs < 0:
            raise UsageError(f"--jobs {jobs}", do=do)
        return jobs
    variable = os.environ.get(_JOBS, "")
    if not variable:
        return usable_cores()
    if not variable.isdecimal():
        raise UsageError(f"{_JOBS}={shown(variable, 40)}", do=do)
    return int(variable)


def start_worker(module: str, cores: int, folder: Path | None) -> subprocess.Popen[str]:
    """
    Start a worker process.

    Parameters
    ----------
    module : str
        What it runs: `main` is given the job's folder, or nothing where that is told later (`SpareWorkers.take`).
    cores : int
        Worker processes that there may be.
    folder : Path, optional
        Of the job; ``workers.log`` in it takes what the process writes on standard error.
    """
    environment = {**_ONE_THREAD, _CORES: str(cores)}
    if folder is None:
        return start_child(module, [], environment=environment, stderr=subprocess.DEVNULL)
    with (folder / "workers.log").open("a") as log:
        return start_child(module, [str(folder)], environment=environment, stderr=log)


@dataclass(frozen=True, eq=False)
class SpareWorkers:
    """
    Worker processes that have no job yet.

    Parameters
    ----------
    module : str
    cores : int
        As `start_worker` takes them.
    processes : list of Popen
        Those that were given to nobody.
    """

    module: str
    cores: int
    processes: list[subprocess.Popen[str]]

    def take(self, folder: Path) -> subprocess.Popen[str] | None:
        """Give one of them the job in a folder; None where none is left that runs."""
        while self.processes:
            worker = self.processes.pop(0)
            if worker.poll() is None and worker.stdin is not None:
                worker.stdin.write(json.dumps(str(folder)) + "\n")
                return worker
        return None


_spare: ContextVar[SpareWorkers | None] = ContextVar("_spare", default=None)


@contextmanager
def spare_workers(cores: int) -> Iterator[None]:
    """Start worker processes now that a run inside takes when its job is written; those left over are ended."""
    started: list[subprocess.Popen[str]] = []
    with suppress(OSError):  # where none can be started, the run says so once it needs one
        started += (start_worker(_WORKER, cores, None) for _ in range(min(cores, _MOST_SPARE)))
    token = _spare.set(SpareWorkers(_WORKER, cores, list(started)))
    try:
        yield
    finally:
        _spare.reset(token)
        for worker in started:
            with worker:
                worker.kill()


def spare_workers_of(module: str, cores: int) -> SpareWorkers:
    """Return the spare workers that run a module for so many cores: there may be none of them."""
    spare = _spare.get()
    fit = spare is not None and (spare.module, spare.cores) == (module, cores)
    return spare if spare is not None and fit else SpareWorkers(module, cores, [])
