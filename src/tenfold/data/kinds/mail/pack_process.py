"""The process that takes messages apart and packs them, for whoever reads and writes many of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from tenfold.data.kinds.mail.message import Mail
from tenfold.data.kinds.mail.pack import pack_messages
from tenfold.data.kinds.mail.reader import MessageReader
from tenfold.errors import DataError, LimitError

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Read messages from standard input, some after each line of JSON, and write a line and the pack of them."""
    out = sys.stdout.buffer
    with MessageReader() as reader:
        for head in iter(sys.stdin.buffer.readline, b""):
            mails, faults = _read(reader, json.loads(head))
            pack = pack_messages(mails).as_bytes() if mails else b""
            out.write(json.dumps({"bytes": len(pack), "faults": faults}).encode() + b"\n" + pack)
            out.flush()
    return 0


def _read(reader: MessageReader, entries: Sequence[tuple[int, str]]) -> tuple[list[Mail], list[Any]]:
    """Messages that can be read, and of all others their place and why they cannot."""
    mails, faults = list[Mail](), list[Any]()
    for place, (size, where) in enumerate(entries):
        raw = sys.stdin.buffer.read(size)
        try:
            mails.append(reader.read(raw, where))
        except (DataError, LimitError) as fault:
            faults.append((place, type(fault).__name__, str(fault)))
    return mails, faults
