"""Every figure of the run in one place: its value, its interval and how that was computed, its folds, its n."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tenfold.decimals import column_texts, unit_of
from tenfold.record.words.verdict import spoken_metric
from tenfold.show.content import Content
from tenfold.show.words import Number, numbers
from tenfold.text import shown

__all__ = ["FigureLine", "FigureTable", "figure_table", "figures_view"]

_BY_CLASS_LIMIT = 40


@dataclass(frozen=True)
class FigureLine:
    """One metric."""

    name: str
    found: Number
    folds: str
    test: Number | None


@dataclass(frozen=True)
class FigureTable:
    """The figures of one candidate at one decision."""

    title: str
    lines: tuple[FigureLine, ...]
    tested: bool
    note: str


def figures_view(content: Content) -> tuple[FigureTable, ...]:
    """Lay out all figures: the chosen candidate at its decision, then at its default, then the other candidates."""
    chosen = shown(content.chosen, 40)
    metrics = content.metrics
    tables = [figure_table(f"{chosen}, at the decision in force", content.figures, content.test, metrics)]
    if content.decision["kind"] != "argmax":
        title = f"{chosen}, at its own default decision"
        tables.append(figure_table(title, content.candidate["out_of_fold"], None, metrics))
    for name, entry in metrics["candidates"].items():
        if name != content.chosen:
            title = f"{shown(name, 40)}, at its own default decision"
            tables.append(figure_table(title, _short(entry["out_of_fold"]), None, metrics))
    return tuple(tables)


def _short(figures: Mapping[str, Any]) -> dict[str, Any]:
    """All figures, without those of single classes where there are many."""
    by_class = sum(":" in key for key in figures)
    return {key: one for key, one in figures.items() if by_class <= _BY_CLASS_LIMIT or ":" not in key}


def figure_table(
    title: str, figures: Mapping[str, Any], test: Mapping[str, Any] | None, metrics: Mapping[str, Any]
) -> FigureTable:  # fmt: skip
    """Lay out the figures of one candidate of a run, beside those of the test part where there are."""
    tested = {} if test is None else {key: test[key] for key in figures if key in test}
    found = numbers([*figures.items(), *tested.items()])
    on_test = dict(zip(tested, found[len(figures) :], strict=True))
    lines = tuple(
        FigureLine(spoken_metric(metrics, key), one, _folds(key, figures[key]), on_test.get(key))
        for key, one in zip(figures, found, strict=False)
    )
    return FigureTable(title, lines, test is not None, "")


def _folds(key: str, estimate: Mapping[str, Any]) -> str:
    values = estimate.get("folds") or ()
    texts = column_texts(unit_of(key), [(value, None, None) for value in values])
    told = ("–" if value is None else text.value for value, text in zip(values, texts, strict=True))
    return " · ".join(one.removesuffix(" %") for one in told)
