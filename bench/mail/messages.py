"""Mailboxes of many messages, made of those of a corpus: each with some of its words from another of its class."""

from __future__ import annotations

import random
import re
from pathlib import Path

from tenfold.data.sources.mail.members import RawMessage, messages_of

__all__ = ["write_mailboxes"]

_WORD = re.compile(rb"[A-Za-z]{4,12}")
_SUBJECT = re.compile(rb"^(Subject:[^\n]*)", re.MULTILINE | re.IGNORECASE)
_EXCHANGED = 0.15
_LARGEST = 200_000


def write_mailboxes(corpus: Path, folder: Path, count: int, seed: int = 5) -> Path:
    """
    Write an mbox a class, of so many messages in all, in the shares of the corpus.

    A message is one of the corpus in which 15 % of the words of its body are exchanged for words of another message of
    its class, and whose subject has a number of its own; the same for the same seed.

    Parameters
    ----------
    corpus : Path
        As `tenfold.load` takes it, such as the SpamAssassin public corpus.
    folder : Path
        Made anew, unless it holds as many messages already.
    count : int
    seed : int
    """
    done = folder / ".done"
    if done.exists() and done.read_text() == f"{count} {seed}":
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    draw, classes = random.Random(seed), _by_class(corpus)
    total = sum(map(len, classes.values()))
    for label, messages in classes.items():
        with (folder / f"{label}.mbox").open("wb") as box:
            for number in range(round(count * len(messages) / total)):
                raw, other = messages[number % len(messages)], draw.choice(messages)
                box.write(b"From bench@localhost Thu Aug 22 12:00:00 2002\n")
                box.write(_varied(raw, _WORD.findall(other), draw, number).replace(b"\nFrom ", b"\n>From ") + b"\n\n")
    done.write_text(f"{count} {seed}")
    return folder


def _by_class(corpus: Path) -> dict[str, list[bytes]]:
    classes: dict[str, list[bytes]] = {}
    message: RawMessage
    for message in messages_of(corpus):
        if len(message.raw) <= _LARGEST:
            classes.setdefault(message.label, []).append(message.raw.replace(b"\r\n", b"\n"))
    return classes


def _varied(raw: bytes, words: list[bytes], draw: random.Random, number: int) -> bytes:
    head, _, body = raw.partition(b"\n\n")
    head = head.split(b"\n", 1)[1] if head.startswith(b"From ") else head
    head = _SUBJECT.sub(lambda match: match[1] + b" %d" % number, head, count=1)
    changed = _WORD.sub(lambda match: draw.choice(words) if words and draw.random() < _EXCHANGED else match[0], body)
    return head + b"\n\n" + changed
