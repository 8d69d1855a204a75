"""A process that may die, or hang, of what it is asked; the next question starts another."""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

__all__ = ["MortalProcess"]

ROOT = Path(__file__).parents[1]


class MortalProcess:
    """
    A module that is run: it prints ``ready``, and then a line of JSON for each line that it reads.

    Parameters
    ----------
    *words : str
        The module and its arguments, as after ``python -m``.
    patience : float
        Seconds by the clock for each one of the processor that a question may take.
    """

    def __init__(self, *words: str, patience: float = 1.0) -> None:
        self._command = [sys.executable, "-m", *words]
        self._patience = patience
        self._process: subprocess.Popen[str] | None = None

    def ask(self, question: str, seconds: float) -> dict[str, Any]:
        """Return what it says; the outcome is ``signal`` where it died, ``hang`` where it took too long."""
        process = self._process or self._start()
        assert process.stdin
        assert process.stdout
        process.stdin.write(f"{question}\n")
        process.stdin.flush()
        there = self._is_there(process, seconds)
        line = process.stdout.readline() if there else ""
        if line.endswith("\n"):
            return dict(json.loads(line))
        self.close()
        why = f"exit {process.returncode}"
        return {"outcome": "signal" if there else "hang", "why": why, "extra": 0, "seconds": seconds}

    def _start(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout
        assert self._process.stdout.readline() == "ready\n"
        return self._process

    def _is_there(self, process: subprocess.Popen[str], seconds: float) -> bool:
        """Wait for a line or a death: so many seconds of the processor, and with patience by the clock."""
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            begun, used = time.monotonic(), _processor_seconds(process.pid)
            while not ready.select(1.0):
                late = time.monotonic() - begun
                busy = late > seconds and _processor_seconds(process.pid) - used > seconds
                if busy or late > self._patience * seconds:
                    return False
        return True

    def close(self) -> None:
        """End it, where it runs."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


def _processor_seconds(process: int) -> float:
    stat = Path(f"/proc/{process}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else []
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK") if fields else 0.0
