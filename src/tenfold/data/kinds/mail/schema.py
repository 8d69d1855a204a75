"""What a model of mail must be given: messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tenfold.data.kinds.mail.content import PARTS, frame_of, is_frame
from tenfold.data.kinds.mail.reader import MessageReader
from tenfold.data.kinds.mail.stored import StoredMessages
from tenfold.data.kinds.rows import spread_rows
from tenfold.errors import DataError

__all__ = ["MailSchema"]

_CHARACTERS = 1_000_000
_SHARED = 3
"""Messages that have a word which is stored with a model."""


@dataclass(frozen=True)
class MailSchema:
    r"""
    Any messages will do.

    Examples
    --------
    >>> MailSchema().instances([b"Subject: Hi\n\nTill tomorrow"])["body"].tolist()
    ['Till tomorrow']
    """

    @property
    def names(self) -> tuple[str, ...]:
        """Column names: messages have none."""
        return ()

    @property
    def summary(self) -> str:
        """What must be given, in a few words."""
        return "messages of mail"

    def check(self, X: Any, where: str | None = None, start: int = 0) -> tuple[Any, tuple[str, ...]]:
        """Return the texts of messages, and no notes; raises `DataError` for anything else."""
        if not is_frame(X) or not set(PARTS) <= set(X.columns):
            raise DataError("this model needs mail, the data are something else", where=where)
        return X if isinstance(X, StoredMessages) else X[list(PARTS)], ()

    def instances(self, rows: Any) -> Any:
        """
        Bring messages as people have them in Python into the form that `check` takes.

        Parameters
        ----------
        rows : DataFrame, or sequence of bytes or str
            As `tenfold.load` gives them, or whole messages, headers first.
        """
        if is_frame(rows):
            return rows
        if isinstance(rows, bytes | str) or not all(isinstance(one, bytes | str) for one in rows) or not len(rows):
            raise DataError("no messages to predict", do="give a list of messages as bytes, headers first")
        raw = [one if isinstance(one, bytes) else one.encode("utf-8", "surrogateescape") for one in rows]
        with MessageReader() as reader:
            mails = [reader.read(one, f"message {number + 1}") for number, one in enumerate(raw)]
        return frame_of(mails, [""] * len(mails))

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"kind": "mail"}

    @staticmethod
    def from_dict(plain: Mapping[str, Any]) -> MailSchema:
        """Read what `as_dict` gave; raises ValueError where it is no schema of mail."""
        if plain["kind"] != "mail":
            raise ValueError(f"no schema of mail: {plain!r}")
        return MailSchema()

    def few_rows(self, X: Any, count: int) -> pd.DataFrame:
        """
        Return about `count` messages, evenly spread, of each the words that others have too, in alphabetical order.

        What is stored beside a model tells nothing that stands in one message alone, and no sentence.
        """
        few = X.iloc[spread_rows(len(X), count)]
        longest = max(1, _CHARACTERS // max(1, len(few) * len(PARTS)))
        frames = X.frames() if isinstance(X, StoredMessages) else [X]
        columns = _common_words(frames, few, longest)
        return pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})

    def plain_rows(self, X: pd.DataFrame) -> Any:
        """Return messages as plain values for JSON, by part."""
        return {name: X[name].tolist() for name in PARTS}

    def read_rows(self, plain: Any) -> pd.DataFrame:
        """Read what `plain_rows` gave; raises ValueError, KeyError or TypeError where that holds no messages."""
        absent = [""] * len(plain[PARTS[0]])  # models of before knew no footers
        columns = {name: pd.Series(plain.get(name, absent), dtype=object) for name in PARTS}
        if not all(isinstance(cell, str) for cells in columns.values() for cell in cells):
            raise ValueError("a part of a message that is no text")
        return pd.DataFrame(columns)


def _common_words(frames: Iterable[pd.DataFrame], few: pd.DataFrame, longest: int) -> dict[str, list[str]]:
    """Of each part of a few messages the words that at least three of all messages have there, sorted, and cut."""
    words = {name: {word for text in few[name] for word in text.split()} for name in PARTS}
    counts: dict[str, Counter[str]] = {name: Counter() for name in PARTS}
    for frame in frames:
        for name in PARTS:
            counts[name].update(word for text in frame[name] for word in words[name].intersection(text.split()))
    return {
        name: [" ".join(sorted(word for word in text.split() if counts[name][word] >= _SHARED))[:longest]
               for text in few[name]]
        for name in PARTS
    }  # fmt: skip
