"""The command ``python -m bench``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import click

from bench.files import written
from bench.job import Job
from bench.jobs import JOBS
from bench.jobs.scaling import SCALES, ScaleJob
from bench.machine import processors, this_machine
from bench.measure import measured
from bench.measured import JobResult
from bench.resumed import resumed
from bench.scale import ScaleResult, scaled
from bench.session import Session
from bench.told import sums, table
from tenfold.errors import CheckFailedError, PartsFailedError, TenfoldError, UsageError
from tenfold.text import near, shown

__all__ = ["command", "main"]

_INTERRUPTED = 130
_REPEATS, _QUICK_REPEATS, _SCALE_REPEATS = 5, 2, 3
_PUBLISHED, _ASIDE = Path("docs"), Path("runs/bench")
Measured = TypeVar("Measured", JobResult, ScaleResult)
_NAMES = tuple(job.name for job in JOBS) + tuple(scale.job.name for scale in SCALES)


@dataclass(frozen=True)
class _Asked:
    names: tuple[str, ...]
    quick: bool
    repeats: int | None
    threads: int

    def rounds(self, usual: int) -> int:
        return self.repeats or (_QUICK_REPEATS if self.quick else usual)


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--quick", is_flag=True, help="Fewer rows and repeats: under five minutes on two cores.")
@click.option("--only", multiple=True, metavar="NAME", help=f"This job alone; may be repeated. {', '.join(_NAMES)}.")
@click.option("--scale", is_flag=True, help="Also follow k-NN and SGD while the training rows grow to 60,000.")
@click.option(
    "--repeats",
    type=click.IntRange(1, 1000),
    help="Runs of each contender, those that take minutes too; by default 5, and 1.",
)
@click.option("--resume", is_flag=True, help="Keep what the folder's benchmarks.json holds, and measure the rest.")
@click.option("--threads", type=click.IntRange(1), help="For each contender; by default one a processor.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help=f"Folder for benchmarks.md, .json and .svg; by default {_PUBLISHED} for all jobs in full, else {_ASIDE}.",
)
def command(
    quick: bool,
    only: tuple[str, ...],
    scale: bool,
    repeats: int | None,
    resume: bool,
    threads: int | None,
    out: Path | None,
) -> None:
    """
    Time the slow jobs with Tenfold and with others, side by side, once their answers agree.

    Needs MNIST: set TENFOLD_DATA to a folder with mnist/ in it, or let it be fetched. FAISS and scikit-learn-intelex
    take part where they are installed (pip install -e '.[bench]').
    """
    asked = _Asked(_chosen(only, scale=scale), quick, repeats, threads or processors())
    folder = out or (_PUBLISHED if not quick and set(asked.names) >= {job.name for job in JOBS} else _ASIDE)
    session = Session(
        " ".join(["python -m bench", *map(shown, sys.argv[1:])]),
        datetime.now(UTC).date().isoformat(),
        quick,
        asked.threads,
        this_machine(),
    )
    if resume:
        session = resumed(session, folder / "benchmarks.json")
        written(session, folder)
    for grown in _growing(session, asked):
        written(grown, folder)
        session = grown
    if session.jobs:
        click.echo(sums(session.jobs))
    click.echo(f"Written: {folder / 'benchmarks.md'}")
    if session.faults:
        raise CheckFailedError(
            f"not all could be measured: {len(session.faults)} of {len(asked.names)} failed, see above"
        )


def main() -> NoReturn:
    """Run the command line and exit with the code of what happened."""
    try:
        command.main(prog_name="python -m bench", standalone_mode=False)
    except click.exceptions.Exit as ended:
        sys.exit(ended.exit_code)
    except click.UsageError as fault:
        _end(f"{fault.format_message().rstrip('.')}. See python -m bench --help.", 2)
    except (click.Abort, KeyboardInterrupt):
        _end("Interrupted. The jobs that were finished are written.", _INTERRUPTED)
    except TenfoldError as fault:
        _end(str(fault), fault.exit_code)
    sys.exit(0)


def _growing(session: Session, asked: _Asked) -> Iterator[Session]:
    """
    Measure one after the other; what is finished is given at once, so that it is kept whatever comes.

    A disagreement is told and kept as a fault, and the others go on.
    """
    work: list[Job | ScaleJob] = [*JOBS, *SCALES]
    done = {*(job.name for job in session.jobs), *(scale.name for scale in session.scales)}
    work = [one for one in work if _name(one) in asked.names and _name(one) not in done]
    for place, one in enumerate(work, start=1):
        session = replace(session, missing=tuple(map(_name, work[place:])))
        try:
            session = _scaled(session, one, asked) if isinstance(one, ScaleJob) else _measured(session, one, asked)
        except (CheckFailedError, PartsFailedError) as fault:
            click.echo(f"bench: {fault}", err=True)
            session = replace(session, faults=(*session.faults, str(fault)))
        yield session


def _measured(session: Session, job: Job, asked: _Asked) -> Session:
    found = measured(
        job,
        job.quick if asked.quick else job.full,
        repeats=asked.rounds(_REPEATS),
        threads=asked.threads,
        tell=_tell,
        repeat_long=asked.repeats is not None,
    )
    click.echo(f"{table(found)}\n")
    if found.disturbed:
        _tell(f"{job.name}: others used {100 * (found.others or 0):.0f} % of the processors meanwhile")
    return session.holding(_in_order((*session.jobs, found)), session.scales)


def _scaled(session: Session, scale: ScaleJob, asked: _Asked) -> Session:
    repeats = asked.rounds(_SCALE_REPEATS)
    result = scaled(scale, quick=asked.quick, repeats=repeats, threads=asked.threads, tell=_tell)
    for one in result.growths:
        click.echo(f"{result.title}: {one.name} rows^{one.exponent.value:.2f} (±{one.exponent.error:.2f})")
    click.echo()
    return session.holding(session.jobs, _in_order((*session.scales, result)))


def _in_order(results: tuple[Measured, ...]) -> tuple[Measured, ...]:
    """What is gone on from may have been measured in another order."""
    return tuple(sorted(results, key=lambda one: (*_NAMES, one.name).index(one.name)))


def _name(one: Job | ScaleJob) -> str:
    return one.job.name if isinstance(one, ScaleJob) else one.name


def _chosen(only: tuple[str, ...], *, scale: bool) -> tuple[str, ...]:
    for name in only:
        if name not in _NAMES:
            raise UsageError(f"no job '{shown(name)}'.{near(name, _NAMES)}", do=f"choose from {', '.join(_NAMES)}")
    usual = {job.name for job in JOBS} if not only else set(only)
    also = {one.job.name for one in SCALES} if scale else set()
    return tuple(name for name in _NAMES if name in usual | also)


def _tell(line: str) -> None:
    click.echo(line, err=True)


def _end(line: str, code: int) -> NoReturn:
    click.echo(f"bench: {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
