"""
The arrays of a program as members of its zip: ``.npy`` of the one form that we write.

NumPy's own reader evaluates the header as an expression of Python and knows types that no program has: here a header
either matches a pattern, or its array is refused.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.archive import refusing_damage
from tenfold.program.limits import ARRAYS, WIDEST
from tenfold.program.refusal import demand, refuse

__all__ = ["array_member", "check_array_member", "pack_members", "read_array_member"]

_START = b"\x93NUMPY\x01\x00"
_START_BYTES = 10
_HEADER_BYTES = 1_000
_ALIGNED = 64
_HEADER = re.compile(
    rb"\{'descr': '(\|[iu]1|<[iu][24]|<i8|<f[248])', 'fortran_order': False, "
    rb"'shape': \(((?:\d{1,10},)?|\d{1,10}(?:, \d{1,10}){1,3})\), \} *\n"
)
_DEFLATED_DIMENSIONS = 2
"""Rows of data may be deflated; lists of positions, which a check takes apart, are as long as the file lets them be."""

_CHUNK_BYTES = 4 << 20
_SAMPLE_BYTES = 64 << 10
_SMALL_BYTES = 4 << 10
_WORTH = 0.97  # of the size, or it stays as it is
_FASTEST = 1


def pack_members(arrays: Mapping[str, NDArray[Any]], description: tuple[str, bytes] | None = None) -> io.BytesIO:
    """
    Return a zip of a description and of arrays, matrices deflated where that makes them smaller.

    Parameters
    ----------
    arrays : mapping of str to ndarray
        By the names of their members, without ``.npy``.
    description : (str, bytes) or None
        Name and content of a first member.

    Examples
    --------
    >>> pixels = np.zeros((100, 784))
    >>> len(pack_members({"pixels": pixels}).getvalue()) < pixels.nbytes / 100
    True
    """
    packed: io.BytesIO = _pack(arrays, description, deflate=True)
    with zipfile.ZipFile(packed) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
        small = sum(entry.compress_size for entry in archive.infolist())
    return packed if ARRAYS.allows(unpacked, small) else _pack(arrays, description, deflate=False)


def _pack(arrays: Mapping[str, NDArray[Any]], description: tuple[str, bytes] | None, *, deflate: bool) -> io.BytesIO:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        if description:
            archive.writestr(zipfile.ZipInfo(description[0]), description[1])
        for name, values in arrays.items():
            content = array_member(values)
            worth = deflate and values.ndim >= _DEFLATED_DIMENSIONS and _is_worth_deflating(content)
            method = zipfile.ZIP_DEFLATED if worth else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(f"{name}.npy"), content, method, _FASTEST)
    return packed


def _is_worth_deflating(content: bytes) -> bool:
    sample = content[:_SAMPLE_BYTES]
    return len(content) > _SMALL_BYTES and len(zlib.compress(sample, _FASTEST)) < _WORTH * len(sample)


def array_member(values: NDArray[Any]) -> bytes:
    """
    Return an array as the content of a member: little-endian, row by row.

    Parameters
    ----------
    values : ndarray of int8 to int64, uint8 to uint32, float16 to float64, of up to four dimensions

    Examples
    --------
    >>> array_member(np.zeros(2))[10:63]
    b"{'descr': '<f8', 'fortran_order': False, 'shape': (2,"
    """
    little = np.asarray(values, values.dtype.newbyteorder("<"), order="C")
    file = io.BytesIO()
    np.lib.format.write_array(file, little, version=(1, 0), allow_pickle=False)
    return file.getvalue()


@dataclass(frozen=True)
class _Form:
    dtype: np.dtype[Any]
    shape: tuple[int, ...]


def check_array_member(archive: zipfile.ZipFile, name: str) -> None:
    """
    Refuse a member whose header is not as `array_member` writes it, or asks for other than the bytes that are there.

    An array without values could be as long as it likes, and size others: it is bounded too.
    """
    with refusing_damage(), archive.open(name) as member:
        form, begin = _read_form(member, name)
    entry = archive.getinfo(name)
    plain = entry.compress_type == zipfile.ZIP_STORED or len(form.shape) >= _DEFLATED_DIMENSIONS
    demand(plain, f"array {name} is compressed, which none of one dimension is")
    claimed, there = math.prod(form.shape) * form.dtype.itemsize, entry.file_size - begin
    demand(claimed == there, f"array {name} claims {claimed:,} bytes, but has {there:,}")
    demand(there or math.prod(max(1, side) for side in form.shape) <= WIDEST, f"array {name} is empty, yet too wide")


def read_array_member(archive: zipfile.ZipFile, name: str) -> NDArray[Any]:
    """Read a member that `check_array_member` has passed; nothing beside the array itself is held."""
    with refusing_damage(), archive.open(name) as member:
        form, _ = _read_form(member, name)
        values = np.empty(form.shape, form.dtype)
        rest = values.reshape(-1).view(np.uint8).data
        while rest:
            count = member.readinto(rest[:_CHUNK_BYTES])  # type: ignore[attr-defined]
            demand(count, f"array {name} is cut short")
            rest = rest[count:]
    return values.astype(form.dtype.newbyteorder("="), copy=False)


def _read_form(member: IO[bytes], name: str) -> tuple[_Form, int]:
    """Return type and shape, and where the values begin."""
    start = member.read(_START_BYTES)
    demand(start[:8] == _START, f"array {name} has the header of no array, or of another version")
    length = int.from_bytes(start[8:], "little")
    aligned = (length + _START_BYTES) % _ALIGNED == 0
    header = _HEADER.fullmatch(member.read(length)) if aligned and length <= _HEADER_BYTES else None
    if header is None:
        refuse(f"array {name} is of a type or form that no program has")
    dtype, shape = header.groups()
    sides = tuple(int(side) for side in shape.split(b",") if side.strip())
    return _Form(np.dtype(dtype.decode("ascii")), sides), _START_BYTES + length
