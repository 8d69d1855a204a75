"""Everything one call of the command measured, as it grows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from bench.machine import Machine
from bench.measured import JobResult
from bench.scale import ScaleResult

__all__ = ["SCHEMA", "Session"]

SCHEMA = 2


@dataclass(frozen=True)
class Session:
    """
    What was measured, when, by which command and on what.

    Parameters
    ----------
    command, date : str
    quick : bool
    threads : int
    machine : Machine
    jobs : tuple of JobResult
    scales : tuple of ScaleResult
    faults : tuple of str
        A line for each job whose answers disagree, or of which a contender failed.
    missing : tuple of str
        Names of what was asked for and not begun.
    """

    command: str
    date: str
    quick: bool
    threads: int
    machine: Machine
    jobs: tuple[JobResult, ...] = ()
    scales: tuple[ScaleResult, ...] = ()
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def disturbed(self) -> tuple[JobResult, ...]:
        """The jobs and steps during which others used much of the machine."""
        steps = [step for scale in self.scales for step in scale.steps]
        return tuple(job for job in (*self.jobs, *steps) if job.disturbed)

    def holding(self, jobs: tuple[JobResult, ...], scales: tuple[ScaleResult, ...]) -> Session:
        """Give it with these jobs measured."""
        return replace(self, jobs=jobs, scales=scales)

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "schema": SCHEMA,
            "command": self.command,
            "date": self.date,
            "quick": self.quick,
            "threads": self.threads,
            "machine": self.machine.as_dict(),
            "jobs": [job.as_dict() for job in self.jobs],
            "scales": [scale.as_dict() for scale in self.scales],
            "faults": list(self.faults),
            "missing": list(self.missing),
        }
