"""What a Dask worker runs: module-level functions of plain values, found by name in its own installation."""

from __future__ import annotations

import threading

from tenfold.cluster.sharded.part import FilePart
from tenfold.cluster.sharded.shard import Room, Shard, opened_shard
from tenfold.cluster.sharded.wire import (
    ABSENT,
    LOST,
    Fault,
    array_of,
    bytes_of_facts,
    bytes_of_fault,
    bytes_of_nearest,
    rows_of,
)
from tenfold.errors import LimitError, TenfoldError
from tenfold.models.threads import limited_to
from tenfold.text import shown

__all__ = ["MEMORY_SHARE", "Lease", "facts_of_lease", "open_file", "open_rows", "search"]

MEMORY_SHARE = 0.65
"""Of a worker's memory that shards may fill: above 70 % Dask begins to write what it holds to disk."""
_ONE_AT_A_TIME = threading.Lock()


class Lease:
    """
    Keeps a shard in the memory of this process for as long as Dask keeps the lease.

    It pickles as an empty one: should Dask move it or write it to disk, no rows go along, and who asks opens the
    shard again.

    Parameters
    ----------
    shard : Shard, optional
    fault : Fault, optional
        Why there is none.
    """

    def __init__(self, shard: Shard | None = None, fault: Fault | None = None) -> None:
        self.shard, self.fault = shard, fault

    def __reduce__(self) -> tuple[type[Lease], tuple[()]]:
        return Lease, ()


def open_file(path: str, target: str | None, limit: int) -> Lease:
    """Open a shard from a file that this worker sees; `limit` is its memory in bytes, 0 for none."""
    try:
        return Lease(opened_shard(FilePart(path, target), _room(limit)))
    except FileNotFoundError:
        return Lease(fault=Fault(ABSENT, "does not see this file"))
    except (TenfoldError, MemoryError) as fault:
        return Lease(fault=_told(fault))


def open_rows(content: bytes, limit: int) -> Lease:
    """Open a shard from rows that were sent."""
    try:
        return Lease(opened_shard(rows_of(content), _room(limit)))
    except (TenfoldError, MemoryError) as fault:
        return Lease(fault=_told(fault))


def facts_of_lease(lease: Lease) -> bytes:
    """Tell what the shard holds, or why there is none."""
    if lease.shard is None:
        return bytes_of_fault(lease.fault or Fault(LOST, "lost this shard"))
    return bytes_of_facts(lease.shard.facts)


def search(lease: Lease, queries: bytes, k: int, threads: int) -> bytes:
    """Find the nearest rows of the shard; a worker process with several threads still searches once at a time."""
    if lease.shard is None:
        return bytes_of_fault(lease.fault or Fault(LOST, "lost this shard"))
    with _ONE_AT_A_TIME, limited_to(threads):
        return bytes_of_nearest(lease.shard.nearest(array_of(queries), k, threads))


def _told(fault: TenfoldError | MemoryError) -> Fault:
    if isinstance(fault, MemoryError):
        return Fault(LimitError.__name__, "not enough memory. Do: make smaller shards, or give workers more memory")
    return Fault(type(fault).__name__, shown(fault, 300))


def _room(limit: int) -> Room:
    def refuse_more(count: int, what: str) -> None:
        import psutil

        held = int(psutil.Process().memory_info().rss)
        if limit and held + count > MEMORY_SHARE * limit:
            raise LimitError(
                f"{what} needs {count / 1e6:,.0f} MB more; {held / 1e6:,.0f} of this worker's {limit / 1e6:,.0f} MB "
                f"are taken, and at most {MEMORY_SHARE:.0%} may be",
                do="make smaller shards, or start more workers or larger ones",
            )

    return refuse_more
