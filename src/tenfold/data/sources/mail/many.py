"""Many messages of a source, written to disk while they are read, by several processes."""

from __future__ import annotations

import shutil
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tenfold.data.kinds.mail.message_writer import MessageWriter
from tenfold.data.kinds.mail.pack import Pack, pack_messages
from tenfold.data.kinds.mail.packing import packed_messages
from tenfold.data.kinds.mail.stored import StoredMessages
from tenfold.data.scratch import Scratch
from tenfold.data.sources.mail.entries import Entry, Skipped
from tenfold.data.sources.mail.members import RawMessage

__all__ = ["stored_messages"]

_TOGETHER = 128


def stored_messages(
    first: deque[Entry],
    others: Iterator[tuple[RawMessage, str]],
    skip_bad: bool,
    bad: Skipped,
    scratch: Scratch | None = None,
) -> tuple[StoredMessages, list[str], list[str]]:
    """
    Write messages to disk; nothing is left there where one of them is refused.

    Parameters
    ----------
    first : deque of Entry
        Messages that are taken apart already; they are taken from it.
    others : iterator of (RawMessage, str)
        Those that follow, each with its place for errors.
    skip_bad : bool
    bad : Skipped
        Told of those that are skipped.
    scratch : Scratch, optional

    Returns
    -------
    StoredMessages, list of str, list of str
        The messages, their paths, their folders.

    Raises
    ------
    StorageError
        The disk is full.
    """
    scratch = scratch or Scratch()
    keeper = TemporaryDirectory(prefix="tenfold-") if scratch.folder is None else None
    folder = Path(keeper.name) if keeper is not None else Path(scratch.folder or "") / "messages"
    store = _Store(MessageWriter(folder))
    try:
        while first:
            mails, paths, labels = zip(*(first.popleft() for _ in range(min(len(first), _TOGETHER))), strict=True)
            store.write(pack_messages(mails), paths, labels)
        _write_others(store, others, skip_bad, bad, scratch.processes)
        return store.writer.messages(keeper), store.paths, store.labels
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write_others(
    store: _Store, others: Iterator[tuple[RawMessage, str]], skip_bad: bool, bad: Skipped, processes: int
) -> None:
    names: deque[tuple[str, str]] = deque()

    def named() -> Iterator[tuple[bytes, str]]:
        for message, where in others:
            names.append((message.path, message.label))
            yield message.raw, where

    for packed in packed_messages(named(), processes):
        count = len(packed.faults) + (0 if packed.pack is None else len(packed.pack))
        some = [names.popleft() for _ in range(count)]
        for _, fault in sorted(packed.faults.items(), key=lambda one: one[0]):
            bad.add(fault, skip=skip_bad)
        good = [name for place, name in enumerate(some) if place not in packed.faults]
        if packed.pack is not None:
            paths, labels = zip(*good, strict=True)
            store.write(packed.pack, paths, labels)


class _Store:
    """What is written, and in memory the path and the folder of each message."""

    def __init__(self, writer: MessageWriter) -> None:
        self.writer, self.paths, self.labels = writer, list[str](), list[str]()
        self._known: dict[str, str] = {}

    def write(self, pack: Pack, paths: Sequence[str], labels: Sequence[str]) -> None:
        folders = [self._known.setdefault(label, label) for label in labels]
        self.writer.write(pack, folders)
        self.paths += paths
        self.labels += folders
