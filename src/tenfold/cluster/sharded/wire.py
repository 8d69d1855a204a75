"""Messages between client and workers: bytes of arrays and of JSON, never pickled objects."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import RowsPart
from tenfold.cluster.sharded.shard import ShardProfile
from tenfold.errors import DataError, EngineError, LimitError, StorageError, TenfoldError, UsageError

__all__ = [
    "ABSENT",
    "LOST",
    "Fault",
    "array_of",
    "bytes_of_array",
    "bytes_of_fault",
    "bytes_of_nearest",
    "bytes_of_profile",
    "bytes_of_rows",
    "nearest_of",
    "profile_of",
    "rows_of",
]

ABSENT, LOST = "absent", "lost"
_KINDS: dict[str, type[TenfoldError]] = {
    kind.__name__: kind for kind in (DataError, LimitError, StorageError, UsageError, EngineError)
}


@dataclass(frozen=True)
class Fault:
    """
    The reason why a worker cannot use a shard.

    Parameters
    ----------
    kind : str
        Name of an error class; `ABSENT` where the worker does not see the file, `LOST` where the shard must be opened
        again.
    line : str
    """

    kind: str
    line: str

    @property
    def elsewhere(self) -> bool:
        """Whether another worker may succeed, which sees the file or has the memory."""
        return self.kind in {ABSENT, LimitError.__name__}

    def error(self, where: str) -> TenfoldError:
        """Return the error to raise."""
        return _KINDS.get(self.kind, DataError)(self.line, where=where)


def bytes_of_array(values: NDArray[Any]) -> bytes:
    """
    Return an array as the bytes of an ``.npy`` file.

    Examples
    --------
    >>> array_of(bytes_of_array(np.array([[1, 2]], np.uint8))).tolist()
    [[1, 2]]
    """
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()


def array_of(content: bytes) -> NDArray[Any]:
    """Return the array of `bytes_of_array`."""
    return np.asarray(np.load(io.BytesIO(content), allow_pickle=False))


def bytes_of_rows(part: RowsPart) -> bytes:
    """Return the rows and codes of a part as bytes, without their position among all."""
    return _pack(X=part.X, codes=part.codes)


def rows_of(content: bytes) -> RowsPart:
    """Return the part of `bytes_of_rows`, its first row as 0."""
    arrays = _unpack(content)
    return RowsPart(0, arrays["X"], arrays["codes"])


def bytes_of_profile(profile: ShardProfile) -> bytes:
    """Return the profile of a shard as bytes."""
    return json.dumps({"profile": asdict(profile)}).encode()


def bytes_of_fault(fault: Fault) -> bytes:
    """Return a fault as bytes."""
    return json.dumps({"fault": asdict(fault)}).encode()


def profile_of(content: bytes) -> ShardProfile | Fault:
    """
    Return the profile of `bytes_of_profile`, or the fault of `bytes_of_fault`.

    Raises
    ------
    ValueError, KeyError, TypeError
        The bytes are something else.
    """
    message = json.loads(content)
    if "fault" in message:
        return Fault(**message["fault"])
    fields = message["profile"]
    return ShardProfile(**{**fields, "columns": tuple(fields["columns"]), "classes": tuple(fields["classes"])})


def bytes_of_nearest(nearest: NearestLabelled) -> bytes:
    """Return the nearest rows as bytes."""
    return _pack(distances=nearest.distances, rows=nearest.rows, codes=nearest.codes)


def nearest_of(content: bytes, queries: int, k: int, rows: int) -> NearestLabelled | Fault:
    """
    Return the nearest rows of `bytes_of_nearest`, or the fault of `bytes_of_fault`.

    Parameters
    ----------
    content : bytes
    queries, k, rows : int
        The number of queries, of neighbours, and of rows in the shard.

    Raises
    ------
    ValueError, KeyError, TypeError, zipfile.BadZipFile
        The bytes are something else, or do not fit the request.
    """
    if content.startswith(b"{"):
        return Fault(**json.loads(content)["fault"])
    arrays = _unpack(content)
    nearest = NearestLabelled(arrays["distances"], arrays["rows"], arrays["codes"])
    for values, dtype in ((nearest.distances, np.float64), (nearest.rows, np.int64), (nearest.codes, np.int32)):
        if values.shape != (queries, k) or values.dtype != dtype:
            raise ValueError(f"{values.dtype} of shape {values.shape}")
    if nearest.rows.size and not 0 <= int(nearest.rows.min()) <= int(nearest.rows.max()) < rows:
        raise ValueError(f"a row that is none of {rows}")
    return nearest


def _pack(**arrays: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _unpack(content: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}
