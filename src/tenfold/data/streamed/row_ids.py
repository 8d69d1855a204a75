"""Content ids of rows, 128 bits each, equal to those of a data set in memory, batch by batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.table.content import HASH_KEYS

__all__ = ["content_ids", "digest_of_ids", "fingerprint_start", "hexadecimal", "rows_digest"]

_DIGITS = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), "S2")


def content_ids(table: pd.DataFrame) -> NDArray[np.uint64]:
    """
    Hash the content of each row: uint64 of shape (n, 2), the halves of `Dataset.ids`.

    Parameters
    ----------
    table : DataFrame
        Numbers as int64 or float64; text as object or as a categorical.
    """
    halves = [pd.util.hash_pandas_object(table, index=False, hash_key=key).to_numpy() for key in HASH_KEYS]
    return np.stack(halves, axis=1)


def hexadecimal(ids: NDArray[np.uint64]) -> NDArray[np.bytes_]:
    """
    Format ids of shape (n, 2) as 32 hexadecimal digits, bytes of shape (n,).

    Examples
    --------
    >>> hexadecimal(np.array([[255, 1]], np.uint64)).tolist()
    [b'00000000000000ff0000000000000001']
    """
    octets = np.ascontiguousarray(ids.astype(">u8")).view(np.uint8)
    return np.ascontiguousarray(_DIGITS[octets]).view("S32").reshape(-1)


def digest_of_ids(digest: Any, ids: NDArray[np.uint64]) -> None:
    """Add ids to a running digest as `Dataset.fingerprint` does: four bytes a digit."""
    digest.update(hexadecimal(ids).view(np.uint8).astype("<u4").tobytes())


def rows_digest(fingerprint: str, positions: Iterable[NDArray[np.int64]]) -> str:
    """Return the key of a test part as `SealedTest` does, its row positions given in parts."""
    digest = hashlib.sha256(fingerprint.encode())
    for some in positions:
        digest.update(some.astype("<i8").tobytes())
    return digest.hexdigest()


def fingerprint_start(features: Sequence[str], target: str) -> Any:
    """Return the digest with which the fingerprint of a table begins."""
    return hashlib.sha256(repr(("table", tuple(features), None, (target,))).encode())
