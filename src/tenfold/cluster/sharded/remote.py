"""The functions that a Dask worker runs, imported by name from its own installation."""

from __future__ import annotations

import threading

from tenfold.cluster.sharded.part import FilePart
from tenfold.cluster.sharded.shard import MemoryCheck, Shard, open_shard
from tenfold.cluster.sharded.wire import (
    ABSENT,
    LOST,
    Fault,
    array_of,
    bytes_of_fault,
    bytes_of_nearest,
    bytes_of_profile,
    rows_of,
)
from tenfold.errors import LimitError, TenfoldError
from tenfold.models.threads import limited_to
from tenfold.text import shown

__all__ = ["MEMORY_SHARE", "Lease", "open_file", "open_rows", "profile_of_lease", "search_shard"]

MEMORY_SHARE = 0.65
"""Share of a worker's memory for shards: above 70 % Dask begins to write its data to disk."""
_ONE_AT_A_TIME = threading.Lock()


class Lease:
    """
    Keeps a shard in the memory of this process for as long as Dask keeps the lease.

    It pickles as an empty lease: if Dask moves it or writes it to disk, the rows do not go along, and the client has
    the shard opened again.

    Parameters
    ----------
    shard : Shard, optional
    fault : Fault, optional
        Why there is no shard.
    """

    def __init__(self, shard: Shard | None = None, fault: Fault | None = None) -> None:
        self.shard, self.fault = shard, fault

    def __reduce__(self) -> tuple[type[Lease], tuple[()]]:
        return Lease, ()


def open_file(path: str, target: str | None, limit: int) -> Lease:
    """Open a shard from a file that this worker sees; `limit` is its memory in bytes, 0 for no limit."""
    try:
        return Lease(open_shard(FilePart(path, target), _memory_check(limit)))
    except FileNotFoundError:
        return Lease(fault=Fault(ABSENT, "does not see this file"))
    except (TenfoldError, MemoryError) as fault:
        return Lease(fault=_fault_of(fault))


def open_rows(content: bytes, limit: int) -> Lease:
    """Open a shard from rows that were sent."""
    try:
        return Lease(open_shard(rows_of(content), _memory_check(limit)))
    except (TenfoldError, MemoryError) as fault:
        return Lease(fault=_fault_of(fault))


def profile_of_lease(lease: Lease) -> bytes:
    """Return the profile of the shard, or why there is none, as bytes."""
    if lease.shard is None:
        return bytes_of_fault(lease.fault or Fault(LOST, "lost this shard"))
    return bytes_of_profile(lease.shard.profile)


def search_shard(lease: Lease, queries: bytes, k: int, threads: int) -> bytes:
    """Return the nearest rows of the shard as bytes; a worker with several threads runs one search at a time."""
    if lease.shard is None:
        return bytes_of_fault(lease.fault or Fault(LOST, "lost this shard"))
    with _ONE_AT_A_TIME, limited_to(threads):
        return bytes_of_nearest(lease.shard.nearest(array_of(queries), k, threads))


def _fault_of(fault: TenfoldError | MemoryError) -> Fault:
    if isinstance(fault, MemoryError):
        return Fault(LimitError.__name__, "not enough memory. Do: make smaller shards, or give workers more memory")
    return Fault(type(fault).__name__, shown(fault, 300))


def _memory_check(limit: int) -> MemoryCheck:
    def refuse_more(count: int, what: str) -> None:
        import psutil

        resident = int(psutil.Process().memory_info().rss)
        if limit and resident + count > MEMORY_SHARE * limit:
            raise LimitError(
                f"{what} needs {count / 1e6:,.0f} MB more; {resident / 1e6:,.0f} of this worker's "
                f"{limit / 1e6:,.0f} MB are taken, and at most {MEMORY_SHARE:.0%} may be",
                do="make smaller shards, or start more workers or larger ones",
            )

    return refuse_more
