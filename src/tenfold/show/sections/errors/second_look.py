"""Single rows that deserve a second look: what nobody gets right, doubtful labels, near twins of different classes."""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.columns import differing_columns
from tenfold.analysis.weak_spots import PredictedInstances, WeakSpots
from tenfold.ask.errors.errors import value_words
from tenfold.ask.words.messages import message_from
from tenfold.data.pictures.tone import Tone
from tenfold.show.components import Card, Gallery
from tenfold.show.content import Content
from tenfold.show.drawing.pictures import Shots
from tenfold.show.message_evidence import evidence_at
from tenfold.show.sections.errors.messages import LETTERS, card_of
from tenfold.text import shown

__all__ = ["second_looks"]

_SHOTS = 24
_ROWS = 8
_UNLIKE = 1.0

Row = tuple[int, str, str]
"""Position, few words that stand under it, more words."""


def second_looks(content: Content, predictions: PredictedInstances, spots: WeakSpots) -> tuple[Gallery, ...]:
    """Return the galleries of a run, those without instances too, which say so."""
    galleries = (part(content, predictions, spots) for part in (_hard, _suspects, _twins))
    return tuple(one for one in galleries if one is not None)


def _hard(content: Content, predictions: PredictedInstances, spots: WeakSpots) -> Gallery | None:
    if spots.candidates < 2:
        return None
    count = len(spots.hard)
    if not count:
        title = f"Every {content.noun(1)} is called rightly by some candidate"
        return Gallery(title, f"None is called wrongly by each of the {spots.candidates} candidates.")
    rows = [_called(content, predictions, row, predictions.predicted[row]) for row in spots.hard[:_SHOTS].tolist()]
    all_of_them = "Both" if spots.candidates == 2 else f"All {spots.candidates}"
    return _gallery(
        content,
        predictions,
        f"{count:,} {content.noun(count)} that every candidate gets wrong",
        f"{all_of_them} candidates call them wrongly (label → what {shown(content.chosen, 40)} calls it, the "
        "surest first): the hardest ones, or wrongly labelled.",
        rows,
        count,
    )


def _suspects(content: Content, predictions: PredictedInstances, spots: WeakSpots) -> Gallery | None:
    if predictions.scores is None:
        return None
    count = len(spots.suspects)
    if not count:
        return Gallery("No label looks wrong", "Nowhere is the model, not having seen the row, sure of another class.")
    rows = [
        _called(content, predictions, one.position, one.suggested, f"{one.of_suggested:.2f}" if spots.probable else "")
        for one in spots.suspects[:_SHOTS]
    ]
    if not spots.probable:
        caption = (
            "Label → suggestion, the furthest apart first. The scores are no probabilities: they put the rows in order "
            "but cannot say how many labels are wrong. Look before you change anything."
        )
        return _gallery(content, predictions, "The labels most at odds with the scores", caption, rows, len(rows))
    caption = (
        "A model that had not seen them is sure of another class (label → suggestion, with its probability). Confident "
        "learning on out-of-fold probabilities (Northcutt et al., 2021); look before you change anything."
    )
    heading = f"{count:,} label{'' if count == 1 else 's'} worth a second look"
    return _gallery(content, predictions, heading, caption, rows, count)


def _twins(content: Content, predictions: PredictedInstances, spots: WeakSpots) -> Gallery:
    among = f"the {spots.compared:,} {content.noun()}"
    if spots.across_folds:
        among += ", each compared with those outside its fold"
    elif spots.compared < len(predictions.y):
        rows_of_all = f"{spots.compared:,} of {len(predictions.y):,} {content.noun()}"
        among = f"{rows_of_all}, drawn at random and compared each with each"
    if not spots.near_duplicates:
        none = f"Among {among}, no two of different classes are so near."
        return Gallery("No two classes come close to the same", f"{none} {_measure(content, predictions, spots)}")
    rows = []
    for number, one in enumerate(spots.near_duplicates[: _SHOTS // 2], 1):
        for position in (one.first, one.second):
            name = content.spoken(content.classes[predictions.y[position]])
            apart = f", {one.distance:,.3g} apart" if spots.close else ""
            words = f"pair {number}{apart}" if predictions.data.pictures(slice(1)) is None else ""
            short = f"{content.short(int(predictions.y[position]))} {f'({words})' if words else ''}".strip()
            rows.append((position, short, f"{name}, {one.distance:,.3g} from its twin"))
    count = len(spots.near_duplicates)
    return _gallery(
        content,
        predictions,
        f"{count:,} pair{'' if count == 1 else 's'} of different classes that are almost the same",
        f"Among {among}. {_measure(content, predictions, spots)} A label is wrong, or data cannot tell the classes "
        "apart.",
        rows,
        2 * count,
        paired=True,
    )


def _measure(content: Content, predictions: PredictedInstances, spots: WeakSpots) -> str:
    space = predictions.data.traits.measure
    same, apart = f"They are the same in all {space}.", f"by Euclidean distance of {space}"
    if spots.across_folds and content.neighbours is not None:
        finder = shown(content.neighbours.candidate, 40)
        same, apart = f"To {finder} they are the same.", f"by Euclidean distance as {finder} prepares rows"
    if not spots.close:
        return same
    return (
        f"Almost the same: no further apart, {apart}, than one row in ten is from the nearest of its own class "
        f"({spots.close:,.3g})."
    )


def _called(content: Content, predictions: PredictedInstances, row: int, called: int, more: str = "") -> Row:
    short = f"{shown(predictions.labels[row], 10)} → {content.short(called)} {more}".strip()
    names = [content.spoken(content.classes[code]) for code in (predictions.y[row], called)]
    where = f"row {content.rows_in_source[row]:,} of the source"
    return row, short, f"{names[0]} called {names[1]}, {where}"


def _gallery(
    content: Content,
    predictions: PredictedInstances,
    title: str,
    caption: str,
    rows: list[Row],
    count: int,
    *,
    paired: bool = False,
) -> Gallery:
    pictures = predictions.data.pictures()
    if pictures is None:
        head, listed = _listed(content, predictions, rows)
        first = listed[:_ROWS]
        cards, about_cards = _messages(content, predictions, rows[:_ROWS], title)
        more = _more(count, len(first), paired)
        return Gallery(
            title, caption, None, head, first, more, paired, listed, cards=cards, about_cards=about_cards
        )  # fmt: skip
    captions = [(short, words) for _, short, words in rows]
    shots = Shots.of(pictures[[row for row, _, _ in rows]], Tone.of(pictures), captions)
    listed = tuple((f"{content.rows_in_source[row]:,}", short) for row, short, _ in rows)
    return Gallery(
        title, caption, shots, ("row", "class"), (), _more(count, len(rows), paired), paired, listed
    )  # fmt: skip


def _messages(
    content: Content, predictions: PredictedInstances, rows: list[Row], title: str
) -> tuple[tuple[Card, ...], str]:
    """Texts as messages with their words weighed, and by which model; none where they cannot be."""
    data = content.instances
    if data is None or not content.has_texts or content.word_model is None:
        return (), ""
    evidence, basis = evidence_at(content, data, np.array([row for row, _, _ in rows], np.int64))
    if not all(row in evidence for row, _, _ in rows):
        return (), ""
    columns, gallery = data.traits.text_columns, crc32(title.encode())
    cards: list[Card] = []
    for row, short, words in rows:
        wrong = bool(predictions.y[row] != predictions.predicted[row])
        message = message_from(evidence[row], row, columns, LETTERS)
        name = f"look-{gallery:x}-{len(cards)}"
        cards.append(card_of(content, message, name, words or short, wrong=wrong))
    return tuple(cards), basis


def _more(count: int, visible: int, paired: bool) -> str:
    left = (count - visible) // 2 if paired else count - visible
    return f"{left:,} more {'pairs ' if paired else ''}are not shown." if left > 0 else ""


def _listed(
    content: Content, predictions: PredictedInstances, rows: list[Row]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Head and rows of a table: where they stand, what they are called, and what they are or are unlike."""
    table, data = predictions.data.table, predictions.data
    as_text = table is None or bool(data.traits.text_columns)
    lines = []
    for row, short, _ in rows:
        words = data.traits.text(data.X, row) if as_text else _unlike(predictions.y, table, row)
        lines.append((f"{content.rows_in_source[row]:,}", short, words))
    return ("row", "class", content.noun(1) if as_text else "unlike its class in"), tuple(lines)


def _unlike(y: NDArray[np.int64], table: Any, row: int) -> str:
    """In what a row is unlike its class."""
    scores = differing_columns(table[y == y[row]], table.iloc[[row]]).iloc[0]
    first = scores[scores >= _UNLIKE].sort_values(ascending=False, kind="stable").index[:3]
    unlike = ", ".join(f"{shown(name, 24)} {value_words(table[name].iloc[row])}" for name in first)
    return unlike or "nothing unusual"
