"""Errors in sentences and small tables, as a terminal shows them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.errors.errors import Errors
from tenfold.data.dataset import Dataset
from tenfold.decimals import RATE, FigureText, column_texts, percent
from tenfold.figures.comparison.similarity import similar_order
from tenfold.figures.curves.readings import READINGS, Confusion, most_confused, read_matrix
from tenfold.figures.intervals.closed import wilson
from tenfold.record.words.verdict import class_words
from tenfold.text import shown

__all__ = [
    "cell_sentence",
    "class_rows",
    "confusion_sentence",
    "error_sentences",
    "first_sentence",
    "instance_rows",
    "judged_words",
    "matrix_rows",
    "share_columns",
    "share_text",
    "sureness_words",
]

_NAMED = 5
_CELL_LETTERS, _ROW_LETTERS = 6, 20


def error_sentences(found: Errors, pairs: int = 5) -> list[str]:
    """Say what is wrong in a few sentences: how much, where most, which kinds."""
    wrong, n = found.wrong, len(found.y)
    share = share_text(wrong, n)
    head = (
        f"{shown(found.candidate, 40)} is wrong on {wrong:,} of {n:,} rows, {share.value} "
        f"({share.interval}), {judged_words(found)}."
    )
    head = head if found.threshold is None else f"At a threshold of {found.threshold:.6g}, {head}"
    if not wrong:
        return [head, *_flipped(found)]
    return [
        head,
        *_flipped(found),
        *_most_often(found),
        *_never(found),
        *(confusion_sentence(found, one) for one in most_confused(found.matrix, pairs)),
    ]


def _flipped(found: Errors) -> list[str]:
    """What another threshold would change; and that the rows which choose a threshold flatter it."""
    if found.flips is None:
        return []
    mended, broken = len(found.flips.mended), len(found.flips.broken)
    if not mended + broken:
        return ["No answer changes against the threshold in force."]
    return [
        f"Against the threshold in force {mended + broken:,} answers change: {mended:,} get right, {broken:,} wrong.",
        "A threshold read off these rows is flattered by them; tenfold decide takes a rule instead.",
    ]


def judged_words(found: Errors) -> str:
    """Say which rows were judged."""
    return "judged out of fold" if found.part == "out of fold" else "on the test part"


def _most_often(found: Errors) -> list[str]:
    """The class most often answered wrongly, and the one most often missed; of a detector both follow from the rest."""
    if len(found.task.classes) < 3:
        return []
    wrong = found.matrix - np.diag(np.diag(found.matrix))
    called = int(wrong.sum(axis=0).argmax())
    recalls = np.diag(found.matrix) / np.maximum(found.matrix.sum(axis=1), 1)
    missed = int(np.where(found.matrix.sum(axis=1) > 0, recalls, np.inf).argmin())
    names = [_class(found, code) for code in (called, missed)]
    count, rows = int(wrong[:, called].sum()), int(found.matrix[missed].sum())
    recall = share_text(int(found.matrix[missed, missed]), rows)
    falsely = f"{count:,} false {names[0]}{'' if count == 1 else 's'}" if names[0].isdigit() else f"{count:,} times"
    called_wrongly = f"{falsely}, {percent(count / wrong.sum())} of all errors."
    recognised = f"{recall.value} of its {rows:,} rows are recognised ({recall.interval})."
    return [
        f"{names[0]} is the class most often answered wrongly: {called_wrongly}",
        f"{names[1]} is missed most: {recognised}",
    ]


def _never(found: Errors) -> list[str]:
    """Which classes no row was called, and which no row is."""
    told = []
    for sums, words in (
        (found.matrix.sum(axis=0), "never answered"),
        (found.matrix.sum(axis=1), "not among these rows"),
    ):
        codes = np.flatnonzero(sums == 0)
        names = ", ".join(_class(found, int(code)) for code in codes[:_NAMED])
        more = f" and {len(codes) - _NAMED:,} more" if len(codes) > _NAMED else ""
        if len(codes):
            told.append(f"{names}{more} {'is' if len(codes) == 1 else 'are'} {words}.")
    return told


def confusion_sentence(found: Errors, one: Confusion) -> str:
    """Say one kind of error, such as ``36.0 % of the errors on 7 are called 9: 142 of 394 (31.4 to 40.9 %)``."""
    actual, called = _class(found, one.actual), _class(found, one.predicted)
    if len(found.task.classes) == 2:
        n = int(found.matrix[one.actual].sum())
        share = share_text(one.count, n)
        return (
            f"{share.value} of the {n:,} rows of {actual} are called {called}: {one.count:,} rows ({share.interval})."
        )
    share = share_text(one.count, one.errors)
    return (
        f"{share.value} of the errors on {actual} are called {called}: {one.count:,} of {one.errors:,} "
        f"({share.interval})."
    )


def _class(found: Errors, code: int) -> str:
    return class_words(found.run.record.metrics.target, found.task.classes[code], 30)


def matrix_rows(found: Errors, by: str, sort: str) -> tuple[str, list[tuple[str, ...]]]:
    """
    Lay out a reading of the matrix as text: what its numbers are, and its rows, the head first.

    Parameters
    ----------
    found : Errors
    by : str
        One of `READINGS`.
    sort : str
        "class" or "confusion".
    """
    order = similar_order(found.matrix) if sort == "confusion" else list(range(len(found.matrix)))
    values = read_matrix(found.matrix, by)[np.ix_(order, order)]
    names, heads = _row_and_column_names([found.task.classes[code] for code in order])
    sums = found.matrix[order].sum(axis=1)
    errors_only = by.startswith("errors")
    if errors_only:
        sums = sums - np.diag(found.matrix)[order]
    head = ("", *heads, "errors" if errors_only else "rows")
    rows = [
        (name, *(_cell(value, by) for value in line), f"{total:,}")
        for name, line, total in zip(names, values, sums, strict=True)
    ]
    return _reading_words(by), [head, *rows]


def _row_and_column_names(classes: list[str]) -> tuple[list[str], list[str]]:
    """Names before the rows and over the columns; where one is too long for a column, all get numbers instead."""
    if max(len(shown(name, _ROW_LETTERS)) for name in classes) <= _CELL_LETTERS:
        names = [shown(name) for name in classes]
        return names, names
    numbers = [str(place) for place in range(1, len(classes) + 1)]
    return [f"{number} {shown(name, _ROW_LETTERS)}" for number, name in zip(numbers, classes, strict=True)], numbers


def _reading_words(by: str) -> str:
    unit = "" if by == "counts" else "percent, "
    return f"Rows are actual, columns are called; {unit}{READINGS[by]}:"


def _cell(value: float, by: str) -> str:
    if np.isnan(value):
        return "\N{MIDDLE DOT}"
    if by == "counts":
        return f"{value:,.0f}"
    # Never rounded up to all or down to nothing.
    return "<1" if 0 < value < 0.005 else ">99" if 0.995 <= value < 1 else f"{100 * value:.0f}"


def class_rows(found: Errors) -> list[tuple[str, ...]]:
    """Give recall and precision of each class with intervals, as rows of text, the head first."""
    hits, actual, called = np.diag(found.matrix).tolist(), found.matrix.sum(axis=1), found.matrix.sum(axis=0)
    columns = zip(
        (shown(name, 24) for name in found.task.classes),
        (f"{rows:,}" for rows in actual),
        *share_columns(hits, actual.tolist(), "no rows"),
        *share_columns(hits, called.tolist(), "never called"),
        strict=True,
    )
    return [("class", "rows", "found", "95 % interval", "right when called", "95 % interval"), *columns]


def share_columns(parts: Sequence[int], wholes: Sequence[int], without: str) -> tuple[list[str], list[str]]:
    """
    Write shares of rows as two columns, the shares and Wilson's intervals.

    Parameters
    ----------
    parts, wholes : sequence of int
    without : str
        What stands where there is nothing to have a share of.

    Examples
    --------
    >>> share_columns([996, 3], [1000, 0], "no rows")
    (['99.6 %', 'no rows'], ['99.0 to 99.8', ''])
    """
    low, high = wilson(parts, wholes)
    values = (part / whole if whole else None for part, whole in zip(parts, wholes, strict=True))
    texts = column_texts(RATE, list(zip(values, low.tolist(), high.tolist(), strict=True)))
    return [text.value if whole else without for text, whole in zip(texts, wholes, strict=True)], [
        text.interval for text in texts
    ]


def share_text(part: int, whole: int) -> FigureText:
    """
    Write one share of rows with Wilson's interval.

    Examples
    --------
    >>> share_text(996, 1000)
    FigureText(value='99.6 %', interval='99.0 to 99.8')
    """
    (value,), (interval,) = share_columns([part], [whole], "undefined")
    return FigureText(value, interval)


def sureness_words(found: Errors) -> str:
    """Say what the column of sureness means; nothing where there is none."""
    if found.sureness is None:
        return f"{shown(found.candidate, 40)} gives no scores, so the order is that of the rows."
    if len(found.task.classes) == 2:
        return "Sureness: how far the score lies from the threshold."
    return "Sureness: how far the score of the class called lies ahead of the next best."


def cell_sentence(found: Errors, actual: str, called: str, count: int) -> str:
    """Say how many instances of a class were called another (or rightly), with their share of its rows."""
    noun = _noun(found, 1)
    names = [class_words(found.run.record.metrics.target, name, 30) for name in (actual, called)]
    n = int(found.matrix[found.code(actual)].sum())
    if not count:
        return f"No {noun} of {names[0]} was called {names[1]}."
    share = share_text(count, n)
    return (
        f"{count:,} of {n:,} {noun}s of {names[0]} are called {names[1]}: {share.value} "
        f"({share.interval}), {judged_words(found)} by {shown(found.candidate, 40)}."
    )


def first_sentence(found: Errors, kind: str, count: int) -> str:
    """Say what a list of instances is, and why it is worth a look."""
    name, noun = shown(found.candidate, 40), _noun(found, count)
    if kind == "everyone-wrong":
        return (
            f"{count:,} of the {len(found.everyone_wrong()):,} {_noun(found)} that every candidate but the baseline "
            "gets wrong: the hardest, or wrongly labelled."
        )
    if kind == "surest-wrong":
        return f"The {count:,} wrong answers of {name} that were surest: wrong labels are often among them."
    return f"The {count:,} {noun} that {name} gets right, least sure of it: the next errors."


def _noun(found: Errors, count: int = 2) -> str:
    one = "image" if found.run.record.manifest.data.kind == "image" else "row"
    return one if count == 1 else f"{one}s"


def instance_rows(
    found: Errors, positions: NDArray[np.int64], instances: Dataset | None, *, answers: bool = False
) -> list[tuple[str, ...]]:
    """
    Give instances as rows of text, the head first: row, id, fold, sureness; of a table what is unusual.

    Parameters
    ----------
    found : Errors
    positions : ndarray of int64
    instances : Dataset, optional
    answers : bool
        Also what each is and was called.
    """
    unusual = [""] * len(positions)
    if instances is not None and instances.kind == "table":
        unusual = found.unusual(positions, instances)
    head = "unlike its class in" if any(unusual) else ""
    called = ("actual", "called") if answers else ()
    sureness = "" if found.sureness is None else "sureness"
    rows: list[tuple[str, ...]] = [("row", "id", "fold", sureness, *called, head)]
    for position, told in zip(positions, unusual, strict=True):
        line = found.lines.iloc[position]
        sure = "" if found.sureness is None else f"{found.sureness[position]:.3g}"
        fold = "" if found.part == "test" else str(line["fold"])
        given = (shown(line["true"], 20), shown(line["predicted"], 20)) if answers else ()
        rows.append((f"{line['row']:,}", str(line["id"])[:12], fold, sure, *given, told))
    return rows
