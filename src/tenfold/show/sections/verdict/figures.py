"""Every figure of the run in one place: its value, its interval and how that was computed, its folds, its n."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tenfold.decimals import column_texts, unit_of
from tenfold.figures import Estimate
from tenfold.record.entries.metrics import Figures
from tenfold.record.words.verdict import metric_words_of
from tenfold.show.components import (
    NUMBER,
    QUIET,
    QUIET_NUMBER,
    Cell,
    Column,
    Name,
    PlainTable,
    Row,
    Table,
    figure_cells,
)
from tenfold.show.content import BASELINE, Content
from tenfold.show.words import Number, numbers
from tenfold.text import shown

__all__ = ["AllFigures", "FigureTable", "FigureWords", "figures_view"]


@dataclass(frozen=True)
class FigureTable:
    """The figures of one candidate at one decision."""

    title: str
    table: Table


@dataclass(frozen=True)
class AllFigures:
    """The figures of all candidates, those of the chosen one first."""

    caption: str
    tables: tuple[FigureTable, ...]

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the figures of the chosen candidate as a table of text, without folds."""
        first = self.tables[0]
        rows = tuple(_plain_row(row) for row in first.table.rows)
        head = ("figure", "out of fold", "95 % interval", "rows", "test", "95 % interval")
        return (PlainTable(f"All figures: {first.title}", "", head, rows),)


@dataclass(frozen=True)
class FigureWords:
    """
    How a task lists its figures.

    Parameters
    ----------
    caption : callable
        What the figures are, and what their n is.
    in_force, own : str
        Behind the name of a candidate: its figures at the decision in force, and at its own.
    by_class_limit : int
        Of other candidates: more figures of single classes than this are left out.
    baseline_on_test : bool
        Whether the figures of the baseline on the test part stand beside its others.
    """

    caption: Callable[[Content], str]
    in_force: str = ""
    own: str = ""
    by_class_limit: int = 40
    baseline_on_test: bool = False


def figures_view(content: Content, words: FigureWords) -> AllFigures:
    """Lay out all figures: the chosen candidate at its decision, then at its own, then the other candidates."""
    return AllFigures(words.caption(content), tuple(_tables(content, words)))


def _tables(content: Content, words: FigureWords) -> Iterator[FigureTable]:
    chosen = shown(content.chosen, 40)
    yield _figure_table(content, f"{chosen}{words.in_force}", content.figures, content.test)
    if content.decides_otherwise:
        yield _figure_table(content, f"{chosen}{words.own}", content.candidate.out_of_fold, None)
    for name, entry in content.candidates.items():
        if name != content.chosen:
            test = content.test_baseline if words.baseline_on_test and name == BASELINE else None
            figures = _short(entry.out_of_fold, words.by_class_limit)
            yield _figure_table(content, f"{shown(name, 40)}{words.own}", figures, test)


def _short(figures: Figures, limit: int) -> Figures:
    """All figures, without those of single classes where there are many."""
    by_class = sum(":" in key for key in figures)
    return {key: one for key, one in figures.items() if by_class <= limit or ":" not in key}


def _figure_table(content: Content, title: str, figures: Figures, test: Figures | None) -> FigureTable:
    """Lay out the figures of one candidate, beside those of the test part where there are."""
    tested = {} if test is None else {key: test[key] for key in figures if key in test}
    values = numbers([*figures.items(), *tested.items()])
    on_test = dict(zip(tested, values[len(figures) :], strict=True))
    columns = (
        Column("figure"),
        Column("out of fold", NUMBER),
        Column("95 % interval", QUIET),
        Column("computed as", f"{QUIET} how"),
        Column("n", QUIET_NUMBER),
        Column("on each fold", QUIET),
        *(() if test is None else (Column("test", NUMBER), Column("95 % interval", QUIET), Column("n", QUIET_NUMBER))),
    )
    rows = tuple(
        Row(
            Name(metric_words_of(content.task, key)),
            (*_cells(one, _folds(key, figures[key])), *(() if test is None else _test_cells(on_test.get(key)))),
        )
        for key, one in zip(figures, values, strict=False)
    )
    return FigureTable(title, Table(columns, rows, "all"))


def _cells(one: Number, folds: str) -> tuple[Cell, ...]:
    return Cell(one.text, True), Cell(one.range), Cell(one.reason or one.how), Cell(f"{one.n:,}"), Cell(folds)


def _test_cells(one: Number | None) -> tuple[Cell, ...]:
    return (Cell(), Cell(), Cell()) if one is None else (*figure_cells(one), Cell(f"{one.n:,}"))


def _folds(key: str, estimate: Estimate) -> str:
    values = estimate.folds
    texts = column_texts(unit_of(key), [(value, None, None) for value in values])
    words = ("–" if value is None else text.value for value, text in zip(values, texts, strict=True))
    return " · ".join(one.removesuffix(" %") for one in words)


def _plain_row(row: Row) -> tuple[str, ...]:
    """Name, figure, its interval or why it has none, n, and the same of the test part."""
    value, interval, how, n, _, *test = (cell.text for cell in row.cells)
    return (row.name.text, value, interval or how, n, *(test[:2] or ("", "")))
