"""Shards held by the workers of a Dask cluster, and asked there: one future a chunk of queries and shard."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any
from zipfile import BadZipFile

from distributed import Future
from numpy.typing import NDArray

from tenfold.cluster.members import Cluster
from tenfold.cluster.sharded.holders import Holders, given_back
from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import Part, files_seen
from tenfold.cluster.sharded.remote import search
from tenfold.cluster.sharded.shard import Facts
from tenfold.cluster.sharded.wire import LOST, Fault, bytes_of_array, nearest_of
from tenfold.errors import DataError, EngineError
from tenfold.text import shown

__all__ = ["ShardsThere"]

_PAUSE = 0.25
_AHEAD, _DOUBTED, _RETURNS = 2, 3, 10


class ShardsThere:
    """
    Shards in the memory of workers.

    Parameters
    ----------
    cluster : Cluster
    threads : int
        Of each search.
    note : callable
        Told in a line when workers are lost.
    """

    def __init__(self, cluster: Cluster, threads: int, note: Callable[[str], None]) -> None:
        self._cluster, self._threads, self._note = cluster, threads, note
        self._holders = Holders(cluster, (), note)

    @property
    def workers(self) -> int:
        """How many take part."""
        return len(self._cluster.admitted)

    def files(self, paths: Sequence[str]) -> list[list[str]]:
        """
        Give the files that each path stands for: those that any worker sees, by name.

        Raises
        ------
        DataError
            No worker sees a path.
        """
        seen = self._cluster.each(files_seen, list(paths))
        if not seen:
            raise EngineError("no worker answers", where=self._cluster.address, do=self._cluster.again)
        found = [sorted({file for files in by for file in files or ()}) for by in zip(*seen.values(), strict=True)]
        for path, files in zip(paths, found, strict=True):
            if not files:
                raise DataError(
                    f"none of {len(seen)} workers sees it (asked {', '.join(sorted(seen)[:4])})",
                    where=path,
                    do="put it there under this path, or on a disk that every worker sees",
                )
        return found

    def open(self, parts: Sequence[Part]) -> list[Facts]:
        """Have every part read and packed by a worker; errors are those of `Holders.tend`."""
        self._holders = Holders(self._cluster, parts, self._note)
        self._holders.tend()
        while self._holders.missing:
            self._cluster.rest(_PAUSE)
            self._holders.tend()
        return [self._holders.facts[shard] for shard in range(len(parts))]

    def answers(self, chunks: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Give, as they come, the numbers of a chunk of queries and of a shard, and the nearest rows of the shard."""
        asking = _Asking(self._cluster, self._holders, chunks, k, self._threads)
        try:
            while asking.busy:
                asking.ask()
                self._cluster.rest(_PAUSE)
                yield from asking.ended()
        finally:
            asking.stop()

    def close(self) -> None:
        """Give the memory of the workers back; a cluster that is gone needs no telling."""
        try:
            self._holders.close()
        except EngineError:
            return


class _Asking:
    """What is still to be asked of each shard, and what each worker is at."""

    def __init__(
        self, cluster: Cluster, holders: Holders, chunks: Sequence[NDArray[Any]], k: int, threads: int
    ) -> None:
        self._cluster, self._holders, self._chunks = cluster, holders, chunks
        self._k, self._threads = k, threads
        self._waiting = {shard: deque(range(len(chunks))) for shard in holders.facts}
        self._running: dict[Future, tuple[int, int, str]] = {}
        holders.begin()
        self._returns = Counter[tuple[int, int]]()

    @property
    def busy(self) -> bool:
        """Whether an answer is missing."""
        return bool(self._running) or any(self._waiting.values())

    def ask(self) -> None:
        """Give every worker a little more than it can do at a time, early chunks first."""
        self._holders.tend()
        under_way = Counter(worker for _, _, worker in self._running.values())
        while True:
            open_ = [
                (self._waiting[shard][0], shard, worker, lease)
                for shard, (worker, lease) in self._holders.held.items()
                if self._waiting[shard] and under_way[worker] < _AHEAD
            ]
            if not open_:
                return
            chunk, shard, worker, lease = min(open_, key=lambda one: one[:2])
            self._waiting[shard].popleft()
            queries = bytes_of_array(self._chunks[chunk])
            future = self._cluster.start(worker, search, lease, queries, self._k, self._threads)
            self._running[future] = chunk, shard, worker
            under_way[worker] += 1

    def ended(self) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Give what has been answered; what was lost is asked again."""
        for future, (chunk, shard, worker) in list(self._running.items()):
            if future.status == "pending" and self._holders.holder(shard) == worker:
                continue
            del self._running[future]
            found = self._found(future, chunk, shard, worker)
            if found is None:
                self._ask_again(chunk, shard, worker, future)
            else:
                yield chunk, shard, found

    def stop(self) -> None:
        """Cancel what is under way; a cluster that is gone needs no telling."""
        try:
            self._cluster.stop(list(self._running))
        except EngineError:
            return

    def _found(self, future: Future, chunk: int, shard: int, worker: str) -> NearestLabelled | None:
        if future.status == "error" and not given_back(future):
            raise EngineError(shown(f"{future.exception()}".splitlines()[0], 200), where=f"worker {worker}")
        if future.status != "finished":
            return None
        rows = self._holders.facts[shard].rows
        try:
            answer = nearest_of(self._cluster.result(future), len(self._chunks[chunk]), min(self._k, rows), rows)
        except (OSError, CancelledError):
            return None
        except (ValueError, KeyError, TypeError, EOFError, BadZipFile) as fault:
            raise EngineError("it answered something else than it was asked", where=f"worker {worker}") from fault
        if not isinstance(answer, Fault):
            return answer
        if answer.kind != LOST:
            raise answer.error(f"worker {worker}")
        self._holders.drop(shard)
        return None

    def _ask_again(self, chunk: int, shard: int, worker: str, future: Future) -> None:
        self._cluster.stop([future])
        self._returns[chunk, shard] += 1
        if self._returns[chunk, shard] >= _RETURNS:
            what = f"the cluster gave a question back {_RETURNS} times"
            raise EngineError(what, where=self._cluster.address, do=self._cluster.again)
        if self._returns[chunk, shard] % _DOUBTED == 0 and self._holders.holder(shard) == worker:
            # A scheduler that has lost the shard with its worker may not say so, but gives each question back.
            self._holders.drop(shard)
        self._waiting[shard].appendleft(chunk)
