"""What an earlier call measured, read back so that this one goes on from there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench.measured import JobResult
from bench.scale import ScaleResult
from bench.session import SCHEMA, Session
from tenfold.errors import UsageError

__all__ = ["resumed"]

_AGAIN = "run without --resume, to measure all again"


def resumed(session: Session, path: Path) -> Session:
    """
    Give a session with the jobs that the JSON of an earlier one holds.

    Parameters
    ----------
    session : Session
        A new one, with nothing measured.
    path : Path
        ``benchmarks.json``; where it is missing there is nothing to go on from.

    Raises
    ------
    UsageError
        It cannot be read, or was measured on another machine, with other versions, sizes or threads.
    """
    if not path.exists():
        return session
    try:
        found = json.loads(path.read_text())
        jobs = tuple(map(JobResult.from_dict, found["jobs"]))
        scales = tuple(map(ScaleResult.from_dict, found["scales"]))
        differs = _difference(session.as_dict(), found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as fault:
        raise UsageError("no benchmarks that can be gone on from", where=path, do=_AGAIN) from fault
    if differs:
        raise UsageError(f"measured with {differs}", where=path, do=_AGAIN)
    return session.holding(jobs, scales)


def _difference(now: dict[str, Any], then: dict[str, Any]) -> str | None:
    """Say in what the conditions differ; None where they do not."""
    if then["schema"] != SCHEMA:
        return "another layout"
    for name in ("quick", "threads"):
        if now[name] != then[name]:
            return f"{name} {then[name]}, now {now[name]}"
    old, new = _flat(then["machine"]), _flat(now["machine"])
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) != new.get(name):
            return f"{name} {old.get(name, 'missing')}, now {new.get(name, 'missing')}"
    return None


def _flat(machine: dict[str, Any]) -> dict[str, Any]:
    return {**machine["versions"], **{name: value for name, value in machine.items() if name != "versions"}}
