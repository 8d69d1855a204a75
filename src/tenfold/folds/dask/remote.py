"""What a Dask worker runs: module-level functions of plain values, found by name in its own installation."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from tenfold.errors import StorageError
from tenfold.folds.dask.parcel import Answer, unpack_job
from tenfold.folds.executor import attempted
from tenfold.folds.job import Job, open_job
from tenfold.folds.packed import pack_results
from tenfold.folds.unit import Unit

__all__ = ["answer_unit"]

_ONE_AT_A_TIME = threading.Lock()
_OPEN: dict[str, Job] = {}
_PREFIX = "tenfold-"


def answer_unit(parcel: bytes, digest: str, candidate: str, fold: int) -> bytes:
    """
    Do one unit; a worker process with several threads still does one at a time.

    Thread limits of numerical libraries and caught warnings belong to the process, not to a thread.

    Parameters
    ----------
    parcel : bytes
        The job's files (`pack_job`); written to this worker's scratch folder when it first meets them.
    digest : str
        Of the parcel.
    candidate : str
    fold : int

    Returns
    -------
    bytes
        Of an `Answer`.
    """
    with _ONE_AT_A_TIME:
        try:
            results = attempted(_opened(parcel, digest), Unit(candidate, fold))
        except StorageError as fault:
            return Answer(storage=str(fault)).as_bytes()
    reply = Answer(failure=results) if isinstance(results, str) else Answer(pack_results(results))
    return reply.as_bytes()


def _opened(parcel: bytes, digest: str) -> Job:
    """Open the job, kept on this worker; the data of another job that it held before are dropped."""
    if digest not in _OPEN:
        from distributed import get_worker

        scratch = Path(get_worker().local_directory)
        _OPEN.clear()
        for old in scratch.glob(f"{_PREFIX}*"):
            shutil.rmtree(old, ignore_errors=True)
        folder = scratch / f"{_PREFIX}{digest}"
        unpack_job(parcel, folder)
        _OPEN[digest] = open_job(folder)
    return _OPEN[digest]
