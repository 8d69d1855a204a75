"""The process that takes large messages apart, with limits on its processor time and its memory."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path
from time import process_time
from typing import Any

from tenfold.data.kinds.mail.message import named_message, read_message
from tenfold.errors import LimitError, TenfoldError

__all__ = ["main"]


def main(arguments: Sequence[str]) -> int:
    """Read messages from standard input, each after a line of JSON, and write a line of JSON for each."""
    seconds, memory = map(int, arguments)
    limit_memory(memory)
    _answer({"ready": True})
    for head in iter(sys.stdin.buffer.readline, b""):
        entry = json.loads(head)
        raw = sys.stdin.buffer.read(entry["bytes"])
        limit_processor(seconds)
        reply = _reply(raw, entry["where"])
        if reply is None:
            what, where = f"takes over {memory >> 20} MiB to be taken apart", named_message(raw, entry["where"])
            refusal = LimitError(what, where=where, do="remove it, or give --skip-bad")
            _answer({"refusal": "LimitError", "message": str(refusal), "ends": True})
            return 0  # a new process has no remains of this one
        _answer(reply)
    return 0


def _reply(raw: bytes, where: str) -> dict[str, Any] | None:
    """Return what is answered; None where memory was short, which is free again only after this."""
    try:
        return {"mail": astuple(read_message(raw, where))}
    except TenfoldError as refusal:
        return {"refusal": type(refusal).__name__, "message": str(refusal)}
    except MemoryError:
        return None


def _answer(reply: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(reply) + "\n")
    sys.stdout.flush()


def limit_memory(memory: int) -> None:
    """Let this process take so many more bytes than it has; on Windows there is no such limit."""
    try:
        import resource
    except ImportError:
        return
    used = Path("/proc/self/statm")
    pages = int(used.read_text().split()[5]) if used.exists() else 0
    kind = resource.RLIMIT_DATA if pages else resource.RLIMIT_AS
    _set(resource, kind, pages * resource.getpagesize() + memory)


def limit_processor(seconds: int) -> None:
    """Have the system end this process after so many seconds from now; on Windows the parent does, by the clock."""
    try:
        import resource
    except ImportError:
        return
    _set(resource, resource.RLIMIT_CPU, int(process_time()) + 1 + seconds)


def _set(resource: Any, kind: int, limit: int) -> None:
    try:
        resource.setrlimit(kind, (limit, resource.getrlimit(kind)[1]))
    except (ValueError, OSError):  # a system that has the limit and does not let it be set
        return
