"""The executor on a Dask cluster: one future a unit, one unit a worker, committed here as the local ones are."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from zipfile import BadZipFile

import numpy as np
from distributed import Future

from tenfold.cluster.members import PATIENCE, Cluster
from tenfold.errors import EngineError, StorageError
from tenfold.folds.dask.parcel import Answer, pack_job
from tenfold.folds.dask.remote import answer_unit
from tenfold.folds.executor import Outcome
from tenfold.folds.job import Job
from tenfold.folds.packed import unpack_results
from tenfold.folds.unit import Unit
from tenfold.text import shown

__all__ = ["RESUME", "DaskExecutor"]

RESUME = "start the cluster and give the same command again, or leave out --engine; finished units are kept"

_PAUSE = 0.25
_DEATHS, _RETURNS = 3, 10


@dataclass(frozen=True)
class DaskExecutor:
    """
    Does units on the workers of a cluster; results come back as bytes and are committed in the job's folder.

    A worker is given one unit at a time, so that the unit under way when a worker dies is known: it is tried
    again behind the units of other candidates, and costs its candidate when three workers have died of it.

    Parameters
    ----------
    cluster : Cluster
    note : callable
        Told in a line when workers are lost.
    """

    cluster: Cluster
    note: Callable[[str], None] = lambda line: None

    def outcomes(self, job: Job, units: Sequence[Unit]) -> Iterator[Outcome]:
        """
        Give an outcome as each unit ends; what has not begun is cancelled when the iterator is closed.

        Raises
        ------
        EngineError
            The scheduler or every worker is gone.
        """
        if not units:
            return
        shift = _Shift(self.cluster, self.note, job, units)
        try:
            while shift.busy:
                shift.assign()
                shift.rest()
                yield from shift.ended()
        finally:
            shift.stop()


class _Shift:
    """The units still to do, and the one that each worker has."""

    def __init__(self, cluster: Cluster, note: Callable[[str], None], job: Job, units: Sequence[Unit]) -> None:
        self._cluster, self._note, self._job = cluster, note, job
        self._parcel = pack_job(job.folder)
        self._waiting = deque(units)
        self._running: dict[str, tuple[Unit, Future]] = {}
        self._failed: set[str] = set()
        self._deaths, self._returns = Counter[Unit](), Counter[Unit]()
        self._there = set(cluster.admitted)
        self._useful, self._short = time.monotonic(), set[str]()

    @property
    def busy(self) -> bool:
        """Whether units are under way or wait."""
        return bool(self._waiting or self._running)

    def assign(self) -> None:
        """Look who is there, and give every idle worker a unit."""
        there, taking = self._cluster.look()
        self._tell_lost(there)
        self._tell_short((there - taking) & set(self._running))
        if self._running or taking:
            self._useful = time.monotonic()
        elif time.monotonic() - self._useful > PATIENCE:
            what = "every worker is out of memory" if there else f"no worker is left, none came in {PATIENCE:.0f} s"
            raise EngineError(what, where=self._cluster.address, do=RESUME)
        self._order()
        for worker in sorted(taking - set(self._running)):
            if not self._waiting or (sent := self._cluster.publish(self._parcel)) is None:
                return
            unit = self._waiting.popleft()
            call = (sent.future, sent.digest, unit.candidate, unit.fold)
            self._running[worker] = unit, self._cluster.start(worker, answer_unit, *call)

    def _order(self) -> None:
        """Drop units of candidates that have failed; those that may kill workers wait behind all others."""
        suspects = {unit.candidate for unit in self._deaths}
        remaining = [unit for unit in self._waiting if unit.candidate not in self._failed]
        self._waiting = deque(sorted(remaining, key=lambda unit: (unit.candidate in suspects, -self._deaths[unit])))

    def rest(self) -> None:
        """Wait until a unit ends, or for the next look at the workers."""
        if self.busy:
            self._cluster.rest(_PAUSE)

    def ended(self) -> Iterator[Outcome]:
        """Give what has come of the units that are no longer under way."""
        there = self._there
        for worker, (unit, future) in list(self._running.items()):
            if future.status == "pending" and worker in there:
                continue
            del self._running[worker]
            outcome = self._outcome(unit, future, worker)
            if outcome is not None:
                self._failed |= {unit.candidate} if outcome.failure else set()
                yield outcome

    def stop(self) -> None:
        """Cancel what is under way; a cluster that is gone needs no telling."""
        with suppress(EngineError):
            self._cluster.stop([future for _, future in self._running.values()])

    def _outcome(self, unit: Unit, future: Future, worker: str) -> Outcome | None:
        """None where the unit must be tried again."""
        if future.status == "error":
            fault = future.exception()
            return Outcome(unit, shown(f"worker {worker}: {type(fault).__name__}: {fault}".splitlines()[0], 300))
        if future.status != "finished":
            return self._tried_again(unit, future, worker)
        try:
            answer = Answer.of_bytes(self._cluster.result(future))
        except (OSError, CancelledError):
            return self._tried_again(unit, future, worker)
        return self._committed(unit, answer, worker)

    def _tried_again(self, unit: Unit, future: Future, worker: str) -> Outcome | None:
        """A unit whose worker is gone is blamed for it; one that the cluster gave back is not."""
        there, _ = self._cluster.look()
        self._cluster.stop([future])
        if worker in there:
            self._returns[unit] += 1
        else:
            self._deaths[unit] += 1
        if self._deaths[unit] >= _DEATHS:
            return Outcome(unit, f"its worker process died {_DEATHS} times (last {worker}), as when memory runs out")
        if self._returns[unit] >= _RETURNS:
            raise EngineError(f"the cluster gave a unit back {_RETURNS} times", where=self._cluster.address, do=RESUME)
        self._waiting.append(unit)
        return None

    def _committed(self, unit: Unit, answer: Answer, worker: str) -> Outcome:
        if answer.storage is not None:
            raise StorageError(f"worker {worker}: {answer.storage}")
        if answer.failure is not None:
            return Outcome(unit, shown(answer.failure, 300))
        if not self._answers(unit, answer.packed):
            return Outcome(unit, f"worker {worker} answered something else than it was asked")
        self._job.keep(unit, answer.packed)
        return Outcome(unit)

    def _answers(self, unit: Unit, packed: bytes) -> bool:
        """Whether the bytes are results about the rows of this fold, one for each setting."""
        try:
            results = unpack_results(packed)
        except (ValueError, KeyError, TypeError, EOFError, BadZipFile):
            return False
        held_out = np.flatnonzero(self._job.folds == unit.fold)
        settings = max(1, len(self._job.candidate(unit.candidate).settings))
        return len(results) == settings and all(np.array_equal(one.positions, held_out) for one in results)

    def _tell_lost(self, there: set[str]) -> None:
        lost = self._there - there
        if lost:
            left = f"{len(there)} of {len(self._there | there)} workers left"
            again = "its work goes to the others" if there else f"waiting up to {PATIENCE:.0f} s for one"
            self._note(f"Lost worker {', '.join(sorted(lost))}: {left}; {again}.")
        self._there = there

    def _tell_short(self, workers: set[str]) -> None:
        """Dask pauses a worker near its memory limit: a unit that has begun goes on, one that has not waits."""
        for worker in sorted(workers - self._short):
            self._note(f"Worker {worker} is near its memory limit; a unit that does not end needs a larger one.")
        self._short |= workers
