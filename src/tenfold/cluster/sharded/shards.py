"""The place of the shards: this process, or the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from numpy.typing import NDArray

from tenfold.cluster.address import cluster_address
from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import FilePart, Part, files_seen
from tenfold.cluster.sharded.shard import Shard, ShardProfile, open_shard
from tenfold.errors import DataError
from tenfold.models.threads import allowed_threads

__all__ = ["LocalShards", "Shards", "open_shards"]


class Shards(Protocol):
    """Opens parts as shards, and searches each for the nearest rows."""

    @property
    def workers(self) -> int:
        """Number of workers."""
        ...

    def files(self, paths: Sequence[str]) -> list[list[str]]:
        """Return the files of each path."""
        ...

    def open(self, parts: Sequence[Part]) -> list[ShardProfile]:
        """Read and pack every part, and return the profiles."""
        ...

    def search(self, chunks: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Yield, in any order, the index of a chunk of queries, that of a shard, and the nearest rows of the shard."""
        ...


class LocalShards:
    """
    Shards in the memory of this process.

    Parameters
    ----------
    threads : int
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._shards: list[Shard] = []

    @property
    def workers(self) -> int:
        """Number of workers: only this process."""
        return 1

    def files(self, paths: Sequence[str]) -> list[list[str]]:
        """Return the files of each path, or raise `DataError` where there is none."""
        files_of_paths = files_seen(paths)
        for path, files in zip(paths, files_of_paths, strict=True):
            if files is None:
                raise DataError("no such file or folder", where=path, do="check the path")
        return [files for files in files_of_paths if files is not None]

    def open(self, parts: Sequence[Part]) -> list[ShardProfile]:
        """Read and pack every part, and return the profiles."""
        self._shards = [_open_part(part) for part in parts]
        return [shard.profile for shard in self._shards]

    def search(self, chunks: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Yield the index of each chunk of queries, that of each shard, and the nearest rows of the shard."""
        for number, chunk in enumerate(chunks):
            for place, shard in enumerate(self._shards):
                yield number, place, shard.nearest(chunk, k, self._threads)


def _open_part(part: Part) -> Shard:
    try:
        return open_shard(part)
    except FileNotFoundError:
        where = part.path if isinstance(part, FilePart) else None
        raise DataError("no such file", where=where, do="check the path") from None


@contextmanager
def open_shards(engine: str, n_jobs: int | None, note: Callable[[str], None]) -> Iterator[Shards]:
    """
    Yield the shards of an engine; a cluster is connected to, and disconnected at the end.

    Parameters
    ----------
    engine : str
        As for `tenfold.cluster.address.cluster_address`.
    n_jobs : int, optional
        Threads of a search.
    note : callable
        Receives lines about the cluster.

    Raises
    ------
    UsageError
        No address, or one that others can reach.
    EngineError
        The cluster cannot be used.
    """
    address = cluster_address(engine, "engine")
    if address is None:
        yield LocalShards(allowed_threads(n_jobs))
        return
    from tenfold.cluster.connection import connected
    from tenfold.cluster.sharded.distributed import DistributedShards

    with connected(address, note) as cluster:
        there = DistributedShards(cluster, n_jobs or 1, note)
        try:
            yield there
        finally:
            there.close()
