"""Where is it weak? Slices with many errors, rows that everyone gets wrong, labels and pairs worth a second look."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.differing import differing_columns
from tenfold.analysis.label_errors import suspect_labels
from tenfold.analysis.slices import clusters_of, slices_of, worst_slices
from tenfold.analysis.twins import nearest_of_other_class
from tenfold.analysis.values import values_of
from tenfold.pictures.tone import Tone
from tenfold.report.content import Answers, Content
from tenfold.report.svg import Dot, Tick, dot, percent_ticks, zoomed
from tenfold.report.thumbnails import Shots
from tenfold.runs.erring import value_words
from tenfold.runs.verdict import percent
from tenfold.text import shown

__all__ = ["Gallery", "SliceLine", "WeakView", "weak_view"]

_SHOTS = 24
_ROWS = 8
_IN_A_SLICE = 6
_LOOKED_AT = 5_000


@dataclass(frozen=True)
class SliceLine:
    """One slice: what its rows have in common, how often they are called wrongly, some of them."""

    name: str
    rate: str
    interval: str
    count: str
    place: Dot | None
    shots: Shots | None


@dataclass(frozen=True)
class Gallery:
    """Some instances under a heading, in pairs perhaps: pictures, or rows of a table."""

    title: str
    caption: str
    shots: Shots | None
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: str
    pairs: bool = False


@dataclass(frozen=True)
class WeakView:
    """Everything of this view."""

    title: str
    slices_caption: str
    slices: tuple[SliceLine, ...]
    ticks: tuple[Tick, ...]
    galleries: tuple[Gallery, ...]


def weak_view(content: Content) -> WeakView | None:
    """Look for what goes wrong together; None without the training rows."""
    if content.instances is None:
        return None
    said = content.answers(content.chosen)
    caption, lines, ticks = _slices(content, said)
    galleries = (_everyone_wrong(content, said), _suspects(content, said), _twins(content, said))
    return WeakView(
        title="Where is it weak?",
        slices_caption=caption,
        slices=lines,
        ticks=ticks,
        galleries=tuple(one for one in galleries if one is not None),
    )


def _slices(content: Content, said: Answers) -> tuple[str, tuple[SliceLine, ...], tuple[Tick, ...]]:
    X, wrong = _instances(content), said.y != said.predicted
    table = isinstance(X, pd.DataFrame)
    cut = list(slices_of(X)) if isinstance(X, pd.DataFrame) else clusters_of(X)
    found, looked_at = worst_slices(cut, wrong)
    what = "values of one column" if table else "clusters of images that look alike"
    if not found:
        return (
            f"None of {looked_at} slices ({what}) has more errors than the others beyond chance.", (), (),
        )  # fmt: skip
    scale = zoomed([one.low for one in found] + [one.high for one in found] + [float(wrong.mean())])
    lines = tuple(
        SliceLine(
            name=one.name,
            rate=percent(one.rate),
            interval=f"{100 * one.low:.1f} to {100 * one.high:.1f}",
            count=f"{one.errors:,} of {len(one.rows):,}",
            place=dot(scale, one.rate, one.low, one.high),
            shots=None if isinstance(X, pd.DataFrame) else _some(X, one.rows[wrong[one.rows]][:_IN_A_SLICE]),
        )
        for one in found
    )
    told = (
        f"Share called wrongly, where it is above that of the other rows beyond chance "
        f"({percent(float(wrong.mean()))} over all): {len(found)} of {looked_at} slices ({what}), each with its 95 % "
        "interval; the test is adjusted for having looked at all of them."
    )
    return told, lines, percent_ticks(scale)


def _some(X: NDArray[np.uint8], rows: NDArray[np.int64]) -> Shots:
    return Shots.of(X[rows], Tone.of(X), [("", "")] * len(rows))


def _everyone_wrong(content: Content, said: Answers) -> Gallery | None:
    names = [name for name in content.metrics["candidates"] if name != "baseline"]
    if len(names) < 2:
        return None
    wrong = np.logical_and.reduce([(one := content.answers(name)).y != one.predicted for name in names])
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return None
    captions = [_called(content, said.y[row], said.predicted[row]) for row in rows[:_SHOTS]]
    return _gallery(
        content,
        f"{len(rows):,} that every candidate gets wrong",
        f"Called wrongly by all {len(names)} candidates ({', '.join(shown(name, 30) for name in names)}): the hardest "
        "ones, or the wrongly labelled.",
        rows,
        captions,
    )


def _suspects(content: Content, said: Answers) -> Gallery | None:
    if said.scores is None or not content.candidate["probabilities"]:
        return None
    found = suspect_labels(said.y, said.scores)
    if not found:
        return None
    captions = [_called(content, one.given, one.suggested, f"{one.of_suggested:.2f}") for one in found[:_SHOTS]]
    return _gallery(
        content,
        f"{len(found):,} labels worth a second look",
        "The model, which had not seen them, is sure of another class (label → suggestion, with its probability). "
        "Confident learning on out-of-fold probabilities; look before you change anything.",
        np.array([one.position for one in found]),
        captions,
    )


def _twins(content: Content, said: Answers) -> Gallery | None:
    X = _instances(content)
    values = values_of(X)
    found = nearest_of_other_class(values, said.y, most=_LOOKED_AT)
    if not found:
        return None
    rows = np.array([position for one in found for position in (one.first, one.second)])
    captions = []
    for number, one in enumerate(found, 1):
        pair = f" (pair {number})" if isinstance(X, pd.DataFrame) else ""
        near = f"distance {one.distance:,.3g}; rows of one class are typically {one.typical:,.3g} apart"
        captions += [(f"{content.short(said.y[position])}{pair}", near) for position in (one.first, one.second)]
    return replace(
        _gallery(
            content,
            f"{len(found):,} pairs of different classes that are almost the same",
            "Nearer to each other than rows of one class usually are to their nearest. Either a label is wrong, or "
            "these classes cannot be told apart by what is recorded."
            + (f" Looked for among {_LOOKED_AT:,} rows drawn at random." if len(values) > _LOOKED_AT else ""),
            rows,
            captions,
        ),
        pairs=True,
    )


def _called(content: Content, actual: int, called: int, more: str = "") -> tuple[str, str]:
    short = f"{content.short(actual)} → {content.short(called)} {more}".strip()
    names = [content.spoken(content.classes[code]) for code in (actual, called)]
    return short, f"{names[0]} called {names[1]}"


def _gallery(
    content: Content,
    title: str,
    caption: str,
    rows: NDArray[np.int64],
    captions: list[tuple[str, str]],
) -> Gallery:
    X = _instances(content)
    if isinstance(X, pd.DataFrame):
        kept = rows[:_ROWS]
        head, lines = _table(content, X, kept, captions)
        return Gallery(title, caption, None, head, lines, _more(len(rows), len(kept)))
    kept = rows[: len(captions)]
    return Gallery(title, caption, Shots.of(X[kept], Tone.of(X), captions), (), (), _more(len(rows), len(kept)))


def _more(count: int, kept: int) -> str:
    return f"{count - kept:,} more are not shown." if count > kept else ""


def _table(
    content: Content, X: pd.DataFrame, rows: NDArray[np.int64], captions: list[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Rows of a table: where they stand, what they are called, and in what they are unlike their class."""
    y = content.answers(content.chosen).y
    used = X.drop(columns=content.manifest["columns_unused"], errors="ignore")
    lines = []
    for row, (caption, _) in zip(rows.tolist(), captions, strict=False):
        scores = differing_columns(used[y == y[row]], used.iloc[[row]]).iloc[0]
        first = scores[scores >= 1].sort_values(ascending=False, kind="stable").index[:3]
        unlike = ", ".join(f"{shown(name, 24)} {value_words(used[name].iloc[row])}" for name in first)
        lines.append((f"{content.rows_in_source[row]:,}", caption, unlike or "nothing unusual"))
    return ("row", "class", "unlike its class in"), tuple(lines)


def _instances(content: Content) -> NDArray[np.uint8] | pd.DataFrame:
    if content.instances is None:
        raise ValueError("there are no instances")
    return content.instances.X
