"""A zip file of a model and the arrays in it, looked at byte by byte before any library opens them."""

from __future__ import annotations

import io
import math
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from tenfold.program.limits import MEMBERS, UNPACKED_BYTES, Inflation
from tenfold.program.refusal import demand, refuse
from tenfold.text import shown

__all__ = ["Header", "check_header", "open_archive", "read_array", "refusing_damage"]

_END = struct.Struct("<4s4H2LH")
_LOCAL = struct.Struct("<4s5H3L2H")
_ZIP64_LOCATOR = b"PK\x06\x07"
_ZIP64_LOCATOR_BYTES = 20
_DIRECTORY_BYTES = 200 * MEMBERS
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error)
_NAME = re.compile(r"[0-9A-Za-z._-]{1,100}")
_HARMLESS_FLAGS = 0x0806  # UTF-8 names and the two bits that tell how hard deflate tried

_NUMBER_KINDS = frozenset("biuf")
_NUMBER_BYTES = 8
_RECORD_BYTES = 256  # of a tree node, the only record there is
_HEADER_BYTES = 10_000


def open_archive(file: BinaryIO, inflation: Inflation) -> zipfile.ZipFile:
    """
    Open the zip after its directory, sizes, names and layout have been found harmless.

    A zip is read from its end: the size of the directory is checked there first, because `zipfile` builds an
    object for each entry. Members must follow one another without gap or overlap from the first byte on.

    Parameters
    ----------
    file : binary file
        Open for reading, seekable.
    inflation : Inflation
        How much larger than the file its members may become.

    Raises
    ------
    Refused
        Not a zip as we write it, or over a limit.
    """
    start = _directory_start(file)
    with refusing_damage():
        archive = zipfile.ZipFile(file)
    entries = archive.infolist()
    _check_entries(entries)
    _check_sizes(entries, inflation)
    _check_layout(file, entries, start)
    return archive


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Refuse a zip with what `zipfile` says of it: a wrong checksum, a header that is none, a version to come."""
    try:
        yield
    except _DAMAGE as fault:
        refuse(f"the zip is damaged ({shown(fault, 80)})")


def _directory_start(file: BinaryIO) -> int:
    size = file.seek(0, os.SEEK_END)
    demand(size > _END.size + _ZIP64_LOCATOR_BYTES, "the pipeline is no zip file")
    file.seek(size - _END.size - _ZIP64_LOCATOR_BYTES)
    tail = file.read()
    mark, disk, first, here, entries, length, start, comment = _END.unpack(tail[_ZIP64_LOCATOR_BYTES:])
    demand(
        mark == b"PK\x05\x06" and comment == 0, "the pipeline is no whole zip file: cut short, or something was added"
    )
    demand(not tail.startswith(_ZIP64_LOCATOR), "the pipeline is a zip of the 64-bit kind, which no model needs")
    demand(disk == first == 0 and here == entries, "the pipeline is a zip of several parts")
    demand(entries <= MEMBERS, f"the pipeline has {entries:,} members, over the limit of {MEMBERS:,}")
    demand(length <= _DIRECTORY_BYTES, f"the zip directory has {length:,} bytes, over the limit")
    demand(start + length == size - _END.size, "the zip directory is not where it belongs")
    return int(start)


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    demand(len(entries) <= MEMBERS, f"the pipeline has {len(entries):,} members, over the limit of {MEMBERS:,}")
    names = [entry.filename for entry in entries]
    demand(len({name.lower() for name in names}) == len(names), "a member of the pipeline stands there twice")
    for entry in entries:
        name = ascii(entry.filename)
        demand(_NAME.fullmatch(entry.filename), f"a member of the pipeline has the odd name {name:.80}")
        demand(not entry.flag_bits & ~_HARMLESS_FLAGS, f"member {name} is encrypted or streamed")
        known = entry.compress_type in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
        demand(known, f"member {name} is packed in an unknown way")
        whole = entry.compress_type != zipfile.ZIP_STORED or entry.compress_size == entry.file_size
        demand(whole, f"member {name} has another size than it says")


def _check_sizes(entries: list[zipfile.ZipInfo], inflation: Inflation) -> None:
    unpacked, packed = sum(e.file_size for e in entries), sum(e.compress_size for e in entries)
    demand(unpacked <= UNPACKED_BYTES, f"it unpacks to {unpacked:,} bytes, over the limit of {UNPACKED_BYTES:,}")
    demand(
        inflation.allows(unpacked, packed),
        f"{packed:,} bytes unpack to {unpacked:,}: over {inflation.ratio} times, a decompression bomb",
    )


def _check_layout(file: BinaryIO, entries: list[zipfile.ZipInfo], start: int) -> None:
    """Local headers included, the members must fill the file exactly: nothing hidden, shared or overlapping."""
    ordered = sorted(entries, key=lambda entry: entry.header_offset)
    begins = [entry.header_offset for entry in ordered] + [start]
    demand(begins[0] == 0, "the pipeline begins with something else than its first member")
    demand(ordered[-1].header_offset < start, "a member of the pipeline begins after the last")
    for entry, (begin, following) in zip(ordered, pairwise(begins), strict=True):
        file.seek(begin)
        header = file.read(_LOCAL.size)
        demand(len(header) == _LOCAL.size, "the zip is cut short")
        *_, name_length, extra_length = _LOCAL.unpack(header)
        end = begin + _LOCAL.size + name_length + extra_length + entry.compress_size
        demand(end == following, f"member {entry.filename!a} overlaps another or leaves a gap")


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
        As `open_archive` gave it.
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
