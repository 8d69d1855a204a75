"""Messages written to disk one after the other, so that any number of them can be learnt from."""

from __future__ import annotations

import json
import shutil
import zlib
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.mail.content import frame_of, id_bytes, measures
from tenfold.data.kinds.mail.message import PARTS, Mail
from tenfold.data.kinds.mail.stored import COUNTS, PACKED, TERMS, TEXTS, StoredMessages
from tenfold.storage import make_folder, storage_faults

__all__ = ["MessageWriter", "written"]

_QUICKLY = 1
"""Level of compression: texts to a third, at 90 MB a second."""


class MessageWriter:
    """
    Writes messages into a folder.

    Parameters
    ----------
    folder : Path
        Made where it is missing. Files of an earlier writer are replaced; whoever has opened them still reads them.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = make_folder(folder)
        with storage_faults(folder):
            for name in (TEXTS, TERMS, COUNTS):
                (folder / name).unlink(missing_ok=True)
            self._files = [(folder / name).open("xb") for name in (TEXTS, TERMS, COUNTS)]
        self._places, self._ends = [0], [np.zeros(1, np.int64)]
        self._known: list[pd.DataFrame] = []
        self._ids: list[NDArray[np.uint8]] = []
        self._mails: list[Mail] = []
        self._folders: list[str] = []

    def add(self, mail: Mail, folder: str) -> None:
        """Take a message, and write as many as are packed together."""
        self._mails.append(mail)
        self._folders.append(folder)
        if len(self._mails) == PACKED:
            self._write()

    def messages(self, keeper: Any = None) -> StoredMessages:
        """Write the rest, and return all messages."""
        if self._mails:
            self._write()
        self.close()
        known, ends = pd.concat(self._known, ignore_index=True), np.concatenate(self._ends)
        rows, places = np.arange(len(known)), np.array(self._places)
        return StoredMessages(self.folder, rows, ends, places, known, np.concatenate(self._ids), keeper)

    def close(self) -> None:
        """Close the files."""
        with storage_faults(self.folder):
            for file in self._files:
                file.close()

    def _write(self) -> None:
        # Only here: few mailboxes are large, and predictions need no scikit-learn.
        from tenfold.models.texts.message_terms import term_counts

        frame, self._mails, self._folders = frame_of(self._mails, self._folders), [], []
        texts = zlib.compress(json.dumps(frame[list(PARTS)].to_numpy().tolist()).encode(), _QUICKLY)
        counts = term_counts(frame)
        parts = (texts, counts.indices.astype(np.int32).tobytes(), counts.data.astype(np.int32).tobytes())
        with storage_faults(self.folder):
            for file, part in zip(self._files, parts, strict=True):
                file.write(part)
        self._places.append(self._places[-1] + len(texts))
        self._ends.append(self._ends[-1][-1] + counts.indptr[1:].astype(np.int64))
        self._known.append(pd.concat([frame[["sent"]], measures(frame)], axis=1))
        self._ids.append(id_bytes(frame))


def written(mails: Iterable[tuple[Mail, str]], scratch: Path | None) -> StoredMessages:
    """
    Write messages to disk.

    Parameters
    ----------
    mails : iterable of (Mail, str)
        Each with its folder.
    scratch : Path or None
        Where to: by default a folder of the system for temporary files, which is removed with the messages.

    Raises
    ------
    StorageError
        The disk is full.
    """
    keeper = None if scratch is not None else TemporaryDirectory(prefix="tenfold-")
    folder = Path(keeper.name) if keeper is not None else Path(str(scratch)) / "messages"
    writer = MessageWriter(folder)
    try:
        for mail, label in mails:
            writer.add(mail, label)
        return writer.messages(keeper)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
