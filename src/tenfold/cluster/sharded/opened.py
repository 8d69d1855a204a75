"""Where shards are held: in this process, or by the workers of a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from numpy.typing import NDArray

from tenfold.cluster.address import cluster_address
from tenfold.cluster.sharded.local import ShardsHere
from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import Part
from tenfold.cluster.sharded.shard import Facts
from tenfold.models.threads import allowed_threads

__all__ = ["Shards", "opened_shards"]


class Shards(Protocol):
    """Opens parts, and finds in each the nearest rows."""

    @property
    def workers(self) -> int:
        """How many can hold shards."""
        ...

    def files(self, paths: Sequence[str]) -> list[list[str]]:
        """Give the files that each path stands for."""
        ...

    def open(self, parts: Sequence[Part]) -> list[Facts]:
        """Have every part read and packed."""
        ...

    def answers(self, chunks: Sequence[NDArray[Any]], k: int) -> Iterator[tuple[int, int, NearestLabelled]]:
        """Give the numbers of a chunk of queries and of a shard, and the nearest rows of the shard, in any order."""
        ...


@contextmanager
def opened_shards(engine: str, n_jobs: int | None, note: Callable[[str], None]) -> Iterator[Shards]:
    """
    Give who holds shards; a cluster is connected to, and left again at the end.

    Parameters
    ----------
    engine : str
        As for `tenfold.cluster.address.cluster_address`.
    n_jobs : int, optional
        Threads of a search.
    note : callable
        Told in a line what happens to the cluster.

    Raises
    ------
    UsageError
        No address, or one that others can reach.
    EngineError
        The cluster cannot be used.
    """
    address = cluster_address(engine, "engine")
    if address is None:
        yield ShardsHere(allowed_threads(n_jobs))
        return
    from tenfold.cluster.connection import connected
    from tenfold.cluster.sharded.distributed import ShardsThere

    with connected(address, note) as cluster:
        there = ShardsThere(cluster, n_jobs or 1, note)
        try:
            yield there
        finally:
            there.close()
