"""What messages hold: content ids, their order, and a message in words."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.mail.message import PARTS, Mail
from tenfold.data.kinds.mail.stored import StoredMessages
from tenfold.errors import DataError, UsageError
from tenfold.program.values import Columns
from tenfold.text import shown

__all__ = [
    "MANY", "PARTS", "frame_of", "id_bytes", "ids", "is_frame", "measures", "order", "program_input", "program_rows",
    "size", "table", "take", "text", "validate",
]  # fmt: skip

MANY = 4_000
"""Messages above which their texts stay on disk and words are hashed: pairs of words would be tens of millions."""

_IDENTITY = tuple(name for name in PARTS if name != "footer")
"""Columns by which two messages are the same: not their footers, which a list changes."""


def frame_of(mails: Sequence[Mail], folders: Sequence[str]) -> pd.DataFrame:
    """
    Return messages as rows: subject, body, structure, addresses, footer, date, and the folder where each lay.

    Examples
    --------
    >>> frame_of([Mail("Hi", "Till tomorrow", "")], ["ham"]).columns.tolist()
    ['subject', 'body', 'structure', 'addresses', 'footer', 'sent', 'folder']
    """
    columns: dict[str, Any] = {name: [getattr(mail, name) for mail in mails] for name in PARTS}
    texts = {name: pd.Series(values, dtype=object) for name, values in columns.items()}
    sent = pd.Series([mail.sent for mail in mails], dtype=np.float64)
    return pd.DataFrame({**texts, "sent": sent, "folder": pd.Series(list(folders), dtype=object)})


def validate(X: Any, name: str) -> None:
    """Refuse anything but messages."""
    if not is_frame(X) or not set(PARTS) <= set(X.columns):
        raise DataError(
            "messages are rows of subject, body, structure, addresses and footer",
            where=name,
            do="load them by tenfold.load",
        )


def size(X: pd.DataFrame) -> str:
    """Return what an instance is, in words."""
    return "subject and text"


def is_frame(X: Any) -> bool:
    """Whether messages are rows of a frame, in memory or on disk."""
    return isinstance(X, pd.DataFrame | StoredMessages)


def id_bytes(X: pd.DataFrame) -> NDArray[np.uint8]:
    """Return 128 bits a message, shape (n, 16), of all that a model may see but footers."""
    rows = zip(*(X[name].tolist() for name in _IDENTITY), strict=True)
    digests = [hashlib.blake2b("\0".join(row).encode(), digest_size=16).digest() for row in rows]
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, 16)


def ids(X: Any) -> NDArray[np.str_]:
    """Return the bits of `id_bytes` as 32 hexadecimal digits a message, shape (n,)."""
    digests = id_bytes(X) if isinstance(X, pd.DataFrame) else X.ids[X.rows]
    return np.frombuffer(digests.tobytes().hex().encode(), "S32").astype("<U32")


def take(X: Any, rows: Any) -> Any:
    """Return messages by position, or of a slice."""
    return X.iloc[rows] if isinstance(X, pd.DataFrame) else X.take(rows)


def table(X: Any) -> pd.DataFrame:
    """Return what is said of each message beside its text: its folder, its length, whether it is HTML."""
    if isinstance(X, pd.DataFrame):
        return measures(X)
    known: pd.DataFrame = X[["folder", "words", "html"]]
    return known


def measures(X: pd.DataFrame) -> pd.DataFrame:
    """Return what `table` says of messages in memory."""
    words = X["body"].map(lambda body: body.count(" ") + 1)
    html = X["structure"].map(lambda structure: "yes" if "html" in structure.split() else "no")
    measures = {"words": words.astype(np.int64), "html": html.astype(object)}
    return pd.DataFrame({"folder": X["folder"], **measures} if "folder" in X else measures)


def order(X: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """
    Return the date of each message, seconds since 1970, shape (n,); NaN where it has none.

    Raises
    ------
    UsageError
        Another name than ``date``: nothing else orders messages.
    """
    if name.lower() != "date":
        raise UsageError(f"messages have no order '{shown(name, 40)}'", do="give --order date")
    return X["sent"].to_numpy(np.float64)


def text(X: pd.DataFrame, row: int) -> str:
    """
    Return the subject and the first words of a message.

    Examples
    --------
    >>> text(frame_of([Mail("Hi", "Till tomorrow", "")], [""]), 0)
    'Hi: Till tomorrow'
    """
    message = X.iloc[row]
    return shown(f"{message['subject'] or '(no subject)'}: {' '.join(message['body'][:300].split())}", 120)


def program_input(schema: Any) -> Columns:
    """Return what a program of a model of mail takes."""
    return Columns(tuple((name, "text") for name in PARTS))


def program_rows(X: pd.DataFrame) -> dict[str, NDArray[Any]]:
    """Return the texts of messages as a program takes them."""
    return {name: X[name].to_numpy(object) for name in PARTS}
