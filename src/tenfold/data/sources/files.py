"""Opening files of data: plain or gzip, decided by content, with errors that name the file."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tenfold.data.sources.limits import FILE_BYTES, RATIO_FREE_BYTES, UNPACKED_RATIO, refuse_bomb
from tenfold.errors import DataError, StorageError
from tenfold.regular_files import open_regular

__all__ = ["beginning", "opened", "reading", "refuse_packed_bomb", "stem"]

_GZIP = b"\x1f\x8b"
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
_DEFLATE_RATIO = 1_032
"""No byte of deflate gives more."""
_BLOCK, _UNPACKED_BLOCK = 1 << 16, 1 << 22


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn the faults of reading `path` into a `StorageError` (the disk) or a `DataError` (the content)."""
    try:
        yield
    except EOFError as fault:
        raise DataError("ends early (truncated)", where=path, do="copy or download it again") from fault
    except (gzip.BadGzipFile, zlib.error) as fault:
        raise DataError(f"the packed data are damaged: {fault}", where=path, do="copy or download it again") from fault
    except PermissionError as fault:
        raise StorageError("no permission to read it", where=path, do="change its permissions or copy it") from fault
    except OSError as fault:
        raise StorageError(f"cannot be read: {fault.strerror or fault}", where=path, do="check the disk") from fault


@contextmanager
def opened(
    path: Path, *, most: int | None = FILE_BYTES, within: Path | None = None, do: str = "give a part of it"
) -> Iterator[IO[bytes]]:
    """
    Open a file of data as a stream of bytes, unpacked where it is gzip.

    Parameters
    ----------
    path : Path
        An existing regular file.
    most : int, optional
        Bytes it may have, 2 GiB by default; None for a file that is never held whole.
    within : Path, optional
        A folder that it must lie in once every link is followed.
    do : str
        What to do about a larger one.

    Raises
    ------
    DataError
        Not a regular file, or damaged gzip (also while the block reads).
    LimitError
        Larger than `most`.
    StorageError
        The system refuses to read it.
    """
    with reading(path), ExitStack() as stack:
        raw = stack.enter_context(open_regular(path, most=most, within=within, do=do))
        packed = raw.read(2) == _GZIP
        raw.seek(0)
        unpacked: Any = stack.enter_context(gzip.GzipFile(fileobj=raw)) if packed else raw
        yield unpacked


def refuse_packed_bomb(path: Path, do: str) -> None:
    """
    Look ahead in a gzip file, only counting: what unpacks to far too much is refused before any of it is read.

    An honest file is looked at for its first 256 MiB, half a second; each later part is counted as it is read.

    Parameters
    ----------
    path : Path
        One that is not packed is passed over.
    do : str
        What to do about it.

    Raises
    ------
    LimitError
        Over 256 MiB and a hundred times the packed size; or over 4 GiB while no end of such packing is in sight.
    """
    with reading(path), open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size * _DEFLATE_RATIO <= RATIO_FREE_BYTES or file.peek(2)[:2] != _GZIP:
            return
        for packed, unpacked in _counted(file):
            if unpacked > RATIO_FREE_BYTES:
                if unpacked <= UNPACKED_RATIO * packed:
                    return
                refuse_bomb(path, size, unpacked, do=do)


def _counted(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """How many bytes were read and how many they unpack to so far, again and again; faults are left to the reader."""
    unpacker, packed, unpacked = zlib.decompressobj(_GZIP_FORMAT), 0, 0
    with suppress(zlib.error):
        while block := file.read(_BLOCK):
            packed += len(block)
            while block:
                unpacked += len(unpacker.decompress(block, _UNPACKED_BLOCK))
                block = unpacker.unconsumed_tail
                if unpacker.eof:  # another member may follow
                    block, unpacker = unpacker.unused_data, zlib.decompressobj(_GZIP_FORMAT)
                yield packed, unpacked


def beginning(path: Path, count: int = 16) -> bytes:
    """Give the first bytes of a file, unpacked where it is gzip."""
    with opened(path, most=None) as file:
        return file.read(count)


def stem(path: Path) -> str:
    """
    Give the name of a file without ``.gz`` and its suffix.

    Examples
    --------
    >>> stem(Path("data/train.csv.gz"))
    'train'
    """
    return Path(path.name.removesuffix(".gz")).stem
