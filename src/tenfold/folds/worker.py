"""A worker process: does the units named on its standard input, one JSON line each, until that closes."""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn, TextIO

from tenfold.errors import StorageError
from tenfold.folds.executor import do_unit
from tenfold.folds.job import open_job
from tenfold.folds.unit import Unit
from tenfold.output import guarded

__all__ = ["main", "serve"]


def main(arguments: Sequence[str]) -> NoReturn:
    """Work on the job in the folder that is the one argument; without it, that of the first line of standard input."""
    serve(arguments, lambda folder: partial(do_unit, open_job(folder)))


def serve(arguments: Sequence[str], opened: Callable[[Path], Callable[[Unit], str | None]]) -> NoReturn:
    """
    Do the units that are asked for; when the parent is gone, even while a unit runs, end at once.

    Parameters
    ----------
    arguments : sequence of str
        Of the process: the folder of the job, or nothing.
    opened : callable
        Opens the job in a folder, and gives what does a unit of it: commits it, or tells the reason where the candidate
        fails.
    """
    replies = _private_stdout()
    requests: queue.Queue[str] = queue.Queue()
    threading.Thread(target=_read_requests, args=(requests,), daemon=True).start()
    # What a library writes goes to a log that someone reads in a terminal.
    with guarded():
        do = opened(Path(arguments[0]) if arguments else _told_folder(requests))
        while True:
            unit = Unit(**json.loads(requests.get()))
            try:
                answer = {"failure": do(unit)}
            except StorageError as fault:
                answer = {"storage": str(fault)}
            print(json.dumps(answer), file=replies, flush=True)


def _read_requests(requests: queue.Queue[str]) -> None:
    for line in sys.stdin:
        requests.put(line)
    os._exit(0)


def _told_folder(requests: queue.Queue[str]) -> Path:
    """The folder of the job, where it is told only now; what is written on standard error goes into its log."""
    folder = Path(json.loads(requests.get()))
    with (folder / "workers.log").open("a") as log:
        for stream in (1, 2):
            os.dup2(log.fileno(), stream)
    return folder


def _private_stdout() -> TextIO:
    """Keep standard output for answers alone: whatever a library prints goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return answers
