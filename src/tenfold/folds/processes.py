"""The local executor: worker processes of this machine that share the data by memory map."""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.errors import StorageError
from tenfold.folds.executor import Committed, Outcome
from tenfold.folds.start import SpareWorkers, spare_workers_of, start_worker
from tenfold.folds.unit import Unit

__all__ = ["ProcessExecutor"]

_KILLED = 9


@dataclass(frozen=True)
class ProcessExecutor:
    """
    Does units in worker processes; one that dies costs its candidate that unit, not the run.

    Parameters
    ----------
    workers : int
        Processes at a time, at most.
    module : str
        What a worker runs: its ``main`` is given the job's folder.
    worth : float
        Estimated seconds of work for which a further process is started: its start takes two of a core.
    """

    workers: int
    module: str = "tenfold.folds.worker"
    worth: float = 3.0

    def outcomes(self, job: Committed, units: Sequence[Unit]) -> Iterator[Outcome]:
        """Give an outcome as each unit ends; the workers are stopped when the iterator is closed."""
        spare = spare_workers_of(self.module, self.workers)
        crew, size = _Crew(job.folder, units, spare), self.crew_size(job, units, len(spare.processes))
        threads = [threading.Thread(target=crew.work, daemon=True) for _ in range(size)]
        try:
            for thread in threads:
                thread.start()
            for _ in units:
                ended = crew.ended.get()
                if isinstance(ended, Exception):
                    raise ended
                if ended is not None:
                    yield ended
        finally:
            crew.stop()
            for thread in threads:
                if thread.ident is not None:
                    thread.join()

    def crew_size(self, job: Committed, units: Sequence[Unit], spare: int = 0) -> int:
        """Give how many processes do these units, of which some have been started already."""
        work = sum(job.seconds(unit) for unit in units)
        worthy = 1 + int(work / self.worth) if self.worth else len(units)
        return min(self.workers, len(units), max(worthy, spare))


class _Crew:
    """The units still to do, and one worker process for each thread that serves them."""

    def __init__(self, folder: Path, units: Sequence[Unit], spare: SpareWorkers) -> None:
        self.folder, self.spare = folder, spare
        self.ended: queue.Queue[Outcome | Exception | None] = queue.Queue()
        self._waiting = list(reversed(units))
        self._failed: set[str] = set()
        self._lock = threading.Lock()
        self._workers: list[subprocess.Popen[str]] = []
        self._stopped = False

    def work(self) -> None:
        """Serve units until none is left; a unit of a candidate that has failed is passed over."""
        worker: subprocess.Popen[str] | None = None
        while (unit := self._next()) is not None:
            if unit.candidate in self._failed:
                self.ended.put(None)
                continue
            if worker is None or worker.poll() is not None:
                worker = self._start()
                if worker is None:
                    return
            self.ended.put(self._ask(worker, unit))

    def stop(self) -> None:
        """Kill the workers, whatever they are doing."""
        with self._lock:
            self._stopped = True
            self._waiting.clear()
            for worker in self._workers:
                worker.kill()
        for worker in self._workers:
            worker.wait()

    def _next(self) -> Unit | None:
        with self._lock:
            return self._waiting.pop() if self._waiting else None

    def _start(self) -> subprocess.Popen[str] | None:
        with self._lock:
            if self._stopped:
                return None
            module, cores = self.spare.module, self.spare.cores
            worker = self.spare.take(self.folder) or start_worker(module, cores, self.folder)
            self._workers.append(worker)
        return worker

    def _ask(self, worker: subprocess.Popen[str], unit: Unit) -> Outcome | Exception:
        answer = _exchange(worker, json.dumps({"candidate": unit.candidate, "fold": unit.fold}))
        if answer is None:
            self._failed.add(unit.candidate)
            return Outcome(unit, _cause_of_death(worker))
        reply = json.loads(answer)
        if "storage" in reply:
            return StorageError(reply["storage"])
        if reply["failure"]:
            self._failed.add(unit.candidate)
        return Outcome(unit, reply["failure"])


def _exchange(worker: subprocess.Popen[str], line: str) -> str | None:
    """Send a line, wait for the line that answers it; None when the worker is gone."""
    if worker.stdin is None or worker.stdout is None:
        raise ValueError("the worker has no pipes")
    try:
        worker.stdin.write(line + "\n")
        worker.stdin.flush()
    except BrokenPipeError:
        return None
    return worker.stdout.readline() or None


def _cause_of_death(worker: subprocess.Popen[str]) -> str:
    code = worker.wait()
    if code == -_KILLED:
        return "its process was killed (signal 9), as the system does when memory runs out"
    if code < 0:
        return f"its process crashed ({_signal_name(-code)})"
    return f"its process ended early (exit {code}); see work/workers.log"


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
