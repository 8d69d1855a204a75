"""Opening data files: plain or gzip, decided by content, with errors that name the file."""

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

__all__ = ["beginning", "open_data", "reading", "refuse_packed_bomb", "stem"]

_GZIP = b"\x1f\x8b"
_GZIP_FORMAT = 16 + zlib.MAX_WBITS
_DEFLATE_RATIO = 1_032
"""The highest compression ratio of deflate."""
_BLOCK, _UNPACKED_BLOCK = 1 << 16, 1 << 22


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Convert errors of reading `path` to a `StorageError` (the disk) or a `DataError` (the content)."""
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
def open_data(
    path: Path, *, most: int | None = FILE_BYTES, within: Path | None = None, do: str = "give a part of it"
) -> Iterator[IO[bytes]]:
    """
    Open a data file as a stream of bytes, decompressed where it is gzip.

    Parameters
    ----------
    path : Path
        An existing regular file.
    most : int, optional
        Size limit in bytes, 2 GiB by default; None for a file that is never in memory as a whole.
    within : Path, optional
        A folder in which it must lie once every link is followed.
    do : str
        What to do about a larger one, for the message.

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
        is_gzip = raw.read(2) == _GZIP
        raw.seek(0)
        unpacked: Any = stack.enter_context(gzip.GzipFile(fileobj=raw)) if is_gzip else raw
        yield unpacked


def refuse_packed_bomb(path: Path, do: str) -> None:
    """
    Refuse a gzip file that decompresses to far too much, by counting its bytes before any of it is read.

    Counting stops after the first 256 MiB of an ordinary file, half a second; later parts are counted as they are read.

    Parameters
    ----------
    path : Path
        Other files than gzip pass.
    do : str
        What to do about it, for the message.

    Raises
    ------
    LimitError
        Over 256 MiB and a hundred times the compressed size, or over 4 GiB while the ratio stays that high.
    """
    with reading(path), open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size * _DEFLATE_RATIO <= RATIO_FREE_BYTES or file.peek(2)[:2] != _GZIP:
            return
        for packed, unpacked in _running_sizes(file):
            if unpacked > RATIO_FREE_BYTES:
                if unpacked <= UNPACKED_RATIO * packed:
                    return
                refuse_bomb(path, size, unpacked, do=do)


def _running_sizes(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Yield the running counts of compressed and decompressed bytes; damage is left to the reader."""
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
    """Return the first bytes of a file, decompressed where it is gzip."""
    with open_data(path, most=None) as file:
        return file.read(count)


def stem(path: Path) -> str:
    """
    Return the name of a file without ``.gz`` and its suffix.

    Examples
    --------
    >>> stem(Path("data/train.csv.gz"))
    'train'
    """
    return Path(path.name.removesuffix(".gz")).stem
