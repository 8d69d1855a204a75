"""Some messages as they are written to disk: their texts packed, their terms counted, and what is small of each."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.mail.content import frame_of, id_bytes, measures
from tenfold.data.kinds.mail.message import PARTS, Mail

__all__ = ["Pack", "pack_messages"]

_QUICKLY = 1
"""Level of compression: texts to a third, at 90 MB a second."""


@dataclass(frozen=True, eq=False)
class Pack:
    """
    Some messages as they are written.

    Parameters
    ----------
    texts : ndarray of uint8
        JSON of the parts of each, compressed.
    terms, counts : ndarray of int32
        Column and number of each term, message after message.
    lengths : ndarray of int64, shape (n,)
        Terms of each message.
    ids : ndarray of uint8, shape (n, 16)
    sent : ndarray of float64, shape (n,)
    words : ndarray of int64, shape (n,)
    html : ndarray of bool, shape (n,)
    """

    texts: NDArray[np.uint8]
    terms: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int64]
    ids: NDArray[np.uint8]
    sent: NDArray[np.float64]
    words: NDArray[np.int64]
    html: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.lengths)

    def known(self, folders: Sequence[str]) -> pd.DataFrame:
        """Return what stays in memory of each message: its date, folder, number of words, whether it is HTML."""
        html = np.array(["no", "yes"], object)[self.html.astype(np.int64)]
        texts = {"folder": pd.Series(list(folders), dtype=object), "html": pd.Series(html, dtype=object)}
        return pd.DataFrame({"sent": self.sent, "words": self.words, **texts})

    def as_bytes(self) -> bytes:
        """Return all of it as the bytes of an ``.npz`` file."""
        buffer = io.BytesIO()
        arrays: dict[str, Any] = vars(self)
        np.savez(buffer, **arrays)
        return buffer.getvalue()

    @staticmethod
    def of_bytes(content: bytes) -> Pack:
        """Read what `as_bytes` gave."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return Pack(**arrays)


def pack_messages(mails: Sequence[Mail]) -> Pack:
    """
    Pack messages.

    Examples
    --------
    >>> pack = pack_messages([Mail("Hi", "see you", "message html"), Mail("", "", "message")])
    >>> len(pack), pack.lengths.tolist(), pack.words.tolist(), pack.html.tolist()
    (2, [7, 1], [2, 1], [True, False])
    >>> (Pack.of_bytes(pack.as_bytes()).ids == pack.ids).all()
    np.True_
    """
    # Only here: few mailboxes are large, and predictions need no scikit-learn.
    from tenfold.models.texts.message_terms import term_counts

    frame = frame_of(mails, [""] * len(mails))
    texts = zlib.compress(json.dumps(frame[list(PARTS)].to_numpy().tolist()).encode(), _QUICKLY)
    counts, about = term_counts(frame), measures(frame)
    return Pack(
        texts=np.frombuffer(texts, np.uint8),
        terms=counts.indices.astype(np.int32),
        counts=counts.data.astype(np.int32),
        lengths=np.diff(counts.indptr).astype(np.int64),
        ids=id_bytes(frame),
        sent=frame["sent"].to_numpy(np.float64),
        words=about["words"].to_numpy(np.int64),
        html=(about["html"] == "yes").to_numpy(np.bool_),
    )
