"""Who does the units: the protocol that local processes, this process, or a cluster fulfil."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

from tenfold.errors import StorageError
from tenfold.folds.job import Job
from tenfold.folds.unit import Unit, UnitResult, fit_and_predict
from tenfold.text import shown

__all__ = ["Committed", "Executor", "InlineExecutor", "Outcome", "attempt", "attempted", "do_unit"]

T = TypeVar("T")


@dataclass(frozen=True)
class Outcome:
    """A unit that ended: committed, or failed with the reason."""

    unit: Unit
    failure: str | None = None


class Committed(Protocol):
    """A job whose units are committed in its folder, for whoever only has to know which are done."""

    @property
    def folder(self) -> Path:
        """Folder that any process of this machine can open."""
        ...

    def finished(self, unit: Unit) -> bool:
        """Whether a unit has been committed."""
        ...

    def seconds(self, unit: Unit) -> float:
        """Give what a unit takes, roughly, on one core."""
        ...


class Executor(Protocol):
    """
    Does units in any order, on anything.

    When an `Outcome` without failure is given, the unit is committed in the job's folder. After a
    failure the other units of that candidate need not be done.
    """

    def outcomes(self, job: Any, units: Sequence[Unit]) -> Iterator[Outcome]:
        """Give an outcome as each unit ends; stop all work when the iterator is closed."""
        ...


def do_unit(job: Job, unit: Unit) -> str | None:
    """Do one unit and commit it; give the reason where the candidate fails (storage faults are raised)."""
    results = attempted(job, unit)
    if isinstance(results, str):
        return results
    job.commit(unit, results)
    return None


def attempted(job: Job, unit: Unit) -> tuple[UnitResult, ...] | str:
    """Do one unit; give a result for each setting, or the reason of its failure (storage faults are raised)."""

    def work() -> tuple[UnitResult, ...]:
        candidate = job.candidate(unit.candidate)
        return fit_and_predict(candidate, job.training, job.codes, job.folds, unit.fold, job.task, job.sample)

    return attempt(work)


def attempt(work: Callable[[], T]) -> T | str:
    """Do the work of a unit; give what it returns, or the reason of its failure (storage faults are raised)."""
    try:
        return work()
    except StorageError:
        raise
    except MemoryError:
        return "not enough memory"
    except Exception as fault:  # noqa: BLE001 - whatever a candidate raises is that candidate's failure
        return shown(f"{type(fault).__name__}: {fault}".splitlines()[0], 300)


@dataclass(frozen=True)
class InlineExecutor:
    """Does the units one after the other in this process: for classifiers that exist only here."""

    def outcomes(self, job: Job, units: Sequence[Unit]) -> Iterator[Outcome]:
        """Give an outcome as each unit ends."""
        failed: set[str] = set()
        for unit in units:
            if unit.candidate not in failed:
                failure = do_unit(job, unit)
                failed |= {unit.candidate} if failure else set()
                yield Outcome(unit, failure)
