"""Mail as a dataset: the class of a message is the folder in which it lies."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.kinds.mail import content
from tenfold.data.kinds.mail.content import frame_of
from tenfold.data.kinds.mail.reader import MessageReader
from tenfold.data.scratch import Scratch
from tenfold.data.sources.mail.entries import Entry, Skipped
from tenfold.data.sources.mail.members import RawMessage, messages_of
from tenfold.errors import DataError, LimitError

__all__ = ["load_mail", "mail_in_blocks"]


def load_mail(path: Path, *, skip_bad: bool = False, labelled: bool = True, scratch: Scratch | None = None) -> Dataset:
    """
    Load messages of a folder, an archive or a mailbox.

    Parameters
    ----------
    path : Path
        A folder of archives, mailboxes, or folders of messages, one a class; an archive with such folders; a Maildir;
        an mbox. Where `labelled` is false also the messages themselves.
    skip_bad : bool
        Skip messages that cannot be read, and name them in `Dataset.notes`.
    labelled : bool
        Whether the folders are labels; else there are none.
    scratch : Scratch, optional
        For more than 4,000 messages, whose texts stay on disk.

    Raises
    ------
    DataError
        A message without a folder, one that cannot be read, none at all.
    LimitError
        A message, or all of them, over a limit that protects the machine.
    """
    bad = Skipped()
    raws = _raw_messages(path, labelled)
    some = deque(islice(_entries(raws, skip_bad, bad), content.MANY + 1))
    if not some:
        raise _without_messages(path, bad)
    if len(some) <= content.MANY:
        return _dataset(path, some, labelled, bad.notes())
    # Only here: few mailboxes are as large.
    from tenfold.data.sources.mail.many import stored_messages

    X, files, labels = stored_messages(some, raws, skip_bad, bad, scratch)
    return _labelled(path, X, files, labels, labelled, bad.notes())


def mail_in_blocks(path: Path, size: int, *, skip_bad: bool = False) -> Iterator[Dataset]:
    """
    Yield the messages of a source without labels, so many at a time, so that a mailbox of any length can be predicted.

    Parameters
    ----------
    path : Path
        As for `load_mail`.
    size : int
        Messages of a block.
    skip_bad : bool

    Yields
    ------
    Dataset
        Its rows are numbered on from block to block; the notes on messages that were skipped are those of the last.

    Raises
    ------
    DataError, LimitError
        As `load_mail` does.
    """
    bad, first, some = Skipped(), 0, False
    entries = _entries(_raw_messages(path, False), skip_bad, bad)
    while block := list(islice(entries, size)):
        last = len(block) < size
        yield replace(
            _dataset(path, block, False, bad.notes() if last else ()), rows=np.arange(first, first + len(block))
        )
        first, some = first + len(block), True
    if not some:
        raise _without_messages(path, bad)


def _raw_messages(path: Path, labelled: bool) -> Iterator[tuple[RawMessage, str]]:
    """Messages as they are, each with its place for errors."""
    for message in messages_of(path):
        if labelled and not message.label:
            what = f"the message {message.path!a:.80} lies in no folder, which would be its class"
            raise DataError(what, where=path, do="make a folder for each class, with its messages")
        yield message, f"{path}/{message.path}" if path.is_dir() else message.path


def _entries(raws: Iterator[tuple[RawMessage, str]], skip_bad: bool, bad: Skipped) -> Iterator[Entry]:
    """Take the messages apart one after the other; what is wrong with those that are skipped goes into `bad`."""
    with MessageReader() as reader:
        for message, where in raws:
            try:
                mail = reader.read(message.raw, where)
            except (DataError, LimitError) as fault:
                bad.add(fault, skip=skip_bad)
                continue
            yield mail, message.path, message.label


def _dataset(path: Path, entries: Sequence[Entry], labelled: bool, notes: tuple[str, ...]) -> Dataset:
    mails, files, labels = zip(*entries, strict=True)
    return _labelled(path, frame_of(mails, labels), files, labels, labelled, notes)


def _labelled(
    path: Path, X: Any, files: Sequence[str], labels: Sequence[str], labelled: bool, notes: tuple[str, ...]
) -> Dataset:
    name = path.resolve().name.split(".")[0] or "mail"
    y = np.array(labels, object) if labelled else None
    return Dataset(name, "mail", X, y, source=str(path), files=np.array(files, object), notes=notes)


def _without_messages(path: Path, bad: Skipped) -> DataError:
    if bad.count:
        return DataError("none of its messages can be read", where=path, do="check the files")
    return DataError("holds no messages", where=path, do="put a folder into it for each class, with its messages")
