"""Opening files of data: plain or gzip, decided by content, with errors that name the file."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from tenfold.errors import DataError, StorageError
from tenfold.regular_files import open_regular
from tenfold.sources.limits import FILE_BYTES

__all__ = ["beginning", "opened", "reading", "stem"]

_GZIP = b"\x1f\x8b"


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
