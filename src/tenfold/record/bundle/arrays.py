"""Arrays inside a pipeline file: their headers checked before, their values read for our own checks."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.record.bundle.limits import UNPACKED_BYTES
from tenfold.record.bundle.refusal import demand
from tenfold.record.bundle.vetting.grammar import Stored

__all__ = ["Header", "StoredArrays", "check_header", "read_array"]

_NUMBER_KINDS = frozenset("biuf")
_NUMBER_BYTES = 8
_RECORD_BYTES = 256  # of a tree node, the only record there is
_HEADER_BYTES = 10_000
_READ_BYTES = 4 * UNPACKED_BYTES


@dataclass(frozen=True)
class Header:
    """What an array says of itself: its type and its shape."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]


def check_header(archive: zipfile.ZipFile, name: str) -> Header:
    """
    Refuse a ``.npy`` member whose header asks for other than the bytes that are there, or for other than numbers.

    Parameters
    ----------
    archive : ZipFile
        Vetted by `archive.open_archive`.
    name : str
        Member name.

    Raises
    ------
    Refused
        Another header version, objects, text or records larger than a tree node (an empty array of such a type
        could still size other arrays), or shape x item size that differs from the member's size.
    """
    with archive.open(name) as member:
        version = np.lib.format.read_magic(member)
        demand(version == (1, 0), f"array {name} has a header of version {version}")
        shape, _, dtype = np.lib.format.read_array_header_1_0(member, max_header_size=_HEADER_BYTES)
        number = dtype.kind in _NUMBER_KINDS and dtype.itemsize <= _NUMBER_BYTES
        record = dtype.names is not None and dtype.itemsize <= _RECORD_BYTES
        demand((number or record) and not dtype.hasobject, f"array {name} holds objects ({dtype!s:.60})")
        demand(all(type(side) is int and side >= 0 for side in shape), f"array {name} has an odd shape")
        claimed = math.prod(shape) * dtype.itemsize
        there = archive.getinfo(name).file_size - member.tell()
        demand(claimed == there, f"array {name} claims {claimed:,} bytes, but has {there:,}")
        return Header(dtype, tuple(shape))


def read_array(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """Read a member that `check_header` has passed."""
    return np.asarray(np.load(io.BytesIO(archive.read(name)), allow_pickle=False))


class StoredArrays:
    """
    The arrays that nodes of a description stand for: their headers, and their values when called.

    Parameters
    ----------
    archive : ZipFile
    headers : mapping of str to Header
        Member name -> header, as `check_header` gave it.
    """

    def __init__(self, archive: zipfile.ZipFile, headers: Mapping[str, Header]) -> None:
        self._archive = archive
        self._headers = headers
        self._bytes_read = 0

    def header(self, node: Stored) -> Header | None:
        """Give the header of a node's array; None where the node is no array in a file."""
        return self._headers.get(str(node.file)) if node.kind == "NdArrayNode" else None

    def __call__(self, node: Stored) -> NDArray[Any]:
        """
        Read the array of a node.

        Raises
        ------
        Refused
            The node is no array, or the description has had the same few arrays read over and over.
        """
        demand(self.header(node) is not None, "a part that must be an array is none")
        name = str(node.file)
        self._bytes_read += self._archive.getinfo(name).file_size
        demand(self._bytes_read <= _READ_BYTES, "its description names the same arrays too often")
        return read_array(self._archive, name)
