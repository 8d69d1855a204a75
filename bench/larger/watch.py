"""A command and all the processes it starts, watched: how much memory each holds, and all of them together."""

from __future__ import annotations

import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Watched", "watched"]

_PROC = Path("/proc")
_EVERY = 0.25


@dataclass(frozen=True)
class Watched:
    """
    What a command took.

    Parameters
    ----------
    seconds, processor_seconds : float
        By the clock on the wall, and of all processors.
    exit_code : int
    largest : int
        Most resident bytes of one process, as the system counts them from its start to its end.
    together : int
        Most resident bytes of all processes at one moment, looked at four times a second; pages that two of them
        share count twice.
    apart : int
        The same with shared pages counted once (PSS).
    processes : int
        Most processes at one moment.
    """

    seconds: float
    processor_seconds: float
    exit_code: int
    largest: int
    together: int
    apart: int
    processes: int


def watched(command: Sequence[str]) -> Watched:
    """Run a command and look at its processes until it ends (Linux)."""
    start, before = time.perf_counter(), _processor_seconds()
    running = subprocess.Popen(command)
    largest = together = apart = processes = 0
    while running.poll() is None:
        found = [told for told in map(_memory, _family(running.pid)) if told is not None]
        largest = max([largest, *(peak for peak, _, _ in found)])
        together = max(together, sum(now for _, now, _ in found))
        apart = max(apart, sum(share for _, _, share in found))
        processes = max(processes, len(found))
        time.sleep(_EVERY)
    spent = _processor_seconds() - before
    return Watched(time.perf_counter() - start, spent, running.returncode, largest, together, apart, processes)


def _processor_seconds() -> float:
    """Of all processes that this one, or one that it started, has waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _family(pid: int) -> list[int]:
    """A process and all that come from it."""
    found, asked = [], [pid]
    while asked:
        found.append(asked.pop())
        try:
            for thread in (_PROC / str(found[-1]) / "task").iterdir():
                asked += [int(child) for child in (thread / "children").read_text().split()]
        except OSError:  # it has ended meanwhile
            continue
    return found


def _memory(pid: int) -> tuple[int, int, int] | None:
    """Peak, present and proportional resident bytes; None where the process has ended."""
    try:
        status = _fields(_PROC / str(pid) / "status")
        return status["VmHWM"], status["VmRSS"], _fields(_PROC / str(pid) / "smaps_rollup")["Pss"]
    except (OSError, KeyError):
        return None


def _fields(path: Path) -> dict[str, int]:
    lines = (line.split() for line in path.read_text().splitlines())
    return {words[0].rstrip(":"): int(words[1]) * 1024 for words in lines if len(words) == 3 and words[2] == "kB"}
