"""Why no worker can hold a shard, in a line."""

from __future__ import annotations

from collections.abc import Mapping, Set

from tenfold.cluster.sharded.part import Part, RowsPart
from tenfold.cluster.sharded.remote import MEMORY_SHARE
from tenfold.cluster.sharded.wire import ABSENT, Fault
from tenfold.errors import DataError, LimitError, TenfoldError

__all__ = ["nowhere", "too_large"]

_COPIES = 3
"""As sent, as read and as packed."""


def nowhere(part: Part, refused: Mapping[str, Fault], there: Set[str]) -> TenfoldError:
    """
    Give the error to raise when every worker refused a shard.

    Parameters
    ----------
    part : FilePart or RowsPart
    refused : mapping of worker to Fault
    there : set of str
        Workers at this moment; one of them is named, and one that is short of memory rather than one without the file.

    Examples
    --------
    >>> from tenfold.cluster.sharded.part import FilePart
    >>> absent = Fault(ABSENT, "does not see this file")
    >>> str(nowhere(FilePart("a.npz"), {"tcp://h:1": absent, "tcp://h:2": absent}, {"tcp://h:1", "tcp://h:2"}))
    'worker tcp://h:1: a.npz: does not see this file, nor does the other one. Do: put it there under this path, ...'
    """
    faults = {worker: fault for worker, fault in refused.items() if worker in there}
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


def too_large(part: RowsPart, limit: int) -> Fault | None:
    """Say that rows need not be sent to a worker of so much memory in bytes (0: no limit); None where they may."""
    needed = _COPIES * part.X.nbytes
    if not limit or needed <= MEMORY_SHARE * limit:
        return None
    return Fault(
        LimitError.__name__,
        f"{part} need {needed / 1e6:,.0f} MB, more than {MEMORY_SHARE:.0%} of this worker's {limit / 1e6:,.0f} MB. "
        "Do: make more shards, or start larger workers",
    )
