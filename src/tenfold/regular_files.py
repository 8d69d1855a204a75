"""
Files opened for reading: regular ones alone, no larger than their kind may be, inside the folder they belong to.

A pipe waits for ever, a device never ends, and a link may lead anywhere; whatever Tenfold reads is opened here.
"""

from __future__ import annotations

import errno
import io
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tenfold.errors import DataError, LimitError

__all__ = [
    "CONFIG_BYTES",
    "FIGURES_BYTES",
    "LEDGER_BYTES",
    "NOTE_BYTES",
    "UNIT_BYTES",
    "open_regular",
    "open_regular_append",
    "open_regular_update",
    "read_regular",
    "read_regular_json",
    "refuse_links_out",
]

NOTE_BYTES = 1 << 16
"""The name of a run, or who holds a folder."""

CONFIG_BYTES = 1 << 20
"""A config.toml."""

LEDGER_BYTES = 64 << 20
"""Openings of one test part: some 400,000."""

FIGURES_BYTES = 256 << 20
"""A JSON file of a run: the confusion matrices of ten candidates among 1,000 classes take some 160 MB."""

UNIT_BYTES = 16 << 30
"""What one candidate answers on one fold."""

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_OF_THIS_USER = 0o600
_ITSELF = "put the file itself in its place"
# Without O_NONBLOCK the opening of a pipe waits for whoever writes to it; a regular file is read as ever.
_AT_ONCE = sum(getattr(os, name, 0) for name in ("O_NONBLOCK", "O_NOCTTY"))
_NO_LINK, _FOLDER = getattr(os, "O_NOFOLLOW", 0), getattr(os, "O_DIRECTORY", 0)


def open_regular(
    path: Path, *, most: int | None = None, within: Path | None = None, do: str | None = None
) -> io.BufferedReader:
    """
    Open a file for reading; whether it is a regular one, and how large, is asked of what was opened.

    Parameters
    ----------
    path : Path
    most : int, optional
        Bytes it may have; None for a file that is never held whole.
    within : Path, optional
        A folder that `path` must lie in once every link is followed.
    do : str, optional
        What to do about a larger one.

    Raises
    ------
    DataError
        A folder, a pipe, a device; or it lies outside `within`.
    LimitError
        Larger than `most`.
    OSError
        As `open` does.

    Examples
    --------
    >>> open_regular(Path("."))
    Traceback (most recent call last):
        ...
    tenfold.errors.DataError: .: is not a regular file but a folder. Do: put the file itself in its place.
    """
    return open(path, "rb", opener=_opener(path, most, within, do))


def open_regular_update(path: Path) -> io.BufferedRandom:
    """Open an existing regular file for reading and writing; refused as `open_regular` does."""
    return open(path, "r+b", opener=_opener(path, None, None, None))


def open_regular_append(path: Path, within: Path) -> io.FileIO:
    """Open a regular file to add to its end, made for this user alone if missing; refused as `open_regular` does."""
    opener = _opener(path, None, within, None)
    return open(path, "ab", buffering=0, opener=opener)


def read_regular(path: Path, *, most: int, within: Path | None = None, do: str | None = None) -> bytes:
    """Read a file whole; refused as `open_regular` does."""
    with open_regular(path, most=most, within=within, do=do) as file:
        return file.read(os.fstat(file.fileno()).st_size)


def read_regular_json(
    path: Path, *, most: int = FIGURES_BYTES, within: Path | None = None, do: str = "repeat the run"
) -> Any:
    """
    Read a JSON file, UTF-8.

    Raises
    ------
    DataError
        Damaged, nested too deep; or refused as `open_regular` does.
    LimitError
        Larger than `most`.
    OSError
        As `open` does.
    """
    content = read_regular(path, most=most, within=within, do=do)
    try:
        return json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as fault:
        raise DataError(f"damaged: {fault}", where=path, do=do) from fault


def refuse_links_out(path: Path, folder: Path) -> None:
    """
    Refuse a path, or anything below it, that is a link which leads out of a folder: what is written would end there.

    Parameters
    ----------
    path : Path
        In the folder; it need not be there.
    folder : Path

    Raises
    ------
    DataError
        The message names the link.
    """
    root, waiting = _real(folder), [path]
    while waiting:
        one = waiting.pop()
        if one.is_symlink():
            if not _real(one).is_relative_to(root):
                raise _leads_out(one)
        elif one.is_dir():
            with os.scandir(one) as entries:
                waiting += [Path(entry) for entry in entries if entry.is_symlink() or entry.is_dir()]


def _opener(path: Path, most: int | None, within: Path | None, do: str | None) -> Callable[[str, int], int]:
    """Give what `open` opens the file by, so that all is checked on the very file that is then read."""

    def checked(name: str, flags: int) -> int:
        handle = _handle(Path(name), within, flags | _AT_ONCE)
        try:
            _refuse_unfit(os.fstat(handle), path, most, do)
        except BaseException:
            os.close(handle)
            raise
        return handle

    return checked


def _handle(path: Path, within: Path | None, flags: int) -> int:
    try:
        return os.open(path, flags, _OF_THIS_USER) if within is None else _handle_within(path, within, flags)
    except OSError as fault:
        if path.is_dir():  # opened for writing, or by Windows
            raise DataError("is not a regular file but a folder", where=path, do=_ITSELF) from fault
        if fault.errno == errno.ENXIO:  # a socket, or a device that nothing drives
            raise DataError("is not a regular file", where=path, do=_ITSELF) from fault
        raise


def _handle_within(path: Path, within: Path, flags: int) -> int:
    """Go down from the folder without following a link, so that none can be put there meanwhile."""
    root, real = _real(within), _real(path)
    if not real.is_relative_to(root) or real == root:
        raise _leads_out(path)
    if os.open not in os.supports_dir_fd:
        return os.open(real, flags, _OF_THIS_USER)
    *between, name = real.relative_to(root).parts
    folder = os.open(root, os.O_RDONLY | _FOLDER)
    try:
        for part in between:
            inner = os.open(part, os.O_RDONLY | _FOLDER | _NO_LINK, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name, flags | _NO_LINK, _OF_THIS_USER, dir_fd=folder)
    finally:
        os.close(folder)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _leads_out(path: Path) -> DataError:
    return DataError("leads out of its folder by a link", where=path, do=_ITSELF)


def _refuse_unfit(status: os.stat_result, path: Path, most: int | None, do: str | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = next((f" but {name}" for is_kind, name in _KINDS if is_kind(status.st_mode)), "")
        raise DataError(f"is not a regular file{kind}", where=path, do=_ITSELF)
    if most is not None and status.st_size > most:
        raise LimitError(f"{status.st_size:,} bytes, over the limit of {most:,}", where=path, do=do)
