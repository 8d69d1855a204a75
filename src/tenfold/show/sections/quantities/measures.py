"""Values of the target, errors and ends of intervals as text: numbers of any size, three figures, one rule a column."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from tenfold.data.pictures.tone import Tone
from tenfold.decimals import QUANTITY, FigureText, Unit, column_texts
from tenfold.figures import Estimate
from tenfold.show.content import Content
from tenfold.show.drawing.pictures import Shots
from tenfold.show.words import MINUS, quoted, signed_texts

__all__ = [
    "SIGNED",
    "cell_value",
    "errors_command",
    "first_target",
    "measured",
    "plain_rows",
    "row_pictures",
    "size_texts",
    "target_name",
]

SIGNED = Unit(figures=3, signed=True, of="bias")
"""Errors with their sign: predicted less true."""
_FIGURES = 6


def measured(value: float) -> str:
    """
    Write a value of the target that stands in a sentence.

    Examples
    --------
    >>> measured(19684.2), measured(-0.01234), measured(3e-9), measured(0.0)
    ('19,700', '−0.0123', '3e-9', '0')
    """
    if value == 0:
        return "0"
    text = column_texts(QUANTITY, [(value, None, None)])[0].value
    return text.replace("e-0", "e-").replace("-", MINUS, 1) if value < 0 else text.replace("e-0", "e-")


def cell_value(value: float) -> str:
    """
    Write one value of a row, as exact as six figures are.

    Examples
    --------
    >>> cell_value(500001.0), cell_value(-122.23), cell_value(3e-9), cell_value(4.0)
    ('500,001', '−122.23', '3e-9', '4')
    """
    if not math.isfinite(value) or value == 0:
        return "0" if value == 0 else str(value)
    places = math.floor(math.log10(abs(value)))
    if not -5 < places < 12:
        text = f"{value:.4g}".replace("e-0", "e-").replace("e+", "e")
    else:
        decimals = max(0, _FIGURES - 1 - places)
        text = f"{value:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if decimals else text
    return text.replace("-", MINUS, 1) if value < 0 else text


def size_texts(values: Iterable[float | None]) -> list[str]:
    """
    Write sizes that stand in a column.

    Examples
    --------
    >>> size_texts([46512.0, None, 815.2])
    ['46,512', '', '815']
    """
    rows = list(values)
    texts = column_texts(QUANTITY, [(value, None, None) for value in rows])
    return ["" if value is None else text.value for value, text in zip(rows, texts, strict=True)]


def plain_rows(unit: Unit, estimates: Iterable[Estimate]) -> list[FigureText]:
    """Write estimates that stand in a column, with their intervals; those with a sign as differences are written."""
    rows = [(one.value, one.low, one.high) for one in estimates]
    return signed_texts(unit, rows) if unit.signed else column_texts(unit, rows)


def target_name(content: Content) -> str:
    """Return the target that the sections on single rows are about, in quotes."""
    return quoted(content.target)


def errors_command(content: Content) -> str:
    """Return the command that lists the errors of the target in question."""
    return content.command("errors", *(() if content.target_place == 0 else ("--label", content.target)))


def row_pictures(content: Content, pictures: NDArray[np.uint8], rows: NDArray[np.int64]) -> Shots:
    """Draw some images, each with its true value under it."""
    column, numbers = content.quantity, content.rows_in_source
    true = [cell_value(float(column.y[row])) for row in rows.tolist()]
    predicted = [cell_value(float(f"{column.predicted[row]:.4g}")) for row in rows.tolist()]
    words = [
        f"row {numbers[row]:,}: true {is_so}, predicted {called}"
        for row, is_so, called in zip(rows.tolist(), true, predicted, strict=True)
    ]
    captions = list(zip(true, words, strict=True))
    return Shots.of(pictures[rows], Tone.of(pictures), captions)


def first_target(content: Content) -> str:
    """Say which target a section is about, where there are several; empty where there is one."""
    if len(content.classes) == 1:
        return ""
    which = "the first, " if content.target_place == 0 else ""
    return f" Of {len(content.classes)} targets this is about {which}{target_name(content)}."
