"""The messages of a folder, an archive or a mailbox, one after the other; nothing is written to the disk."""

from __future__ import annotations

import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

from tenfold.data.sources.files import beginning, reading
from tenfold.data.sources.limits import MEMBERS, refuse_bomb
from tenfold.errors import DataError, LimitError
from tenfold.regular_files import open_regular
from tenfold.text import shown

__all__ = ["MAIL_SUFFIXES", "RawMessage", "archive_form", "is_mail", "is_mail_folder", "messages_of"]

MAIL_SUFFIXES = (".eml", ".mbox")
_LARGEST = (25 << 20) + 1
"""Bytes that are read of a message: one more than it may have."""

_MESSAGES = 5_000_000
"""Of a source: what is held of each of them is some 500 bytes."""

_MAILDIR = ("cur", "new")
_HEADERS = (b"received:", b"return-path:", b"delivered-to:", b"from:", b"subject:", b"message-id:", b"date:", b"to:")
_FAULTS = (tarfile.TarError, zipfile.BadZipFile, EOFError, lzma.LZMAError, zlib.error, OSError, RuntimeError)

ArchiveForm = Literal["tar", "zip"]


@dataclass(frozen=True)
class RawMessage:
    """
    A message as its source has it.

    Parameters
    ----------
    path : str
        As seen from the source.
    label : str
        The folder in which it lies; empty where it lies in none.
    raw : bytes
    """

    path: str
    label: str
    raw: bytes


def is_mail(start: bytes) -> bool:
    r"""
    Return whether bytes begin as mail does: with a line of a mailbox, or a header that messages have.

    Examples
    --------
    >>> is_mail(b"From ada@x.org Thu Aug 22\n"), is_mail(b"Subject: Hi\n"), is_mail(b"a,b\n1,2\n")
    (True, True, False)
    """
    return start.startswith(b"From ") or start.lower().startswith(_HEADERS)


def archive_form(path: Path) -> ArchiveForm | None:
    """Return whether a file is a tar or a zip archive, by its content; None where it is neither."""
    start = beginning(path, 512)
    if start.startswith(b"PK\x03\x04"):
        return "zip"
    with reading(path), open_regular(path) as file:
        try:
            return "tar" if tarfile.is_tarfile(file) else None
        except _FAULTS:
            return None


def is_mail_folder(folder: Path) -> bool:
    """Return whether a folder holds mail: archives, mailboxes or messages, as its first file tells, or a Maildir."""
    entries = _entries(folder)
    if {path.name for path in entries} >= set(_MAILDIR):
        return True
    file = next((path for path in entries if path.is_file()), None)
    inner = next((path for path in entries if path.is_dir()), None)
    if file is None and inner is not None:
        some = _entries(inner)
        if {path.name for path in some} >= set(_MAILDIR):
            return True
        file = next((path for path in some if path.is_file()), None)
    if file is None:
        return False
    return file.suffix.lower() in MAIL_SUFFIXES or is_mail(beginning(file, 4_096)) or archive_form(file) == "tar"


def messages_of(path: Path) -> Iterator[RawMessage]:
    """
    Yield the messages of a source, sorted within each folder.

    Raises
    ------
    DataError, LimitError, StorageError
        A damaged archive, a member that leads out of it, one that unpacks to too much, too many messages.
    """
    for number, message in enumerate(_messages_of(path)):
        if number >= _MESSAGES:
            raise LimitError(f"over {_MESSAGES:,} messages", where=path, do="give a part of it")
        yield message


def _messages_of(path: Path) -> Iterator[RawMessage]:
    if not path.is_dir():
        yield from _file(path, "", path.name)
        return
    if _is_maildir(path):
        yield from _maildir(path, "", "")
        return
    for entry in _entries(path):
        if not entry.is_dir():
            yield from _file(entry, "", entry.name)
        elif _is_maildir(entry):
            yield from _maildir(entry, entry.name, f"{entry.name}/")
        else:
            yield from _folder(entry)


def _folder(folder: Path) -> Iterator[RawMessage]:
    """The messages of a class."""
    for entry in _entries(folder):
        if entry.is_dir():
            what = f"holds a folder, '{shown(entry.name, 60)}'"
            raise DataError(what, where=folder, do="give the folder of class folders")
        yield from _file(entry, folder.name, f"{folder.name}/{entry.name}")


def _is_maildir(folder: Path) -> bool:
    return all((folder / name).is_dir() for name in _MAILDIR)


def _maildir(folder: Path, label: str, prefix: str) -> Iterator[RawMessage]:
    for name in _MAILDIR:
        for entry in _entries(folder / name):
            yield RawMessage(f"{prefix}{name}/{entry.name}", label, _read(entry))


def _file(path: Path, label: str, name: str) -> Iterator[RawMessage]:
    """A file is an archive, a mailbox, or one message."""
    form = archive_form(path)
    if form is not None:
        yield from (_tar if form == "tar" else _zip)(path)
    elif path.suffix.lower() == ".mbox" or (not label and beginning(path, 5) == b"From "):
        yield from _mailbox(path, label or path.stem, name)
    else:
        yield RawMessage(name, label, _read(path))


def _entries(folder: Path) -> list[Path]:
    with reading(folder):
        return sorted(path for path in folder.iterdir() if not path.name.startswith(".") and path.name != "cmds")


def _read(path: Path) -> bytes:
    with reading(path), open_regular(path) as file:
        return file.read(_LARGEST)


def _tar(path: Path) -> Iterator[RawMessage]:
    size = path.stat().st_size
    with _damage(path), open_regular(path) as raw, tarfile.open(fileobj=raw, mode="r|*") as archive:
        unpacked = 0
        for member in archive:
            unpacked += member.size
            refuse_bomb(path, size, unpacked, most=None)
            label = _label(member.name, path)
            if member.isdir() or _is_hidden(member.name):
                continue
            if not member.isreg():
                what = f"holds '{shown(member.name, 60)}', which is no plain file"
                raise DataError(what, where=path, do="pack the messages alone")
            file = archive.extractfile(member)
            yield RawMessage(member.name, label, file.read(_LARGEST) if file is not None else b"")


def _zip(path: Path) -> Iterator[RawMessage]:
    with _damage(path), open_regular(path) as raw, zipfile.ZipFile(raw) as archive:
        unpacked = 0
        if len(archive.infolist()) > MEMBERS:
            raise LimitError(f"over {MEMBERS:,} members", where=path, do="pack them as a tar archive, or several")
        for member in sorted(archive.infolist(), key=lambda one: one.filename):
            label = _label(member.filename, path)
            if member.is_dir() or _is_hidden(member.filename):
                continue
            with archive.open(member) as file:
                content = file.read(_LARGEST)
            unpacked += len(content)
            refuse_bomb(path, path.stat().st_size, unpacked, most=None)
            yield RawMessage(member.filename, label, content)


def _label(name: str, path: Path) -> str:
    """The folder of a member, which is a name and never a path of this machine."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    if ".." in parts or name.startswith(("/", "\\")) or ":" in name[:3] or "\0" in name:
        what = f"holds a member '{shown(name, 60)}', whose name leads out of the archive"
        raise DataError(what, where=path, do="pack it anew with plain names, such as ham/1.eml (no .. or / in front)")
    try:
        name.encode()
    except UnicodeEncodeError:
        raise DataError(f"holds a member '{shown(name, 60)}' of no valid text", where=path) from None
    return parts[-2] if len(parts) > 1 else ""


def _is_hidden(name: str) -> bool:
    last = PurePosixPath(name).name
    return last.startswith(".") or last == "cmds" or name.startswith("__MACOSX/")


def _mailbox(path: Path, label: str, name: str) -> Iterator[RawMessage]:
    """Messages of an mbox: each begins with a line ``From ``, after an empty line."""
    with reading(path), open_regular(path) as file:
        lines: list[bytes] = []
        size, number, empty = 0, 0, True
        for line in file:
            if empty and line.startswith(b"From ") and lines:
                number += 1
                yield RawMessage(f"{name}#{number}", label, b"".join(lines))
                lines, size = [], 0
            if size <= _LARGEST:
                lines.append(line)
            size += len(line)
            empty = not line.strip()
        if lines:
            yield RawMessage(f"{name}#{number + 1}", label, b"".join(lines))


@contextmanager
def _damage(path: Path) -> Iterator[None]:
    """Turn what a damaged or protected archive raises into a `DataError`."""
    try:
        yield
    except _FAULTS as fault:
        what = f"the archive is damaged or protected: {shown(fault, 80)}"
        raise DataError(what, where=path, do="copy or download it again") from fault
