"""Shards in the memory of the workers of a Dask cluster: one future for each chunk of queries and shard."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from typing import Any
from zipfile import BadZipFile

from distributed import Future
from numpy.typing import NDArray

from tenfold.cluster.members import Cluster
from tenfold.cluster.sharded.holders import Holders, was_returned
from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import Part, files_seen
from tenfold.cluster.sharded.remote import search_shard
from tenfold.cluster.sharded.shard import ShardProfile
from tenfold.cluster.sharded.wire import LOST, Fault, bytes_of_array, nearest_of
from tenfold.errors import DataError, EngineError
from tenfold.text import shown

__all__ = ["DistributedShards"]

_PAUSE = 0.25
_AHEAD, _DOUBTED, _RETURNS = 2, 3, 10


class DistributedShards:
    """
    Shards in the memory of workers.

    Parameters
    ----------
    cluster : Cluster
    threads : int
        For each search.
    note : callable
        Receives a line when workers are lost.
    """

    def __init__(self, cluster: Cluster, threads: int, note: Callable[[str], None]) -> None:
        self._cluster, self._threads, self._note = cluster, threads, note
        self._holders = Holders(cluster, (), note)

    @property
    def workers(self) -> int:
        """Number of workers."""
        return len(self._cluster.admitted)

    def files(self, paths: Sequence[str]) -> list[list[str]]:
        """
        Return the files of each path: those that any worker sees, by name.

        Raises
        ------
        DataError
            No worker sees a path.
        """
        visible = self._cluster.each(files_seen, list(paths))
        if not visible:
            raise EngineError("no worker answers", where=self._cluster.address, do=self._cluster.again)
        listings = [
            sorted({file for files in by for file in files or ()}) for by in zip(*visible.values(), strict=True)
        ]
        for path, files in zip(paths, listings, strict=True):
            if not files:
                raise DataError(
                    f"none of {len(visible)} workers sees it (asked {', '.join(sorted(visible)[:4])})",
                    where=path,
                    do="put it there under this path, or on a disk that every worker sees",
                )
        return listings

    def open(self, parts: Sequence[Part]) -> list[ShardProfile]:
        """Have every part read and packed by a worker; errors are those of `Holders.update`."""
        self._holders = Holders(self._cluster, parts, self._note)
        self._holders.update()
        while self._holders.missing:
            self._cluster.rest(_PAUSE)
            self._holders.update()
        return [self._holders.profiles[shard] for shard in range(len(parts))]

    def search(self, chunks: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Yield, as they come, the index of a chunk of queries, that of a shard, and its nearest rows."""
        search = _Search(self._cluster, self._holders, chunks, k, self._threads)
        try:
            while search.busy:
                search.start_calls()
                self._cluster.rest(_PAUSE)
                yield from search.results()
        finally:
            search.stop()

    def close(self) -> None:
        """Release the memory of the workers, unless the cluster is gone."""
        try:
            self._holders.close()
        except EngineError:
            return


class _Search:
    """A search under way: the chunks waiting for each shard, and the calls of each worker."""

    def __init__(
        self, cluster: Cluster, holders: Holders, chunks: Sequence[NDArray[Any]], k: int, threads: int
    ) -> None:
        self._cluster, self._holders, self._chunks = cluster, holders, chunks
        self._k, self._threads = k, threads
        self._queues = {shard: deque(range(len(chunks))) for shard in holders.profiles}
        self._running: dict[Future, tuple[int, int, str]] = {}
        holders.reset_patience()
        self._returns = Counter[tuple[int, int]]()

    @property
    def busy(self) -> bool:
        """Whether a result is missing."""
        return bool(self._running) or any(self._queues.values())

    def start_calls(self) -> None:
        """Start a little more work on each worker than it can do at a time, early chunks first."""
        self._holders.update()
        load = Counter(worker for _, _, worker in self._running.values())
        while True:
            options = [
                (self._queues[shard][0], shard, worker, lease)
                for shard, (worker, lease) in self._holders.leases.items()
                if self._queues[shard] and load[worker] < _AHEAD
            ]
            if not options:
                return
            chunk, shard, worker, lease = min(options, key=lambda one: one[:2])
            self._queues[shard].popleft()
            queries = bytes_of_array(self._chunks[chunk])
            future = self._cluster.start(worker, search_shard, lease, queries, self._k, self._threads)
            self._running[future] = chunk, shard, worker
            load[worker] += 1

    def results(self) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Yield the results of finished calls; those lost are started again."""
        for future, (chunk, shard, worker) in list(self._running.items()):
            if future.status == "pending" and self._holders.holder(shard) == worker:
                continue
            del self._running[future]
            nearest = self._result(future, chunk, shard, worker)
            if nearest is None:
                self._restart(chunk, shard, worker, future)
            else:
                yield chunk, shard, nearest

    def stop(self) -> None:
        """Cancel the calls under way, unless the cluster is gone."""
        try:
            self._cluster.stop(list(self._running))
        except EngineError:
            return

    def _result(self, future: Future, chunk: int, shard: int, worker: str) -> NearestLabelled | None:
        if future.status == "error" and not was_returned(future):
            raise EngineError(shown(f"{future.exception()}".splitlines()[0], 200), where=f"worker {worker}")
        if future.status != "finished":
            return None
        rows = self._holders.profiles[shard].rows
        try:
            reply = nearest_of(self._cluster.result(future), len(self._chunks[chunk]), min(self._k, rows), rows)
        except (OSError, CancelledError):
            return None
        except (ValueError, KeyError, TypeError, EOFError, BadZipFile) as fault:
            raise EngineError("it answered something else than it was asked", where=f"worker {worker}") from fault
        if not isinstance(reply, Fault):
            return reply
        if reply.kind != LOST:
            raise reply.error(f"worker {worker}")
        self._holders.drop(shard)
        return None

    def _restart(self, chunk: int, shard: int, worker: str, future: Future) -> None:
        self._cluster.stop([future])
        self._returns[chunk, shard] += 1
        if self._returns[chunk, shard] >= _RETURNS:
            what = f"the cluster gave a question back {_RETURNS} times"
            raise EngineError(what, where=self._cluster.address, do=self._cluster.again)
        if self._returns[chunk, shard] % _DOUBTED == 0 and self._holders.holder(shard) == worker:
            # A scheduler that has lost the shard with its worker may not say so, but gives each question back.
            self._holders.drop(shard)
        self._queues[shard].appendleft(chunk)
