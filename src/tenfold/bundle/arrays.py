"""Arrays inside a pipeline file: their headers checked before, their values read for our own checks."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.bundle.refusal import demand

__all__ = ["check_header", "read_array"]

_KINDS = frozenset("biufUV")
_HEADER_BYTES = 10_000


def check_header(archive: zipfile.ZipFile, name: str) -> None:
    """
    Refuse a ``.npy`` member whose header asks for other than the bytes that are there, or for objects.

    Parameters
    ----------
    archive : ZipFile
        Vetted by `archive.open_archive`.
    name : str
        Member name.

    Raises
    ------
    Refused
        Another header version, an object dtype, or shape x item size that differs from the member's size.
    """
    with archive.open(name) as member:
        version = np.lib.format.read_magic(member)
        demand(version == (1, 0), f"array {name} has a header of version {version}")
        shape, _, dtype = np.lib.format.read_array_header_1_0(member, max_header_size=_HEADER_BYTES)
        demand(dtype.kind in _KINDS and not dtype.hasobject, f"array {name} holds objects ({dtype})")
        demand(all(type(side) is int and side >= 0 for side in shape), f"array {name} has an odd shape")
        asked = math.prod(shape) * dtype.itemsize
        there = archive.getinfo(name).file_size - member.tell()
        demand(asked == there, f"array {name} claims {asked:,} bytes, but has {there:,}")


def read_array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """Read a member that `check_header` has passed."""
    return np.asarray(np.load(io.BytesIO(archive.read(name)), allow_pickle=False))
