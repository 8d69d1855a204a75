"""Records sorted on disk: dealt out to files by ranges of a key, each small enough to be sorted in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.regular_files import open_regular
from tenfold.storage import make_folder, storage_faults

__all__ = ["BUCKET_ROWS", "Buckets", "RowOrder", "cuts"]

BUCKET_ROWS = 1 << 18


def cuts(sample: NDArray[np.float64], rows: int, bucket_rows: int = BUCKET_ROWS) -> NDArray[np.float64]:
    """
    Choose where to cut the range of a key so that no bucket of different values holds many more than `bucket_rows`.

    A value so frequent that it would fill half a bucket gets one of its own, which needs no sorting.

    Parameters
    ----------
    sample : ndarray of float64, shape (m,)
        Of the keys, evenly drawn.
    rows : int
        All of them.

    Returns
    -------
    ndarray of float64, shape (b - 1,)
        Increasing; equal keys always share a bucket.

    Examples
    --------
    >>> cuts(np.array([0.0, 1.0, 2.0, 3.0]), rows=40, bucket_rows=20).tolist()
    [2.0]
    """
    wanted = -(-rows // bucket_rows)
    ordered = np.sort(sample)
    if wanted < 2 or not len(ordered):
        return np.empty(0)
    ends = ordered[np.arange(1, wanted) * len(ordered) // wanted]
    values, counts = np.unique(ordered, return_counts=True)
    frequent = values[counts * rows >= 0.5 * bucket_rows * len(ordered)]
    frequent = frequent[counts[np.searchsorted(values, frequent)] > 1]
    bounds = np.unique(np.concatenate([ends, frequent, np.nextafter(frequent, np.inf)]))
    return np.asarray(bounds[np.isfinite(bounds)])


class Buckets:
    """
    Files of records, the lowest keys first.

    Parameters
    ----------
    folder : Path
        Made if missing; `remove` empties it.
    edges : ndarray of float64, shape (b - 1,)
        A key belongs into the first bucket whose edge lies above it.
    kind : dtype
        Of a record; its field ``key`` decides.
    """

    def __init__(self, folder: Path, edges: NDArray[np.float64], kind: np.dtype[Any]) -> None:
        self.folder, self.edges, self.kind = make_folder(folder), edges, kind
        self.sizes = np.zeros(len(edges) + 1, np.int64)
        self.lowest, self.highest = np.full(len(edges) + 1, np.inf), np.full(len(edges) + 1, -np.inf)
        self.remove()  # what a killed run has left would be counted twice

    def __len__(self) -> int:
        return len(self.sizes)

    def add(self, records: NDArray[Any]) -> None:
        """Put records, shape (m,), where they belong; within a bucket they keep their order."""
        if not len(records):
            return
        place = np.searchsorted(self.edges, records["key"], side="right")
        order = np.argsort(place, kind="stable")
        sorted_records, sorted_place = records[order], place[order]
        starts = np.flatnonzero(np.append(True, np.diff(sorted_place) > 0))
        with storage_faults(self.folder):
            for start, end in zip(starts, np.append(starts[1:], len(records)), strict=True):
                some, bucket = sorted_records[start:end], int(sorted_place[start])
                with self._path(bucket).open("ab") as file:
                    file.write(some.tobytes())
                self.sizes[bucket] += len(some)
                self.lowest[bucket] = min(self.lowest[bucket], some["key"].min())
                self.highest[bucket] = max(self.highest[bucket], some["key"].max())

    def pieces(self, bucket: int, rows: int = BUCKET_ROWS) -> Iterator[NDArray[Any]]:
        """Give a bucket whole; one whose keys are all equal, piece by piece."""
        if not self.sizes[bucket]:
            return
        count = rows if self.lowest[bucket] == self.highest[bucket] else int(self.sizes[bucket])
        with storage_faults(self.folder), open_regular(self._path(bucket), within=self.folder) as file:
            while len(some := np.fromfile(file, self.kind, count)):
                yield some

    def remove(self) -> None:
        """Remove the files."""
        for path in self.folder.glob("*.bucket"):
            path.unlink(missing_ok=True)

    def _path(self, bucket: int) -> Path:
        return self.folder / f"{bucket}.bucket"


_AT = np.dtype([("key", "<f8"), ("value", "<f8")])


class RowOrder:
    """
    Values that come in any order of their rows, written in the order of the rows.

    Parameters
    ----------
    folder : Path
        For the work.
    rows : int
    """

    def __init__(self, folder: Path, rows: int) -> None:
        self._rows = rows
        edges = np.arange(BUCKET_ROWS, rows, BUCKET_ROWS, dtype=np.float64)
        self._buckets = Buckets(folder, edges, _AT)

    def add(self, rows: NDArray[np.int64], values: NDArray[np.float64]) -> None:
        """Take the values of some rows, each shape (m,)."""
        records = np.empty(len(rows), _AT)
        records["key"], records["value"] = rows, values
        self._buckets.add(records)

    def finish(self, path: Path) -> Path:
        """Write float64 values, shape (n,), in order; every row must have been told."""
        with storage_faults(path), path.open("wb") as file:
            for bucket in range(len(self._buckets)):
                start = bucket * BUCKET_ROWS
                values = np.zeros(min(BUCKET_ROWS, self._rows - start))
                for some in self._buckets.pieces(bucket):
                    values[some["key"].astype(np.int64) - start] = some["value"]
                file.write(values.tobytes())
        self._buckets.remove()
        return path
