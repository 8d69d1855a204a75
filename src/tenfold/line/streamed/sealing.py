"""The test part of a streamed table, sealed: its size, and the digests by which it is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from tenfold.data.holdout import SealedTest
from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.distinct import unit_interval
from tenfold.data.streamed.row_ids import hexadecimal, rows_digest
from tenfold.data.streamed.row_store import RowStore
from tenfold.figures.streamed.buckets import Buckets
from tenfold.line.streamed.final import SealedRows
from tenfold.line.streamed.job import StreamJob
from tenfold.record.config import RunConfig

__all__ = ["sealed_test"]

_ID = np.dtype([("key", "<f8"), ("id", "<u8", (2,))])


def sealed_test(job: StreamJob, fingerprint: str, config: RunConfig, rows: int) -> SealedTest[SealedRows]:
    """
    Seal the test part of a row store, under the key that the same rows in memory have.

    Parameters
    ----------
    job : StreamJob
    fingerprint : str
        Of the data.
    config : RunConfig
    rows : int
        Of the test part.
    """
    kind = "grouped" if config.group is not None else "stratified"
    how = f"a {kind} draw of {100 * config.test_size:g} % of the rows by content, seed {config.seed}"
    return SealedTest(
        lambda: SealedRows(job),
        rows,
        how=how,
        key=rows_digest(fingerprint, _test_positions(job.store)),
        ids_digest=_ids_digest(job),
    )


def _test_positions(store: RowStore) -> Iterator[NDArray[np.int64]]:
    start = 0
    for block in store.blocks("parts"):
        yield start + np.flatnonzero(block["parts"] == TEST)
        start += len(block["parts"])


def _ids_digest(job: StreamJob) -> str:
    """SHA-256 of the sorted content ids of the test part, sorted on disk: as `instances_digest` gives it."""
    edges = np.arange(1, 256) / 256
    buckets = Buckets(job.folder / "test.ids", edges, _ID)
    for block in job.store.blocks("ids", "parts"):
        ids = block["ids"][block["parts"] == TEST]
        records = np.empty(len(ids), _ID)
        records["key"], records["id"] = unit_interval(ids[:, 0]), ids
        buckets.add(records)
    digest, first = hashlib.sha256(), True
    for bucket in range(len(buckets)):
        pieces = list(buckets.pieces(bucket))
        if pieces:
            names = np.sort(hexadecimal(np.concatenate(pieces)["id"]))
            digest.update((b"" if first else b"\n") + b"\n".join(names.tolist()))
            first = False
    buckets.remove()
    return digest.hexdigest()
