"""A job at growing numbers of training rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from bench.exponent import Exponent, exponent
from bench.jobs.scaling import ScaleJob
from bench.measure import Tell, measured
from bench.measured import JobResult

__all__ = ["Growth", "ScaleResult", "scaled"]


@dataclass(frozen=True)
class Growth:
    """
    How the time of one contender grew.

    Parameters
    ----------
    name : str
    rows : tuple of int
    seconds : tuple of float
        Medians.
    exponent : Exponent
    """

    name: str
    rows: tuple[int, ...]
    seconds: tuple[float, ...]
    exponent: Exponent


@dataclass(frozen=True)
class ScaleResult:
    """
    A job over all its sizes.

    Parameters
    ----------
    name, title, detail : str
    steps : tuple of JobResult
        One a size, smallest first.
    """

    name: str
    title: str
    detail: str
    steps: tuple[JobResult, ...]

    @property
    def growths(self) -> tuple[Growth, ...]:
        """Each contender's, in order."""
        return tuple(_growth(self.steps, place) for place in range(len(self.steps[0].contenders)))

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "detail": self.detail,
            "exponents": {one.name: one.exponent.as_dict() for one in self.growths},
            "steps": [step.as_dict() for step in self.steps],
        }

    @classmethod
    def from_dict(cls, found: dict[str, Any]) -> Self:
        """Read what `as_dict` gave."""
        return cls(found["name"], found["title"], found["detail"], tuple(map(JobResult.from_dict, found["steps"])))


def scaled(scale: ScaleJob, *, quick: bool, repeats: int, threads: int, tell: Tell) -> ScaleResult:
    """Measure a job at each of its sizes; parameters and errors are those of `measured`."""
    sizes, job = scale.sizes(quick=quick), scale.job
    steps = []
    for size in sizes:
        tell(f"{job.name}: {size.rows:,} rows")
        steps.append(measured(job, size, repeats=repeats, threads=threads, tell=tell))
    return ScaleResult(job.name, job.worded(job.title, sizes[-1]), job.worded(job.detail, sizes[-1]), tuple(steps))


def _growth(steps: Sequence[JobResult], place: int) -> Growth:
    rows = tuple(step.rows for step in steps)
    seconds = tuple(step.contenders[place].median for step in steps)
    return Growth(steps[0].contenders[place].name, rows, seconds, exponent(rows, seconds))
