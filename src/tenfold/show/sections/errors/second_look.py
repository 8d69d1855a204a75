"""Single rows that deserve a second look: what nobody gets right, doubtful labels, near twins of different classes."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from tenfold.analysis.columns import differing_columns
from tenfold.analysis.weak_spots import PredictedInstances, WeakSpots
from tenfold.ask.errors.errors import value_words
from tenfold.data.pictures.tone import Tone
from tenfold.show.content import Content
from tenfold.show.thumbnails import Shots
from tenfold.text import shown

__all__ = ["Gallery", "second_looks"]

_SHOTS = 24
_ROWS = 8
_UNLIKE = 1.0

Row = tuple[int, str, str]
"""Position, few words that stand under it, more words."""


@dataclass(frozen=True)
class Gallery:
    """Some instances under a heading: pictures, or rows of a table; neither where there are none. All are `listed`."""

    title: str
    caption: str
    shots: Shots | None = None
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    more: str = ""
    paired: bool = False
    listed: tuple[tuple[str, ...], ...] = ()


def second_looks(content: Content, judged: PredictedInstances, found: WeakSpots) -> tuple[Gallery, ...]:
    """Give the galleries of a run, those without instances too, which say so."""
    galleries = (_hard(content, judged, found), _suspects(content, judged, found), _twins(content, judged, found))
    return tuple(one for one in galleries if one is not None)


def _hard(content: Content, judged: PredictedInstances, found: WeakSpots) -> Gallery | None:
    if found.candidates < 2:
        return None
    count = len(found.hard)
    if not count:
        title = f"Every {content.noun(1)} is called rightly by some candidate"
        return Gallery(title, f"None is called wrongly by each of the {found.candidates} candidates.")
    rows = [_called(content, judged, row, judged.predicted[row]) for row in found.hard[:_SHOTS].tolist()]
    all_of_them = "Both" if found.candidates == 2 else f"All {found.candidates}"
    return _gallery(
        content,
        judged,
        f"{count:,} {content.noun(count)} that every candidate gets wrong",
        f"{all_of_them} candidates call them wrongly (label → what {shown(content.chosen, 40)} calls it, the "
        "surest first): the hardest ones, or wrongly labelled.",
        rows,
        count,
    )


def _suspects(content: Content, judged: PredictedInstances, found: WeakSpots) -> Gallery | None:
    if judged.scores is None:
        return None
    count = len(found.suspects)
    if not count:
        return Gallery("No label looks wrong", "Nowhere is the model, not having seen the row, sure of another class.")
    rows = [
        _called(content, judged, one.position, one.suggested, f"{one.of_suggested:.2f}" if found.probable else "")
        for one in found.suspects[:_SHOTS]
    ]
    if not found.probable:
        told = (
            "Label → suggestion, the furthest apart first. The scores are no probabilities: they put the rows in order "
            "but cannot say how many labels are wrong. Look before you change anything."
        )
        return _gallery(content, judged, "The labels most at odds with the scores", told, rows, len(rows))
    told = (
        "A model that had not seen them is sure of another class (label → suggestion, with its probability). Confident "
        "learning on out-of-fold probabilities (Northcutt et al., 2021); look before you change anything."
    )
    heading = f"{count:,} label{'' if count == 1 else 's'} worth a second look"
    return _gallery(content, judged, heading, told, rows, count)


def _twins(content: Content, judged: PredictedInstances, found: WeakSpots) -> Gallery:
    among = f"the {found.compared:,} {content.noun()}"
    if found.across_folds:
        among += ", each compared with those outside its fold"
    elif found.compared < len(judged.y):
        among = f"{found.compared:,} of {len(judged.y):,} {content.noun()}, drawn at random and compared each with each"
    if not found.near_duplicates:
        told = f"Among {among}, no two of different classes are so near."
        return Gallery("No two classes come close to the same", f"{told} {_measure(content, judged, found)}")
    rows = []
    for number, one in enumerate(found.near_duplicates[: _SHOTS // 2], 1):
        for position in (one.first, one.second):
            name = content.spoken(content.classes[judged.y[position]])
            apart = f", {one.distance:,.3g} apart" if found.close else ""
            words = f"pair {number}{apart}" if isinstance(judged.X, pd.DataFrame) else ""
            short = f"{content.short(int(judged.y[position]))} {f'({words})' if words else ''}".strip()
            rows.append((position, short, f"{name}, {one.distance:,.3g} from its twin"))
    count = len(found.near_duplicates)
    return _gallery(
        content,
        judged,
        f"{count:,} pair{'' if count == 1 else 's'} of different classes that are almost the same",
        f"Among {among}. {_measure(content, judged, found)} A label is wrong, or data cannot tell the classes apart.",
        rows,
        2 * count,
        paired=True,
    )


def _measure(content: Content, judged: PredictedInstances, found: WeakSpots) -> str:
    space = "scaled columns" if isinstance(judged.X, pd.DataFrame) else "pixels"
    same, apart = f"They are the same in all {space}.", f"by Euclidean distance of {space}"
    if found.across_folds and content.neighbours is not None:
        finder = shown(content.neighbours.candidate, 40)
        same, apart = f"To {finder} they are the same.", f"by Euclidean distance as {finder} prepares rows"
    if not found.close:
        return same
    return (
        f"Almost the same: no further apart, {apart}, than one row in ten is from the nearest of its own class "
        f"({found.close:,.3g})."
    )


def _called(content: Content, judged: PredictedInstances, row: int, called: int, more: str = "") -> Row:
    short = f"{shown(judged.labels[row], 10)} → {content.short(called)} {more}".strip()
    names = [content.spoken(content.classes[code]) for code in (judged.y[row], called)]
    where = f"row {content.rows_in_source[row]:,} of the source"
    return row, short, f"{names[0]} called {names[1]}, {where}"


def _gallery(
    content: Content,
    judged: PredictedInstances,
    title: str,
    caption: str,
    rows: list[Row],
    count: int,
    *,
    paired: bool = False,
) -> Gallery:
    X = judged.X
    if isinstance(X, pd.DataFrame):
        head, listed = _table(content, judged, X, rows)
        kept = listed[:_ROWS]
        return Gallery(title, caption, None, head, kept, _more(count, len(kept), paired), paired, listed)
    shots = Shots.of(X[[row for row, _, _ in rows]], Tone.of(X), [(short, told) for _, short, told in rows])
    listed = tuple((f"{content.rows_in_source[row]:,}", short) for row, short, _ in rows)
    return Gallery(
        title, caption, shots, ("row", "class"), (), _more(count, len(rows), paired), paired, listed
    )  # fmt: skip


def _more(count: int, kept: int, paired: bool) -> str:
    left = (count - kept) // 2 if paired else count - kept
    return f"{left:,} more {'pairs ' if paired else ''}are not shown." if left > 0 else ""


def _table(
    content: Content, judged: PredictedInstances, X: pd.DataFrame, rows: list[Row]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Rows of a table: where they stand, what they are called, and in what they are unlike their class."""
    lines = []
    for row, short, _ in rows:
        scores = differing_columns(X[judged.y == judged.y[row]], X.iloc[[row]]).iloc[0]
        first = scores[scores >= _UNLIKE].sort_values(ascending=False, kind="stable").index[:3]
        unlike = ", ".join(f"{shown(name, 24)} {value_words(X[name].iloc[row])}" for name in first)
        lines.append((f"{content.rows_in_source[row]:,}", short, unlike or "nothing unusual"))
    return ("row", "class", "unlike its class in"), tuple(lines)
