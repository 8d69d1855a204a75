"""The out-of-fold loop over (candidate, fold) units: what is committed is never done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from tenfold.folds.executor import Committed, Executor
from tenfold.folds.job import Job, write_job
from tenfold.folds.result import OutOfFold, assembled
from tenfold.folds.unit import Unit

__all__ = ["CandidatePredictions", "Committed", "Progress", "do_units", "gather", "judge_out_of_fold"]


@dataclass(frozen=True)
class Progress:
    """
    How far the loop is, told after each unit.

    Parameters
    ----------
    unit : Unit or None
        The unit that has just ended; None at the start.
    failure : str or None
        Why it failed.
    done, total : int
        Units.
    share : float
        Of the estimated work that is done, 0-1.
    """

    unit: Unit | None
    failure: str | None
    done: int
    total: int
    share: float


@dataclass(frozen=True, eq=False)
class CandidatePredictions:
    """
    The candidates that were judged, and those that failed with the reason of each.

    Parameters
    ----------
    results : dict of str to tuple of OutOfFold
        In the order asked; one a setting that the candidate tried, a single one where it tried none.
    failures : dict of str to str
    complaints : dict of str to tuple of str
        Library warnings of each candidate, once each.
    """

    results: dict[str, tuple[OutOfFold, ...]]
    failures: dict[str, str]
    complaints: dict[str, tuple[str, ...]]


def judge_out_of_fold(
    job: Job, names: Sequence[str], executor: Executor, tell: Callable[[Progress], None] = lambda progress: None
) -> CandidatePredictions:
    """
    Do every unit of these candidates that is not committed yet, and put the folds together.

    The result depends neither on the executor nor on the order in which units end.

    Parameters
    ----------
    job : Job
    names : sequence of str
        Candidates.
    executor : Executor
    tell : callable
        Told the progress at the start and after each unit.
    """
    write_job(job)
    failures = do_units(job, job.units(names), executor, tell)
    return gather(job, names, failures)


def do_units(
    job: Committed,
    units: Sequence[Unit],
    executor: Executor,
    tell: Callable[[Progress], None] = lambda progress: None,
) -> dict[str, str]:
    """
    Do every unit that is not committed yet.

    Parameters
    ----------
    job : Committed
        What the executor takes.
    units : sequence of Unit
    executor : Executor
    tell : callable
        Told the progress at the start and after each unit.

    Returns
    -------
    dict of str to str
        Candidates that failed, with the reason of each.
    """
    weight = {unit: job.seconds(unit) for unit in units}
    todo = sorted((u for u in units if not job.finished(u)), key=lambda u: (-weight[u], u))
    finished, failed = [u for u in units if u not in set(todo)], dict[Unit, str]()
    whole = sum(weight.values()) or 1.0
    work_done = sum(weight[u] for u in finished)
    tell(Progress(None, None, len(finished), len(units), work_done / whole))
    with closing(executor.outcomes(job, todo)) as outcomes:  # type: ignore[type-var]
        for outcome in outcomes:
            finished.append(outcome.unit)
            work_done += weight[outcome.unit]
            if outcome.failure is not None:
                failed[outcome.unit] = outcome.failure
            tell(Progress(outcome.unit, outcome.failure, len(finished), len(units), work_done / whole))
    # Of several failures of a candidate the first fold's is told: it is always tried, whoever ends first.
    return {u.candidate: f"fold {u.fold + 1}: {failed[u]}" for u in sorted(failed, reverse=True)}


def gather(job: Job, names: Sequence[str], failures: Mapping[str, str]) -> CandidatePredictions:
    """
    Put the folds of each candidate together, once its units are done.

    Parameters
    ----------
    job : Job
    names : sequence of str
        All candidates.
    failures : mapping of str to str
        Those that failed, with the reason of each.
    """
    results, complaints = {}, {}
    for name in (name for name in names if name not in failures):
        parts = [job.results(unit) for unit in job.units([name])]
        results[name] = tuple(assembled(name, job.folds, setting) for setting in zip(*parts, strict=True))
        complaints[name] = tuple(dict.fromkeys(line for of_fold in parts for line in of_fold[0].complaints))
    return CandidatePredictions(results, dict(failures), {name: lines for name, lines in complaints.items() if lines})
