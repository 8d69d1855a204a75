"""Are some classes restored worse than others? The error of each, out of fold and on the test part."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

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
    dot_cell,
    dots,
    ends_of,
    figure_cells,
    interval_below,
)
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, ticks, zoomed
from tenfold.show.words import Number, numbers, quoted
from tenfold.text import shown

__all__ = ["Classes", "classes_view"]

_MOST = 1e6
_OTHERS = ("psnr", "ssim")


@dataclass(frozen=True)
class Classes:
    """The classes in their order."""

    title: str
    caption: str
    table: Table

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the classes as a table of text."""
        return (self.table.plain("Classes", self.title),)


def classes_view(content: Content) -> Classes | None:
    """Lay out the classes; None where the images have none."""
    names = [key.partition(":")[2] for key in content.figures if key.startswith("mae:")]
    if len(names) < 2:
        return None
    errors = dict(zip(names, numbers((f"mae:{name}", content.figures[f"mae:{name}"]) for name in names), strict=True))
    scale = zoomed(ends_of(list(errors.values())), ceiling=_MOST)
    zoom = f"The scale of the dots is zoomed: {scale.low:g} to {scale.high:g}." if scale.low > 0 else ""
    caption = f"Mean error in grey levels of the images of each class, judged out of fold. {zoom}"
    return Classes(_title(errors), caption, Table(_columns(scale), _rows(content, errors, scale), "classes"))


def _title(errors: dict[str, Number]) -> str:
    ranked = sorted((one.value, name) for name, one in errors.items() if one.value is not None)
    low, high = errors[ranked[0][1]], errors[ranked[-1][1]]
    if low.high is not None and high.low is not None and low.high < high.low:
        return f"{quoted(ranked[-1][1])} is the hardest to restore, {quoted(ranked[0][1])} the easiest"
    return "No class is restored better or worse than chance allows"


def _columns(scale: Scale) -> tuple[Column, ...]:
    return (
        Column("class"),
        dots(ticks(scale)),
        Column("mean error", NUMBER),
        Column("95 % interval", QUIET),
        Column("images", QUIET_NUMBER),
        *(Column(head, NUMBER) for head in ("PSNR, dB", "SSIM", "on the test", "test, as it was")),
    )


def _rows(content: Content, errors: Mapping[str, Number], scale: Scale) -> tuple[Row, ...]:
    psnr, ssim = (numbers((f"{key}:{name}", content.figures[f"{key}:{name}"]) for name in errors) for key in _OTHERS)
    tested = [_test_errors(figures, errors) for figures in (content.test, content.test_baseline)]
    return tuple(
        Row(
            Name(shown(name, 40)),
            (
                dot_cell(scale, error),
                *figure_cells(error),
                Cell(f"{error.n:,}"),
                *map(interval_below, others),
            ),
        )
        for (name, error), *others in zip(errors.items(), psnr, ssim, *tested, strict=True)
    )


def _test_errors(figures: Mapping[str, Any], names: Iterable[str]) -> list[Number | None]:
    """The error of each class; None where the test part has no image of it."""
    known = [figures.get(f"mae:{name}") for name in names]
    values = iter(numbers(("mae", one) for one in known if one is not None))
    return [None if one is None else next(values) for one in known]
