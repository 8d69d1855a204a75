"""Messages written to disk pack after pack, so that any number of them can be learnt from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.mail.pack import Pack
from tenfold.data.kinds.mail.stored import COUNTS, TERMS, TEXTS, StoredMessages
from tenfold.storage import make_folder, storage_faults

__all__ = ["MessageWriter"]


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
        self._places, self._lengths = [(0, 0)], list[NDArray[np.int64]]()
        self._known, self._ids = list[pd.DataFrame](), list[NDArray[np.uint8]]()

    def write(self, pack: Pack, folders: list[str]) -> None:
        """
        Write a pack of messages, and the folder of each.

        Raises
        ------
        StorageError
            The disk is full.
        """
        with storage_faults(self.folder):
            parts: tuple[NDArray[Any], ...] = (pack.texts, pack.terms, pack.counts)
            for file, values in zip(self._files, parts, strict=True):
                file.write(values.tobytes())
        row, place = self._places[-1]
        self._places.append((row + len(pack), place + len(pack.texts)))
        self._lengths.append(pack.lengths)
        self._known.append(pack.known(folders))
        self._ids.append(pack.ids)

    def messages(self, keeper: Any = None) -> StoredMessages:
        """Close the files and return all messages; `keeper` removes the folder when it is gone itself."""
        with storage_faults(self.folder):
            for file in self._files:
                file.close()
        known = pd.concat(self._known, ignore_index=True)
        ends = np.cumsum(np.concatenate([np.zeros(1, np.int64), *self._lengths]))
        rows, places = np.arange(len(known)), np.array(self._places, np.int64)
        return StoredMessages(self.folder, rows, ends, places, known, np.concatenate(self._ids), keeper)
