"""The candidates of a denoising run: which is best, and whether that is more than chance."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.decimals import FigureText, change_unit
from tenfold.record.words.caveats import caveats
from tenfold.record.words.choice import choice_words
from tenfold.show.denoise_content import DenoiseContent
from tenfold.show.drawing.svg import Dot, Scale, Tick, dot, ticks, zoomed
from tenfold.show.words import Number, amount, changes, numbers
from tenfold.tasks.images.catalogue import CATALOGUE
from tenfold.text import shown

__all__ = ["Board", "Failure", "Line", "board_view"]

_BASELINE = "baseline"
_COLUMNS = ("mae", "psnr", "ssim", "pixels_right")
_MOST = 1e6


@dataclass(frozen=True)
class Line:
    """One candidate; `found` holds error, PSNR, SSIM and pixels right."""

    name: str
    summary: str
    found: tuple[Number, ...]
    dot: Dot | None
    difference: str
    difference_range: str
    seconds: str
    remark: str
    chosen: bool


@dataclass(frozen=True)
class Failure:
    """A candidate that did not finish, and why."""

    name: str
    reason: str


@dataclass(frozen=True)
class Board:
    """The candidates, the least error first; `note` says what scale the dots stand on."""

    title: str
    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]
    failures: tuple[Failure, ...]
    within: str
    note: str
    command: str


def board_view(content: DenoiseContent) -> Board:
    """Lay out the candidates on one scale of the error."""
    entries = content.metrics["candidates"]
    columns = [numbers((key, entry["out_of_fold"][key]) for entry in entries.values()) for key in _COLUMNS]
    found, errors = list(zip(*columns, strict=True)), columns[0]
    apart = changes(change_unit("mae"), [entry["difference_to_best"] for entry in entries.values()])
    scale = zoomed([end for one in errors for end in (one.value, one.high, 0.0) if end is not None], ceiling=_MOST)
    tolerance = content.metrics["tolerance"]
    return Board(
        title=_title(content),
        lines=tuple(_line(content, *one, scale) for one in zip(entries, found, apart, strict=True)),
        ticks=ticks(scale),
        failures=tuple(Failure(shown(name, 40), shown(why, 400)) for name, why in content.metrics["failed"].items()),
        within=f"within {tolerance} grey level{'' if tolerance == 1 else 's'}" if tolerance else "exactly",
        note=_note(content),
        command=f"tenfold denoise {shlex.quote(content.run)}/config.toml",
    )


def _note(content: DenoiseContent) -> str:
    why = choice_words(content.metrics)
    chosen = f" Chosen is {shown(content.chosen, 40)}: {why}." if why else ""
    return f"The window of structural similarity is {content.metrics['ssim_window']} pixels wide.{chosen}"


def _title(content: DenoiseContent) -> str:
    entries = content.metrics["candidates"]
    real = [name for name in entries if name != _BASELINE]
    tied = [name for name in entries if entries[name]["tied_with_best"]]
    best = shown(next(iter(entries)), 40)
    for caveat in caveats(content.metrics):
        if caveat.kind == "baseline":
            return caveat.sentence.rstrip(".")
    if len(tied) > 1:
        return f"{len(tied)} candidates cannot be told apart at the top"
    return f"{best} leaves the least error" if len(real) > 1 else f"{best} against doing nothing"


def _line(content: DenoiseContent, name: str, found: tuple[Number, ...], apart: FigureText, scale: Scale) -> Line:
    entry = content.metrics["candidates"][name]
    return Line(
        name=shown(name, 40),
        summary=CATALOGUE[name].summary if name in CATALOGUE else "",
        found=found,
        dot=dot(scale, found[0].value, found[0].low, found[0].high),
        difference=apart.value,
        difference_range=apart.interval,
        seconds=amount(entry["fit_seconds"] + entry["predict_seconds"], "s"),
        remark=_remark(content, name, entry),
        chosen=name == content.chosen,
    )


def _remark(content: DenoiseContent, name: str, entry: Mapping[str, Any]) -> str:
    if name == content.chosen:
        return "chosen"
    return "tied with the best" if entry["tied_with_best"] else ""
