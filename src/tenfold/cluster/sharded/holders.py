"""The worker of each shard: opened once, and again elsewhere when a worker is lost."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence, Set
from concurrent.futures import CancelledError
from dataclasses import dataclass

from distributed import Future

from tenfold.cluster.members import PATIENCE, Cluster
from tenfold.cluster.sharded.part import FilePart, Part, RowsPart
from tenfold.cluster.sharded.remote import MEMORY_SHARE, open_file, open_rows, profile_of_lease
from tenfold.cluster.sharded.shard import ShardProfile
from tenfold.cluster.sharded.wire import ABSENT, LOST, Fault, bytes_of_rows, profile_of
from tenfold.errors import DataError, EngineError, LimitError, TenfoldError
from tenfold.text import shown

__all__ = ["Holders", "placement_error", "size_fault", "was_returned"]

_EVERY = 0.25
_DEATHS, _RETURNS = 3, 10
_COPIES = 3
"""Copies of the rows at most: as sent, as read and as packed."""


@dataclass(frozen=True)
class _Opening:
    shard: int
    lease: Future
    profile: Future


class Holders:
    """
    The shards of a training set on the workers of a cluster.

    Parameters
    ----------
    cluster : Cluster
    parts : sequence of FilePart or RowsPart
    note : callable
        Receives a line when workers are lost.
    """

    def __init__(self, cluster: Cluster, parts: Sequence[Part], note: Callable[[str], None]) -> None:
        self._cluster, self._parts, self._note = cluster, parts, note
        self.profiles: dict[int, ShardProfile] = {}
        self.workers = set(cluster.admitted)
        self._accepting = set(cluster.admitted)
        self._leases: dict[int, tuple[str, Future]] = {}
        self._openings: dict[str, _Opening] = {}
        self._refusals: defaultdict[int, dict[str, Fault]] = defaultdict(dict)
        self._deaths, self._returns = Counter[int](), Counter[int]()
        self._paused: dict[str, float] = {}
        self._last_look, self._last_useful = 0.0, time.monotonic()

    @property
    def missing(self) -> list[int]:
        """Shards that no worker has at this moment."""
        return [shard for shard in range(len(self._parts)) if shard not in self._leases]

    @property
    def leases(self) -> dict[int, tuple[str, Future]]:
        """Worker and lease of each shard."""
        return self._leases

    def holder(self, shard: int) -> str | None:
        """Return the worker of a shard; None where it is missing."""
        return self._leases[shard][0] if shard in self._leases else None

    def drop(self, shard: int) -> None:
        """Remove a shard that its worker has lost."""
        self._leases.pop(shard, None)

    def reset_patience(self) -> None:
        """Count the time without workers from now on."""
        self._last_useful, self._paused = time.monotonic(), {}

    def update(self) -> None:
        """
        Look at the workers, register the shards that were opened, and have missing ones opened.

        Raises
        ------
        DataError, LimitError, StorageError
            A shard cannot be used, no worker sees its file, or none has the memory.
        EngineError
            The scheduler or every worker is gone.
        """
        self._look()
        for worker, opening in list(self._openings.items()):
            if opening.profile.status != "pending":
                del self._openings[worker]
                self._receive(worker, opening)
        for shard in self.missing:
            if len(self._openings) < len(self.workers):
                self._assign(shard)

    def close(self) -> None:
        """Release the memory of the workers."""
        under_way = [future for one in self._openings.values() for future in (one.profile, one.lease)]
        self._cluster.stop(under_way + [lease for _, lease in self._leases.values()])
        self._openings, self._leases = {}, {}

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._last_look < _EVERY:
            return
        workers, self._accepting = self._cluster.look()
        self._last_look = time.monotonic()
        self._remove_workers(self.workers - workers, workers)
        self.workers = workers
        self._paused = {worker: self._paused.get(worker, now) for worker in workers - self._accepting}
        responsive = {worker for worker in workers if now - self._paused.get(worker, now) <= PATIENCE}
        remaining = {shard: (worker, lease) for shard, (worker, lease) in self._leases.items() if worker in responsive}
        self._leases = {shard: one for shard, one in remaining.items() if one[1].status in {"finished", "pending"}}
        if self._accepting:
            self._last_useful = now
        elif now - self._last_useful > PATIENCE:
            what = "every worker is out of memory" if workers else f"no worker is left, none came in {PATIENCE:.0f} s"
            raise EngineError(what, where=self._cluster.address, do=self._cluster.again)

    def _remove_workers(self, lost_workers: set[str], workers: set[str]) -> None:
        """Drop lost workers; a shard that one was opening when it died counts as a cause."""
        if not lost_workers:
            return
        shards = sum(worker in lost_workers for worker, _ in self._leases.values())
        remaining = f"{len(workers)} worker{'' if len(workers) == 1 else 's'} left"
        self._note(
            f"Lost worker {', '.join(sorted(lost_workers))} with {shards} shards; {remaining}, which open them again."
        )
        for worker in lost_workers & set(self._openings):
            shard = self._openings.pop(worker).shard
            self._deaths[shard] += 1
            if self._deaths[shard] >= _DEATHS:
                raise LimitError(
                    f"{_DEATHS} workers died while they opened this shard (last {worker}), as when memory runs out",
                    where=str(self._parts[shard]),
                    do="make smaller shards, or start larger workers",
                )

    def _receive(self, worker: str, opening: _Opening) -> None:
        """Register a shard; one that a worker could not open for no fault of its own stays missing."""
        shard = opening.shard
        if opening.profile.status == "error" and not was_returned(opening.profile):
            raise EngineError(shown(f"{opening.profile.exception()}".splitlines()[0], 200), where=f"worker {worker}")
        try:
            profile = (
                profile_of(self._cluster.result(opening.profile)) if opening.profile.status == "finished" else None
            )
        except (OSError, CancelledError):
            profile = None
        if profile is None or (isinstance(profile, Fault) and profile.kind == LOST):
            self._returns[shard] += 1
            if self._returns[shard] >= _RETURNS:
                what = f"the cluster gave {self._parts[shard]} back {_RETURNS} times"
                raise EngineError(what, where=self._cluster.address, do=self._cluster.again)
        elif isinstance(profile, ShardProfile):
            self._register(shard, worker, opening.lease, profile)
        elif profile.elsewhere:
            self._refusals[shard][worker] = profile
        else:
            raise profile.error(f"worker {worker}")

    def _register(self, shard: int, worker: str, lease: Future, profile: ShardProfile) -> None:
        before = self.profiles.setdefault(shard, profile)
        if before.digest != profile.digest:
            raise DataError(
                f"on worker {worker} it holds other rows than before", where=str(self._parts[shard]), do="fit again"
            )
        self._leases[shard] = worker, lease
        self._deaths[shard] = self._returns[shard] = 0

    def _assign(self, shard: int) -> None:
        """Have a shard opened by the worker with the fewest, unless it is still opening another."""
        if any(opening.shard == shard for opening in self._openings.values()):
            return
        options = self._accepting - set(self._refusals[shard])
        if options:
            load = Counter([worker for worker, _ in self._leases.values()] + list(self._openings))
            worker = min(options, key=lambda one: (load[one], one))
            if worker not in self._openings:
                self._start_opening(shard, worker)
        elif self.workers and not self.workers - set(self._refusals[shard]):
            raise placement_error(self._parts[shard], self._refusals[shard], self.workers)

    def _start_opening(self, shard: int, worker: str) -> None:
        part, limit = self._parts[shard], self._cluster.memory_limits.get(worker, 0)
        if isinstance(part, FilePart):
            lease = self._cluster.start(worker, open_file, part.path, part.target, limit)
        else:
            if (fault := size_fault(part, limit)) is not None:
                self._refusals[shard][worker] = fault
                return
            content = self._cluster.send(bytes_of_rows(part), worker)
            if content is None:
                self._accepting.discard(worker)
                self._last_look = 0.0
                return
            lease = self._cluster.start(worker, open_rows, content, limit)
        self._openings[worker] = _Opening(shard, lease, self._cluster.start(worker, profile_of_lease, lease))


def was_returned(future: Future) -> bool:
    """Return whether a call failed only because the cluster lost its worker or its data."""
    return type(future.exception()).__name__ in {"KilledWorker", "CancelledError", "FutureCancelledError"}


def placement_error(part: Part, refusals: Mapping[str, Fault], workers: Set[str]) -> TenfoldError:
    """
    Return the error to raise when every worker refused a shard.

    Parameters
    ----------
    part : FilePart or RowsPart
    refusals : mapping of worker to Fault
    workers : set of str
        Workers at this moment; one of them is named, rather one short of memory than one without the file.

    Examples
    --------
    >>> from tenfold.cluster.sharded.part import FilePart
    >>> absent = Fault(ABSENT, "does not see this file")
    >>> str(placement_error(FilePart("a.npz"), {"tcp://h:1": absent, "tcp://h:2": absent}, {"tcp://h:1", "tcp://h:2"}))
    'worker tcp://h:1: a.npz: does not see this file, nor does the other one. Do: put it there under this path, ...'
    """
    faults = {worker: fault for worker, fault in refusals.items() if worker in workers}
    short = {worker: fault for worker, fault in faults.items() if fault.kind != ABSENT}
    worker = min(short or faults)
    if short:
        return short[worker].error(f"worker {worker}")
    others = len(faults) - 1
    nor = "" if not others else ", nor does the other one" if others == 1 else f", nor do the {others} others"
    return DataError(
        f"{faults[worker].line}{nor}",
        where=f"worker {worker}: {part}",
        do="put it there under this path, or on a disk that every worker sees",
    )


def size_fault(part: RowsPart, limit: int) -> Fault | None:
    """Return why rows exceed a worker's memory in bytes, 0 for no limit; None where they fit."""
    n_bytes = _COPIES * part.X.nbytes
    if not limit or n_bytes <= MEMORY_SHARE * limit:
        return None
    return Fault(
        LimitError.__name__,
        f"{part} need {n_bytes / 1e6:,.0f} MB, more than {MEMORY_SHARE:.0%} of this worker's {limit / 1e6:,.0f} MB. "
        "Do: make more shards, or start larger workers",
    )
