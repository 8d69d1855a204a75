"""What travels between the one who asks and who holds a shard: bytes of arrays and of JSON, never pickled objects."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import RowsPart
from tenfold.cluster.sharded.shard import Facts
from tenfold.errors import DataError, EngineError, LimitError, StorageError, TenfoldError, UsageError

__all__ = [
    "ABSENT",
    "LOST",
    "Fault",
    "array_of",
    "bytes_of_array",
    "bytes_of_facts",
    "bytes_of_fault",
    "bytes_of_nearest",
    "bytes_of_rows",
    "facts_of",
    "nearest_of",
    "rows_of",
]

ABSENT, LOST = "absent", "lost"
_KINDS: dict[str, type[TenfoldError]] = {
    kind.__name__: kind for kind in (DataError, LimitError, StorageError, UsageError, EngineError)
}


@dataclass(frozen=True)
class Fault:
    """
    Why a shard cannot be used where it was asked for.

    Parameters
    ----------
    kind : str
        Name of an error; `ABSENT` where the file is not seen there, `LOST` where the shard must be opened again.
    line : str
    """

    kind: str
    line: str

    @property
    def elsewhere(self) -> bool:
        """Whether another worker may do better: one that sees the file, or has the memory."""
        return self.kind in {ABSENT, LimitError.__name__}

    def error(self, where: str) -> TenfoldError:
        """Give it as the error to raise."""
        return _KINDS.get(self.kind, DataError)(self.line, where=where)


def bytes_of_array(values: NDArray[Any]) -> bytes:
    """
    Give an array as the bytes of an ``.npy`` file.

    Examples
    --------
    >>> array_of(bytes_of_array(np.array([[1, 2]], np.uint8))).tolist()
    [[1, 2]]
    """
    buffer = io.BytesIO()
    np.save(buffer, values, allow_pickle=False)
    return buffer.getvalue()


def array_of(content: bytes) -> NDArray[Any]:
    """Read what `bytes_of_array` gave."""
    return np.asarray(np.load(io.BytesIO(content), allow_pickle=False))


def bytes_of_rows(part: RowsPart) -> bytes:
    """Give the rows and codes of a part; where they stand among all is not told."""
    return _packed(X=part.X, codes=part.codes)


def rows_of(content: bytes) -> RowsPart:
    """Read what `bytes_of_rows` gave."""
    kept = _unpacked(content)
    return RowsPart(0, kept["X"], kept["codes"])


def bytes_of_facts(facts: Facts) -> bytes:
    """Give what is known of a shard."""
    return json.dumps({"facts": asdict(facts)}).encode()


def bytes_of_fault(fault: Fault) -> bytes:
    """Give why there is no answer."""
    return json.dumps({"fault": asdict(fault)}).encode()


def facts_of(content: bytes) -> Facts | Fault:
    """
    Read what `bytes_of_facts` or `bytes_of_fault` gave.

    Raises
    ------
    ValueError, KeyError, TypeError
        The bytes are something else.
    """
    told = json.loads(content)
    if "fault" in told:
        return Fault(**told["fault"])
    known = told["facts"]
    return Facts(**{**known, "columns": tuple(known["columns"]), "classes": tuple(known["classes"])})


def bytes_of_nearest(found: NearestLabelled) -> bytes:
    """Give the nearest rows."""
    return _packed(distances=found.distances, rows=found.rows, codes=found.codes)


def nearest_of(content: bytes, queries: int, k: int, rows: int) -> NearestLabelled | Fault:
    """
    Read what `bytes_of_nearest` or `bytes_of_fault` gave.

    Parameters
    ----------
    content : bytes
    queries, k, rows : int
        What was asked: of a shard of so many rows.

    Raises
    ------
    ValueError, KeyError, TypeError, zipfile.BadZipFile
        The bytes are something else, or not about what was asked.
    """
    if content.startswith(b"{"):
        return Fault(**json.loads(content)["fault"])
    kept = _unpacked(content)
    found = NearestLabelled(kept["distances"], kept["rows"], kept["codes"])
    for values, dtype in ((found.distances, np.float64), (found.rows, np.int64), (found.codes, np.int32)):
        if values.shape != (queries, k) or values.dtype != dtype:
            raise ValueError(f"{values.dtype} of shape {values.shape}")
    if found.rows.size and not 0 <= int(found.rows.min()) <= int(found.rows.max()) < rows:
        raise ValueError(f"a row that is none of {rows}")
    return found


def _packed(**arrays: NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()


def _unpacked(content: bytes) -> dict[str, NDArray[Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as kept:
        return {name: kept[name] for name in kept.files}
