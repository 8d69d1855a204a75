"""A job measured: all contenders ready, then in turns; answers compared before times are believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from bench.agreement import Agreement, Answers
from bench.job import Contender, Job, Size
from bench.machine import processors
from bench.measured import ContenderResult, JobResult
from bench.occupied import Clock, others_since
from bench.process import Outcome, Running, running
from tenfold.errors import CheckFailedError

__all__ = ["measured"]

FIRST_SEED = 42
Tell = Callable[[str], None]
_INSTALL = "pip install -e '.[bench]'"


def measured(job: Job, size: Size, *, repeats: int, threads: int, tell: Tell, repeat_long: bool = False) -> JobResult:
    """
    Measure a job: each contender is started and warmed up, then they take turns, every second round backwards.

    Parameters
    ----------
    job : Job
    size : Size
    repeats : int
        Runs of each contender; those that take minutes run once.
    threads : int
        That each may use.
    tell : callable
        Gets a line after every step.
    repeat_long : bool
        Those that take minutes run as often as the others.

    Raises
    ------
    CheckFailedError
        The answers of a contender disagree with those of the first.
    PartsFailedError
        A contender failed.
    """
    there, before = [one for one in job.contenders if one.there], Clock.now()
    with ExitStack() as stack:
        started = []
        for contender in there:
            started.append(stack.enter_context(running(contender, size, threads)))
            started[-1].prepared()
            tell(f"{job.name}: {contender.name} is ready")
        outcomes = _rounds(job, started, repeats, repeat_long, tell)
        agreements = _compared(job, started, outcomes)
    results = tuple(
        _summed_up(one, outcomes[one.contender.name], agreement)
        for one, agreement in zip(started, agreements, strict=True)
    )
    return JobResult(
        job.name,
        job.worded(job.title, size),
        job.worded(job.detail, size),
        size.rows,
        results,
        tuple(_left_out(job.contenders)),
        datetime.now(UTC).date().isoformat(),
        others_since(before, Clock.now(), processors()),
    )


def _rounds(
    job: Job, started: Sequence[Running], repeats: int, repeat_long: bool, tell: Tell
) -> dict[str, list[Outcome]]:
    outcomes: dict[str, list[Outcome]] = {one.contender.name: [] for one in started}
    runs = {one.contender.name: _runs(job, one.contender, repeats, repeat_long) for one in started}
    for number in range(max(runs.values())):
        for one in started if number % 2 == 0 else started[::-1]:
            name = one.contender.name
            if number < runs[name]:
                outcome = one.worked(FIRST_SEED + number)
                outcomes[name].append(outcome)
                tell(f"{job.name}: {name}, run {number + 1} of {runs[name]}: {outcome.seconds:.3g} s")
        if not number and outcomes[started[0].contender.name][0].true is None:
            _compared(job, started, outcomes)
    return outcomes


def _runs(job: Job, contender: Contender, repeats: int, repeat_long: bool) -> int:
    if contender is job.contenders[0]:
        return 1 if contender.once and not repeat_long else repeats
    return max(job.least_runs, 1 if contender.once and not repeat_long else repeats)


def _compared(job: Job, started: Sequence[Running], outcomes: dict[str, list[Outcome]]) -> list[Agreement]:
    """Compare everyone's answers with the first one's."""
    answers = [_answers(one.contender, outcomes[one.contender.name]) for one in started]
    found = [job.judge(one, answers[0]) for one in answers]
    for one, agreement in zip(started[1:], found[1:], strict=True):
        if not agreement.agrees:
            raise CheckFailedError(
                f"{job.name}: the answers of {one.contender.name} are not those of {started[0].contender.name}: "
                f"{agreement.long or agreement.short}",
                do="find out which is right; no time of this job is given",
            )
    return found


def _answers(contender: Contender, outcomes: Sequence[Outcome]) -> Answers:
    return Answers(tuple(one.answers for one in outcomes), outcomes[0].true, contender.rounded)


def _summed_up(one: Running, outcomes: Sequence[Outcome], agreement: Agreement) -> ContenderResult:
    known = [outcome.extra_bytes for outcome in outcomes if outcome.extra_bytes is not None]
    return ContenderResult(
        one.contender.name,
        tuple(outcome.seconds for outcome in outcomes),
        one.first_call_seconds,
        max(known, default=None),
        agreement.short,
        agreement.long,
    )


def _left_out(contenders: Sequence[Contender]) -> list[str]:
    return [f"{one.name} is left out: it is not installed ({_INSTALL})." for one in contenders if not one.there]
