"""Files written whole or not at all, and a folder held by one process at a time."""

from __future__ import annotations

import atexit
import errno
import json
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import Any

from filelock import BaseFileLock, FileLock, Timeout

from tenfold.errors import BusyError, DataError, LimitError, StorageError
from tenfold.regular_files import NOTE_BYTES, open_regular_append, read_regular_json, refuse_links_out

__all__ = [
    "append_whole",
    "holding",
    "make_folder",
    "refuse_if_held",
    "remove_folder",
    "remove_holders",
    "remove_leftovers",
    "storage_faults",
    "sync_folder",
    "write_json",
    "write_whole",
    "writing",
]

_TEMPORARY = ".part-"
_HOLDERS: dict[Path, BaseFileLock] = {}
"""The locks of this process by the file that describes it; here none is released before that file is removed."""


@contextmanager
def storage_faults(path: Path, do: str | None = None) -> Iterator[None]:
    """
    Turn an operating-system error about `path` into a `StorageError` that says what to do.

    Parameters
    ----------
    path : Path
    do : str, optional
        Where another folder given with ``--out`` is no remedy.
    """
    try:
        yield
    except OSError as fault:
        raise _storage_error(path, fault, do) from fault


def _storage_error(path: Path, fault: OSError, do: str | None) -> StorageError:
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        free = _free_bytes(path)
        return StorageError(f"the disk is full ({free:,} bytes free)", where=path, do="free some space, run again")
    if fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        remedy = do or "choose another folder with --out"
        return StorageError("no permission to write here", where=path, do=remedy)
    return StorageError(f"{fault.strerror or fault}", where=path, do=do or "check the path and the disk")


def _free_bytes(path: Path) -> int:
    existing = next(p for p in (path, *path.absolute().parents) if p.exists())
    return shutil.disk_usage(existing).free


def make_folder(path: Path) -> Path:
    """Make a folder and its parents; a `StorageError` says why it cannot be."""
    with storage_faults(path):
        path.mkdir(parents=True, exist_ok=True)
    return path


@contextmanager
def writing(path: Path) -> Iterator[Path]:
    """
    Give a temporary path beside `path`; when the block ends well it becomes `path`, else it vanishes.

    The order is write, fsync of the file, rename, fsync of the folder, so that after a crash at any
    instant the old content or the new one is there, whole.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> with writing(folder / "a.txt") as draft:
    ...     _ = draft.write_text("whole")
    >>> (folder / "a.txt").read_text(), len(list(folder.iterdir()))
    ('whole', 1)
    """
    with storage_faults(path):
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_TEMPORARY, suffix=path.suffix)
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
            _settle(draft, path)
        finally:
            draft.unlink(missing_ok=True)


def _settle(draft: Path, path: Path) -> None:
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    draft.chmod(0o644)
    draft.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable (a no-op where folders cannot be opened, as on Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file whole or not at all; text is UTF-8 with line feeds."""
    with writing(path) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)


def append_whole(path: Path, content: bytes, do: str | None = None) -> None:
    """
    Add bytes to the end of a file of this user, all or none of them; they are durable when it returns.

    Of several processes one at a time may do so: what a full disk leaves of the bytes is cut off again.
    """
    with storage_faults(path, do):
        with open_regular_append(path, path.parent) as file:
            size = os.fstat(file.fileno()).st_size
            try:
                _write_all(file, content)
                os.fsync(file.fileno())
            except BaseException:
                file.truncate(size)
                raise
        sync_folder(path.parent)


def _write_all(file: FileIO, content: bytes) -> None:
    """A system whose disk is nearly full takes a part of the bytes and reports no error."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) or 0 :]


def write_json(path: Path, value: Any) -> None:
    """Write JSON whole or not at all; NaN and infinities are refused (use None)."""
    write_whole(path, json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def remove_leftovers(folder: Path) -> None:
    """Remove the temporary files and folders that a killed process left in a folder and below it."""
    for leftover in list(folder.rglob(f"{_TEMPORARY}*")):
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover, ignore_errors=True)
        else:
            leftover.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Remove a folder at once: whoever is killed meanwhile leaves all of it, or a leftover that is none."""
    leaving = folder.with_name(f"{_TEMPORARY}{uuid.uuid4().hex}")
    folder.rename(leaving)
    shutil.rmtree(leaving)


@contextmanager
def holding(folder: Path, describe: Callable[[], dict[str, Any]]) -> Iterator[None]:
    """
    Hold a folder for this process: an operating-system lock, gone with the process that holds it.

    Parameters
    ----------
    folder : Path
        An existing folder; the lock is a file in it.
    describe : callable
        Gives what a second process is told about the holder (pid, host, since).

    Raises
    ------
    BusyError
        Another process holds the folder.
    """
    lock, holder = _acquired(folder), folder / ".holder.json"
    _HOLDERS[holder] = lock
    try:
        remove_leftovers(folder)
        write_json(holder, describe())
        yield
    finally:
        holder.unlink(missing_ok=True)
        del _HOLDERS[holder]
        lock.release()


@atexit.register  # a signal may come in the very moment of leaving
def remove_holders() -> None:
    """Remove what tells others that this process holds a folder: it ends now, whatever it was doing."""
    for holder in list(_HOLDERS):
        holder.unlink(missing_ok=True)


def refuse_if_held(folder: Path) -> None:
    """
    Refuse at once, before anything slow is imported or read, when another process holds a folder.

    Raises
    ------
    BusyError
        Another process holds it.
    """
    if (folder / ".lock").exists():
        _acquired(folder).release()


def _acquired(folder: Path) -> BaseFileLock:
    lock = FileLock(folder / ".lock")
    with storage_faults(folder):
        refuse_links_out(folder / ".lock", folder)
        try:
            lock.acquire(timeout=0.5)
        except Timeout:  # an OSError too: caught before it could pass for a fault of the disk
            words = f"held by {_read_holder(folder / '.holder.json')}"
            raise BusyError(words, where=folder, do="wait for it or choose --out") from None
    return lock


def _read_holder(path: Path) -> str:
    try:
        known = read_regular_json(path, most=NOTE_BYTES, within=path.parent)
    except (OSError, DataError, LimitError):
        return "another process that has just started"
    if not isinstance(known, dict):
        return "another process"
    return f"process {known.get('pid')} on {known.get('host')} since {known.get('since')}"
