"""What was measured, told as a table for a terminal and as a page of Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.measured import ContenderResult, JobResult, summed
from bench.scale import ScaleResult
from bench.session import Session
from bench.words import megabytes, seconds, times

__all__ = ["page", "sums", "table"]

_HEAD = ("contender", "median", "range", "speed", "extra memory", "answers")
_NUMBERS = frozenset({1, 2, 3, 4})


def table(job: JobResult) -> str:
    """
    Give the lines of one job: its title, then a line a contender.

    Examples
    --------
    >>> pair = (ContenderResult("slow", (8.0,), 0, None, "equal"), ContenderResult("fast", (2.0, 1.9), 0, 5, "equal"))
    >>> print(table(JobResult("j", "A job", "", 10, pair)))
    A job
      contender  median            range   speed  extra memory  answers
      slow       8.00 s       once, n = 1  1.00 x     not known  compared with
      fast       1.95 s  1.90 s to 2.00 s  4.10 x          0 MB  equal
    """
    rows = [_HEAD, *_cells(job)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(_aligned(cell, width, place) for place, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]
    return "\n".join([job.title, *(f"  {line}".rstrip() for line in lines), *(f"  {one}" for one in job.left_out)])


def sums(jobs: Sequence[JobResult]) -> str:
    """Say what Tenfold takes for all the jobs it takes part in, and what others take for the same ones."""
    found = summed(jobs, "Tenfold")
    if found is None:
        return "Tenfold takes part in none of these jobs."
    these = "The job" if found.jobs == 1 else f"The {found.jobs} jobs"
    said = (
        f"{these} that Tenfold takes part in: {seconds(found.own)} together. With the first contender of "
        f"each {seconds(found.first)} ({times(found.first / found.own)}), with the fastest other one "
        f"{seconds(found.fastest_other)} ({times(found.fastest_other / found.own)}); sums of medians."
    )
    if not found.elsewhere:
        return said
    whole, own = found.first + found.elsewhere, found.own + found.elsewhere
    return (
        f"{said} With what Tenfold leaves to the first contender counted on both sides ({seconds(found.elsewhere)}): "
        f"{seconds(own)} against {seconds(whole)} ({times(whole / own)})."
    )


def page(session: Session) -> str:
    """Give the page: table, drawings, notes, and what they were measured on."""
    parts = [_opening(session)]
    if session.jobs:
        parts += ["![Seconds of every contender for each job](benchmarks.svg)", _markdown_table(session.jobs)]
        parts += [sums(session.jobs), _reading(session.jobs), _notes(session.jobs)]
    for scale in session.scales:
        parts.append(_scale(scale))
    parts.append(_conditions(session))
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(session: Session) -> str:
    when = _dates(session.jobs) or session.date
    command = f"python -m bench{' --quick' * session.quick}{' --scale' * bool(session.scales)}"
    lines = ["# Side by side", "", f"Measured on {when} by `{command}`."]
    if session.quick:
        lines.append("Quick: fewer rows and repeats than the jobs are about; ratios change with size.")
    if session.disturbed:
        shares = ", ".join(f"{job.name} {_percent(job.others)}" for job in session.disturbed)
        lines.append(f"**Others used the processors too** ({shares}): trust the ratios there rather than the seconds.")
    lines += [f"**Left out.** {fault}" for fault in session.faults]
    if session.missing:
        lines.append(f"Not measured: {', '.join(session.missing)}.")
    return "\n".join(lines)


def _dates(jobs: Iterable[JobResult]) -> str:
    """Say on which day, or from which to which, jobs were measured; nothing where they do not tell."""
    dates = sorted({job.date for job in jobs if job.date})
    return " to ".join(dict.fromkeys((dates[0], dates[-1]))) if dates else ""


def _cells(job: JobResult) -> list[tuple[str, ...]]:
    return [
        (
            one.name,
            seconds(one.median),
            _range(one),
            times(job.ratio(one)),
            megabytes(one.extra_bytes),
            one.answers if place else "compared with",
        )
        for place, one in enumerate(job.contenders)
    ]


def _range(one: ContenderResult) -> str:
    if len(one.seconds) == 1:
        return "once, n = 1"
    return f"{seconds(min(one.seconds))} to {seconds(max(one.seconds))}"


def _aligned(cell: str, width: int, place: int) -> str:
    return cell.rjust(width) if place in _NUMBERS else cell.ljust(width)


def _markdown_table(jobs: Sequence[JobResult]) -> str:
    lines = [_row(("job", *_HEAD)), _row(["---"] * 2 + ["---:"] * 4 + ["---"])]
    for job in jobs:
        for place, cells in enumerate(_cells(job)):
            lines.append(_row((job.title if not place else "", *cells)))
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _reading(jobs: Sequence[JobResult]) -> str:
    rounds = max(len(one.seconds) for job in jobs for one in job.contenders)
    return (
        "Every contender runs in a process of its own that holds its data; they take turns, every second round "
        "backwards, on the same number of threads. Seconds are those of the work alone: the median of "
        f"{rounds} rounds, or of one (n = 1) for what takes minutes. Speed is relative to the first contender of the "
        "job. Extra memory is the most that a process held beyond its data and libraries. Answers are compared before "
        "any time is shown: they are equal, or differ by as much as rounding may (one in a thousand). What learns in a "
        "random order runs with another seed each time: its mean accuracy stands there with the difference in points "
        "and the 95 % interval over seeds. It must not lie below by that interval and the paired one over rows "
        "(in the notes) alike."
    )


def _notes(jobs: Sequence[JobResult]) -> str:
    lines = ["## What is timed", ""]
    for job in jobs:
        first_calls = ", ".join(f"{one.name} {seconds(one.first_call_seconds)}" for one in job.contenders)
        said = [f"{job.detail[:1].upper()}{job.detail[1:]}. First call, small, compiling included: {first_calls}."]
        said += [f"{one.name}: {one.note}." for one in job.contenders[1:] if one.note]
        lines.append(f"- **{job.title}** (`--only {job.name}`). {' '.join([*said, *job.left_out])}")
    return "\n".join(lines)


def _scale(scale: ScaleResult) -> str:
    names = [one.name for one in scale.growths]
    lines = [f"## {scale.title}", "", f"![Seconds against training rows](benchmarks-{scale.name}.svg)", ""]
    lines += [_row(("training rows", *names)), _row(["---:"] * (1 + len(names)))]
    lines += [_row((f"{step.rows:,}", *(seconds(one.median) for one in step.contenders))) for step in scale.steps]
    grown = "; ".join(
        f"{one.name} rows^{one.exponent.value:.2f} (standard error {one.exponent.error:.2f})" for one in scale.growths
    )
    when = _dates(scale.steps)
    said = f"{scale.detail[:1].upper()}{scale.detail[1:]}.{f' Measured on {when}.' if when else ''}"
    lines += ["", f"Time grows as {grown}: least squares on logarithms. {said}"]
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "not known" if share is None else f"{100 * share:.0f} %"


def _conditions(session: Session) -> str:
    machine = session.machine
    memory = "" if machine.memory_bytes is None else f", {machine.memory_bytes / 1e9:.0f} GB of memory"
    instructions = f" ({', '.join(machine.instructions)})" if machine.instructions else ""
    versions = ", ".join(f"{name} {found}" for name, found in machine.versions.items())
    shares = [job.others for job in session.jobs if job.others is not None]
    others = f" Others used at most {_percent(max(shares))} of the processors meanwhile." if shares else ""
    return (
        f"## Measured on\n\n{machine.processor}{instructions}, {machine.processors} processors{memory}; "
        f"{machine.system}, Python {machine.python}. {session.threads} threads a contender.{others}\n\n{versions}."
    )
