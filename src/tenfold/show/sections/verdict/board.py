"""The leader board: which candidate is best, and whether that is more than chance."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.decimals import FigureText, change_unit, is_rate, percent
from tenfold.record.words.caveats import caveats
from tenfold.record.words.choice import choice_words
from tenfold.record.words.verdict import spoken_metric
from tenfold.show.content import Content
from tenfold.show.drawing.svg import Dot, Scale, Tick, dot, percent_ticks, ticks, zoomed
from tenfold.show.words import Number, amount, changes, numbers
from tenfold.text import shown

__all__ = ["Board", "Failure", "Line", "board_view"]

_BASELINE = "baseline"


@dataclass(frozen=True)
class Line:
    """One candidate."""

    name: str
    found: Number
    dot: Dot | None
    difference: str
    difference_range: str
    seconds: str
    memory: str
    remark: str
    chosen: bool


@dataclass(frozen=True)
class Failure:
    """A candidate that did not finish, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Board:
    """The leader board; `note` says what scale the dots stand on, `choice` why the chosen one is chosen."""

    title: str
    metric: str
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    failures: tuple[Failure, ...]
    note: str
    choice: str
    rate: bool
    command: str


def board_view(content: Content) -> Board:
    """Lay out the candidates, the best first, on one scale."""
    key = str(content.metrics["metric"])
    entries = content.metrics["candidates"]
    found = dict(zip(entries, numbers((key, one["out_of_fold"][key]) for one in entries.values()), strict=True))
    apart = changes(change_unit(key), [one["difference_to_best"] for one in entries.values()])
    scale, rate = _scale(key, found), is_rate(key)
    return Board(
        title=_title(content),
        metric=spoken_metric(content.metrics, key),
        lines=tuple(_line(content, name, found[name], one, scale) for name, one in zip(found, apart, strict=True)),
        ticks=percent_ticks(scale) if rate else ticks(scale),
        failures=tuple(Failure(shown(name, 40), shown(why, 400)) for name, why in _failures(content)),
        note=_note(scale, rate),
        choice=_choice(content),
        rate=rate,
        command=f"tenfold run {shlex.quote(content.run)}/config.toml",
    )


def _failures(content: Content) -> Iterator[tuple[str, str]]:
    """The candidates that failed; that the chosen one is not saved is said at the head of the page."""
    yield from ((name, why) for name, why in content.metrics["failed"].items() if name != "model")


def _scale(key: str, found: Mapping[str, Number]) -> Scale:
    """A scale of the real candidates; the baseline is marked where it lies outside."""
    real = [one for name, one in found.items() if name != _BASELINE] or list(found.values())
    ends = [end for one in real for end in (one.low, one.value, one.high) if end is not None]
    losses = key.startswith(("log_loss", "brier"))
    return zoomed(ends, floor=-1.0 if key == "mcc" else 0.0, ceiling=max([1.0, *ends]) if losses else 1.0)


def _choice(content: Content) -> str:
    why = choice_words(content.metrics)
    return f"Chosen is {shown(content.chosen, 40)}: {why}." if why else ""


def _title(content: Content) -> str:
    if any(one.kind == "baseline" for one in caveats(content.metrics)):
        return "No candidate is better than the baseline"
    tied = sum(bool(entry["tied_with_best"]) for entry in content.metrics["candidates"].values())
    if tied > 1:
        return f"{tied} candidates cannot be told apart at the top"
    best, *others = content.metrics["candidates"]
    return f"{shown(best, 40)} is ahead of {'the baseline' if others == [_BASELINE] else 'the other candidates'}"


def _line(content: Content, name: str, found: Number, apart: FigureText, scale: Scale) -> Line:
    entry = content.metrics["candidates"][name]
    return Line(
        name=shown(name, 40),
        found=found,
        dot=dot(scale, found.value, found.low, found.high),
        difference=apart.value,
        difference_range=apart.interval,
        seconds=amount(entry["fit_seconds"] + entry["predict_seconds"], "s"),
        memory=amount((entry.get("peak_bytes") or 0) / 1e6, "MB") if entry.get("peak_bytes") else "",
        remark=_remark(content, name, entry),
        chosen=name == content.chosen,
    )


def _remark(content: Content, name: str, entry: Mapping[str, Any]) -> str:
    if name == content.chosen:
        return "chosen"
    if name == _BASELINE:
        return "each label's most frequent answer" if content.several_labels else "always the most frequent class"
    place = "best by this figure" if entry["difference_to_best"] is None else "tied with the best"
    tied_too = [place] if entry["tied_with_best"] else []
    unmet = ["cannot meet the decision asked for"] if entry["decision"].get("unmet") else []
    return "; ".join(tied_too + unmet)


def _note(scale: Scale, rate: bool) -> str:
    ends = [percent(end) if rate else f"{end:g}" for end in (scale.low, scale.high)]
    return "" if (scale.low, scale.high) == (0, 1) else f"The scale of the dots is zoomed: {ends[0]} to {ends[1]}."
