"""Everything one call of the command measured, as it grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bench.machine import Machine
from bench.measured import JobResult
from bench.scale import ScaleResult

__all__ = ["Session"]

_SCHEMA = 1


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
    load : float or None
        Load average of the machine before anything was measured.
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
    load: float | None
    jobs: tuple[JobResult, ...] = ()
    scales: tuple[ScaleResult, ...] = ()
    faults: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether others kept the machine busy when it began."""
        return self.load is not None and self.load > 0.25 * self.machine.processors

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "schema": _SCHEMA,
            "command": self.command,
            "date": self.date,
            "quick": self.quick,
            "threads": self.threads,
            "load_before": self.load,
            "machine": self.machine.as_dict(),
            "jobs": [job.as_dict() for job in self.jobs],
            "scales": [scale.as_dict() for scale in self.scales],
            "faults": list(self.faults),
            "missing": list(self.missing),
        }
