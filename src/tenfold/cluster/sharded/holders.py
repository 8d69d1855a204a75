"""Which worker holds which shard: opened once, and opened again elsewhere when a worker is lost."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass

from distributed import Future

from tenfold.cluster.members import PATIENCE, Cluster
from tenfold.cluster.sharded.part import FilePart, Part
from tenfold.cluster.sharded.refusals import nowhere, too_large
from tenfold.cluster.sharded.remote import facts_of_lease, open_file, open_rows
from tenfold.cluster.sharded.shard import Facts
from tenfold.cluster.sharded.wire import LOST, Fault, bytes_of_rows, facts_of
from tenfold.errors import DataError, EngineError, LimitError
from tenfold.text import shown

__all__ = ["Holders", "given_back"]

_EVERY = 0.25
_DEATHS, _RETURNS = 3, 10


@dataclass(frozen=True)
class _Opening:
    shard: int
    lease: Future
    told: Future


class Holders:
    """
    The shards of a training set on the workers of a cluster.

    Parameters
    ----------
    cluster : Cluster
    parts : sequence of FilePart or RowsPart
    note : callable
        Told in a line when workers are lost.
    """

    def __init__(self, cluster: Cluster, parts: Sequence[Part], note: Callable[[str], None]) -> None:
        self._cluster, self._parts, self._note = cluster, parts, note
        self.facts: dict[int, Facts] = {}
        self.there = set(cluster.admitted)
        self._taking = set(cluster.admitted)
        self._held: dict[int, tuple[str, Future]] = {}
        self._opening: dict[str, _Opening] = {}
        self._refused: defaultdict[int, dict[str, Fault]] = defaultdict(dict)
        self._deaths, self._returns = Counter[int](), Counter[int]()
        self._paused: dict[str, float] = {}
        self._looked, self._useful = 0.0, time.monotonic()

    @property
    def missing(self) -> list[int]:
        """Shards that no worker holds at this moment."""
        return [shard for shard in range(len(self._parts)) if shard not in self._held]

    @property
    def held(self) -> dict[int, tuple[str, Future]]:
        """Worker and lease of each shard that is held."""
        return self._held

    def holder(self, shard: int) -> str | None:
        """Name the worker that holds a shard; None where it is missing."""
        return self._held[shard][0] if shard in self._held else None

    def drop(self, shard: int) -> None:
        """Take note that a shard is not where it was."""
        self._held.pop(shard, None)

    def begin(self) -> None:
        """Have patience with the cluster from now on, however long nobody looked at it."""
        self._useful, self._paused = time.monotonic(), {}

    def tend(self) -> None:
        """
        Look who is there, take in what has been opened, and have opened what is missing.

        Raises
        ------
        DataError, LimitError, StorageError
            A shard cannot be used, no worker sees its file, or none has the memory.
        EngineError
            The scheduler or every worker is gone.
        """
        self._look()
        for worker, opening in list(self._opening.items()):
            if opening.told.status != "pending":
                del self._opening[worker]
                self._take_in(worker, opening)
        for shard in self.missing:
            if len(self._opening) < len(self.there):
                self._place(shard)

    def close(self) -> None:
        """Give the memory of the workers back."""
        under_way = [future for one in self._opening.values() for future in (one.told, one.lease)]
        self._cluster.stop(under_way + [lease for _, lease in self._held.values()])
        self._opening, self._held = {}, {}

    def _look(self) -> None:
        now = time.monotonic()
        if now - self._looked < _EVERY:
            return
        there, self._taking = self._cluster.look()
        self._looked = time.monotonic()
        self._part_with(self.there - there, there)
        self.there = there
        self._paused = {worker: self._paused.get(worker, now) for worker in there - self._taking}
        able = {worker for worker in there if now - self._paused.get(worker, now) <= PATIENCE}
        stays = {shard: (worker, lease) for shard, (worker, lease) in self._held.items() if worker in able}
        self._held = {shard: one for shard, one in stays.items() if one[1].status in {"finished", "pending"}}
        if self._taking:
            self._useful = now
        elif now - self._useful > PATIENCE:
            what = "every worker is out of memory" if there else f"no worker is left, none came in {PATIENCE:.0f} s"
            raise EngineError(what, where=self._cluster.address, do=self._cluster.again)

    def _part_with(self, lost: set[str], there: set[str]) -> None:
        """A shard that is being opened when its worker dies is blamed for it."""
        if not lost:
            return
        shards = sum(worker in lost for worker, _ in self._held.values())
        left = f"{len(there)} worker{'' if len(there) == 1 else 's'} left"
        self._note(f"Lost worker {', '.join(sorted(lost))} with {shards} shards; {left}, which open them again.")
        for worker in lost & set(self._opening):
            shard = self._opening.pop(worker).shard
            self._deaths[shard] += 1
            if self._deaths[shard] >= _DEATHS:
                raise LimitError(
                    f"{_DEATHS} workers died while they opened this shard (last {worker}), as when memory runs out",
                    where=str(self._parts[shard]),
                    do="make smaller shards, or start larger workers",
                )

    def _take_in(self, worker: str, opening: _Opening) -> None:
        """A shard that did not come about, and for no fault of its own, stays missing."""
        shard = opening.shard
        if opening.told.status == "error" and not given_back(opening.told):
            raise EngineError(shown(f"{opening.told.exception()}".splitlines()[0], 200), where=f"worker {worker}")
        try:
            facts = facts_of(self._cluster.result(opening.told)) if opening.told.status == "finished" else None
        except (OSError, CancelledError):
            facts = None
        if facts is None or (isinstance(facts, Fault) and facts.kind == LOST):
            self._returns[shard] += 1
            if self._returns[shard] >= _RETURNS:
                what = f"the cluster gave {self._parts[shard]} back {_RETURNS} times"
                raise EngineError(what, where=self._cluster.address, do=self._cluster.again)
        elif isinstance(facts, Facts):
            self._hold(shard, worker, opening.lease, facts)
        elif facts.elsewhere:
            self._refused[shard][worker] = facts
        else:
            raise facts.error(f"worker {worker}")

    def _hold(self, shard: int, worker: str, lease: Future, facts: Facts) -> None:
        before = self.facts.setdefault(shard, facts)
        if before.digest != facts.digest:
            raise DataError(
                f"on worker {worker} it holds other rows than before", where=str(self._parts[shard]), do="fit again"
            )
        self._held[shard] = worker, lease
        self._deaths[shard] = self._returns[shard] = 0

    def _place(self, shard: int) -> None:
        """Have a shard opened by the worker with the fewest, unless that one is still opening another."""
        if any(opening.shard == shard for opening in self._opening.values()):
            return
        options = self._taking - set(self._refused[shard])
        if options:
            load = Counter([worker for worker, _ in self._held.values()] + list(self._opening))
            worker = min(options, key=lambda one: (load[one], one))
            if worker not in self._opening:
                self._begin(shard, worker)
        elif self.there and not self.there - set(self._refused[shard]):
            raise nowhere(self._parts[shard], self._refused[shard], self.there)

    def _begin(self, shard: int, worker: str) -> None:
        part, limit = self._parts[shard], self._cluster.memory_limits.get(worker, 0)
        if isinstance(part, FilePart):
            lease = self._cluster.start(worker, open_file, part.path, part.target, limit)
        else:
            if (fault := too_large(part, limit)) is not None:
                self._refused[shard][worker] = fault
                return
            sent = self._cluster.send(bytes_of_rows(part), worker)
            if sent is None:
                self._taking.discard(worker)
                self._looked = 0.0
                return
            lease = self._cluster.start(worker, open_rows, sent, limit)
        self._opening[worker] = _Opening(shard, lease, self._cluster.start(worker, facts_of_lease, lease))


def given_back(future: Future) -> bool:
    """Whether what was started failed only because the cluster lost the worker or the data under it."""
    return type(future.exception()).__name__ in {"KilledWorker", "CancelledError", "FutureCancelledError"}
