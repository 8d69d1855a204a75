"""Many messages taken apart and packed by several processes, in the order in which they are read."""

from __future__ import annotations

import json
import subprocess
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import IO, Any

from tenfold.child import start_child
from tenfold.data.kinds.mail.message import Mail
from tenfold.data.kinds.mail.pack import Pack, pack_messages
from tenfold.data.kinds.mail.reader import MessageReader
from tenfold.errors import DataError, LimitError, StorageError

__all__ = ["Packed", "packed_messages"]

_CHILD = "tenfold.data.kinds.mail.pack_process"
_MESSAGES, _BYTES = 128, 4 << 20
"""Of a pack: to read the text of one of its messages takes a few milliseconds."""

_WAITING = 2
"""Packs for each process, one of which it works on."""

_REFUSALS: dict[str, type[DataError | LimitError]] = {"DataError": DataError, "LimitError": LimitError}

Named = tuple[bytes, str]
"""A message and its path."""


@dataclass(frozen=True)
class Packed:
    """
    What came of some messages.

    Parameters
    ----------
    pack : Pack or None
        Those that can be read.
    faults : mapping of int to DataError or LimitError
        Why others cannot be, by their place among these messages.
    """

    pack: Pack | None
    faults: dict[int, DataError | LimitError]


def packed_messages(messages: Iterable[Named], processes: int) -> Iterator[Packed]:
    """
    Yield messages pack after pack, in their order.

    Parameters
    ----------
    messages : iterable of (bytes, str)
        Each with its path.
    processes : int
        That take them apart; with 0 of them this one does.

    Raises
    ------
    StorageError
        A process has ended.
    """
    if not processes:
        with MessageReader() as reader:
            yield from (_pack_here(reader, some) for some in _some(messages))
        return
    children = [start_child(_CHILD, [], stderr=subprocess.DEVNULL) for _ in range(processes)]
    idle: SimpleQueue[subprocess.Popen[str]] = SimpleQueue()
    for child in children:
        idle.put(child)
    pending: deque[Future[Packed]] = deque()
    threads = ThreadPoolExecutor(processes)
    try:
        for some in _some(messages):
            pending.append(threads.submit(_pack_there, idle, some))
            if len(pending) > _WAITING * processes:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:  # where a message is refused, too: nobody waits for the rest
        for child in children:
            child.kill()
            child.wait()
        threads.shutdown(cancel_futures=True)


def _some(messages: Iterable[Named]) -> Iterator[list[Named]]:
    """So many messages as make a pack."""
    some, size = list[Named](), 0
    for message in messages:
        some.append(message)
        size += len(message[0])
        if len(some) == _MESSAGES or size >= _BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


def _pack_here(reader: MessageReader, messages: Sequence[Named]) -> Packed:
    mails, faults = list[Mail](), dict[int, DataError | LimitError]()
    for place, (raw, where) in enumerate(messages):
        try:
            mails.append(reader.read(raw, where))
        except (DataError, LimitError) as fault:
            faults[place] = fault
    return Packed(pack_messages(mails) if mails else None, faults)


def _pack_there(idle: SimpleQueue[subprocess.Popen[str]], messages: Sequence[Named]) -> Packed:
    child = idle.get()
    to, answers = _pipes(child)
    try:
        to.write(json.dumps([(len(raw), where) for raw, where in messages]).encode() + b"\n")
        for raw, _ in messages:
            to.write(raw)
        to.flush()
        head: dict[str, Any] = json.loads(answers.readline())
        content = answers.read(head["bytes"])
        pack = Pack.of_bytes(content) if content else None
    except (OSError, ValueError) as fault:
        what = f"a process that takes messages apart has ended (exit {child.poll()})"
        raise StorageError(what, where=messages[0][1], do="run again, with --jobs 1 if memory is short") from fault
    finally:
        idle.put(child)
    return Packed(pack, {place: _REFUSALS[kind](text) for place, kind, text in head["faults"]})


def _pipes(child: subprocess.Popen[str]) -> tuple[IO[bytes], IO[bytes]]:
    if child.stdin is None or child.stdout is None:
        raise ValueError("the child has no pipes")
    return child.stdin.buffer, child.stdout.buffer  # type: ignore[attr-defined]
