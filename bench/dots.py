"""The seconds of every contender for each job, as dots on one logarithmic axis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.measured import ContenderResult, JobResult
from bench.session import Session
from bench.words import seconds
from tenfold.show.drawing.axes import LogAxis, log_axis
from tenfold.show.drawing.dots import beside_each_other, interval_mark
from tenfold.show.drawing.figure import MARGIN, WIDTH, Figure
from tenfold.show.drawing.ink import ACCENT, LINE, SOFT, line, text

__all__ = ["colour", "dots_figure"]

_LEFT, _RIGHT = MARGIN + 8, WIDTH - MARGIN - 8
_TOP, _ROW = 26, 78
_DOTS, _LABELS = 26, 50
_LETTER = 6.0
_OTHERS = {"FAISS": "#9c3d75", "intelex": "#00735a"}
_ANYONE = "#b4540a"


@dataclass(frozen=True)
class _Label:
    words: str
    at: float
    fill: str
    weight: int

    @property
    def width(self) -> float:
        return _LETTER * len(self.words) * (1.06 if self.weight > 400 else 1)


def dots_figure(session: Session) -> Figure:
    """Draw the figure of a session with at least one job."""
    jobs = session.jobs
    axis = log_axis(second for job in jobs for one in job.contenders for second in one.seconds)
    height = _TOP + _ROW * len(jobs)
    parts = [_grid(axis, height)]
    parts += [_job_row(job, axis, _TOP + _ROW * place) for place, job in enumerate(jobs)]
    words = "; ".join(
        f"{job.title}: " + ", ".join(f"{one.name} {seconds(one.median)}" for one in job.contenders) for job in jobs
    )
    return Figure("benchmarks", "The slow jobs, side by side", _note(session), words, height + 8, "".join(parts))


def colour(name: str, place: int) -> str:
    """Give the colour of a contender: Tenfold's is the accent, that of the first, which ratios are taken to, grey."""
    if name == "Tenfold":
        return ACCENT
    return SOFT if place == 0 else _OTHERS.get(name, _ANYONE)


def _note(session: Session) -> str:
    machine = session.machine
    quick = "Quick, on fewer rows. " if session.quick else ""
    return (
        f"{quick}Seconds on a logarithmic axis: median of the runs, a bar from the fastest to the slowest. Left is "
        f"faster. {machine.processor}, {session.threads} threads; {session.date}."
    )


def _grid(axis: LogAxis, height: float) -> str:
    parts = []
    for tick in axis.time_ticks():
        x = _across(tick.at)
        parts += [line(x, 12, x, height), text(x, 4, tick.text, size=12, fill=SOFT, anchor="middle")]
    return "".join(parts)


def _job_row(job: JobResult, axis: LogAxis, top: float) -> str:
    y = top + _DOTS + 10
    parts = [text(MARGIN, top + 16, job.title, weight=600, halo=True), line(_LEFT, y, _RIGHT, y, stroke=LINE)]
    labels = [_label(job, place, axis) for place in range(len(job.contenders))]
    centres = _placed(labels)
    for one, label, centre in zip(job.contenders, labels, centres, strict=True):
        parts.append(_mark(one, label, centre, axis, y))
        parts.append(
            text(centre, top + _LABELS + 10, label.words, size=12, fill=label.fill, anchor="middle",
                 weight=label.weight, halo=True)
        )  # fmt: skip
    return "".join(parts)


def _label(job: JobResult, place: int, axis: LogAxis) -> _Label:
    one = job.contenders[place]
    own = one.name == "Tenfold"
    at = _across(axis.at(one.median))
    return _Label(f"{one.name} {seconds(one.median)}", at, colour(one.name, place), 600 if own else 400)


def _placed(labels: Sequence[_Label]) -> list[float]:
    return beside_each_other([one.at for one in labels], [one.width for one in labels], MARGIN, WIDTH - MARGIN)


def _mark(one: ContenderResult, label: _Label, centre: float, axis: LogAxis, y: float) -> str:
    low, high = (_across(axis.at(value)) for value in (min(one.seconds), max(one.seconds)))
    leader = line(label.at, y + 5, centre, y + 13, stroke=label.fill) if abs(centre - label.at) > 8 else ""
    return leader + interval_mark(low, label.at, high, y, radius=5, fill=label.fill)


def _across(percent: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * percent / 100
