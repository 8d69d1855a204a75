"""Where is it far off, and where do intervals hold too few? Slices of the rows, those beyond chance first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.analysis.quantities.rows import worst_rows
from tenfold.analysis.quantities.slices import LOOK_ALIKES, QuantitySlice, parts_of_rows, quantity_slices
from tenfold.data.pictures.tone import Tone
from tenfold.decimals import QUANTITY, RATE, Unit, column_texts, percent
from tenfold.show.components import NUMBER, QUIET, Cell, Column, Name, PlainTable, Row, Table, dots
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, percent_ticks, spanning, ticks, uncrowded, zoomed
from tenfold.show.drawing.dots import dot
from tenfold.show.drawing.pictures import Shots
from tenfold.show.sections.quantities.measures import SIGNED, first_target, measured, plain_rows, row_pictures

__all__ = ["SlicesView", "judged_slices", "slices_view"]

_SLICES, _WITHIN_CHANCE = 10, 3
_FEWEST_HELD, _MOST_HELD = 6, 3
_ROWS = 4
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class SlicesView:
    """Slices with large errors; slices whose intervals hold too few or too many; `absent` says why there are none."""

    title: str
    caption: str
    worst: Table | None
    held_title: str
    held_caption: str
    held: Table | None
    command: str
    absent: str = ""

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return both tables as text."""
        parts = ((self.title, self.caption, self.worst), (self.held_title, self.held_caption, self.held))
        return tuple(table.plain(title, note) for title, note, table in parts if table is not None)


def slices_view(content: Content) -> SlicesView | None:
    """Look for rows that have something in common and are far off; None where there are too few rows for any."""
    slices = judged_slices(content)
    if not slices:
        return None
    beyond = [one for one in slices if one.beyond_chance]
    worst = beyond[:_SLICES] or slices[:_WITHIN_CHANCE]
    held = _unevenly_held(slices)
    return SlicesView(
        _title(content, worst),
        _caption(content, slices, len(beyond), len(worst)),
        _worst_table(content, worst),
        _held_title(content, held),
        _held_caption(content, slices) if held else "",
        _held_table(content, held) if held else None,
        content.command("errors"),
        content.absent and f"Slices along columns need the training rows, which could not be loaded: {content.absent}",
    )


def judged_slices(content: Content) -> list[QuantitySlice]:
    """Return all slices: along the columns of a table, groups of images, and fifths of the prediction."""
    pictures = None if content.instances is None else content.instances.pictures()
    return quantity_slices(parts_of_rows(content.used_table, pictures, content.quantity.predicted), content.quantity)


def _title(content: Content, worst: Sequence[QuantitySlice]) -> str:
    if not worst[0].beyond_chance:
        return f"No slice of the {content.noun()} stands out as far off"
    return f"Furthest off: {worst[0].name}"


def _caption(content: Content, slices: Sequence[QuantitySlice], beyond: int, listed: int) -> str:
    overall = float(np.sqrt((content.quantity.errors**2).mean()))
    kinds = "values of one column, or fifths of it"
    if content.instances is not None and content.instances.pictures() is not None:
        kinds = "groups that look alike, fifths of the mean pixel value and of the prediction"
    many = f"{len(slices)} slices ({kinds}), each of at least 20 {content.noun()}"
    if not beyond:
        said = f"Of {many}, none has larger errors than the rest beyond chance; these come closest"
    else:
        left = f" (the first {listed} are listed)" if listed < beyond else ""
        said = f"{beyond} of {many}, {'has' if beyond == 1 else 'have'} larger errors than the rest beyond chance{left}"
    return (
        f"{said}. The RMSE over all is {measured(overall)}, judged out of fold. Bias is predicted less true. Intervals "
        f"and test allow for having looked at all of them (Bonferroni; Welch, Holm).{first_target(content)}"
    )


def _worst_table(content: Content, worst: Sequence[QuantitySlice]) -> Table:
    ends = [end for one in worst for end in (one.rmse.low, one.rmse.value, one.rmse.high) if end is not None]
    scale = spanning([*ends, float(np.sqrt((content.quantity.errors**2).mean()))])
    rmse = plain_rows(QUANTITY, [one.rmse for one in worst])
    bias = plain_rows(_as_exact_as(one.rmse.value for one in worst), [one.bias for one in worst])
    columns = (
        Column("slice"),
        dots(uncrowded(ticks(scale))),
        Column("RMSE", NUMBER),
        Column("bias", NUMBER),
        Column(content.noun(), NUMBER),
        Column(f"{content.noun()} of the largest errors", QUIET),
    )
    rows = tuple(
        Row(
            Name(one.name, shots=_mean_picture(content, one)),
            (
                Cell(dot=dot(scale, one.rmse.value, one.rmse.low, one.rmse.high), tone="wrong"),
                Cell(size.value, True, below=size.interval),
                Cell(shift.value, True, below=shift.interval),
                Cell(f"{len(one.rows):,}"),
                Cell(_largest(content, one), shots=_pictures(content, one)),
            ),
        )
        for one, size, shift in zip(worst, rmse, bias, strict=True)
    )
    return Table(columns, rows, "slices far-off")


def _as_exact_as(sizes: Iterable[float | None]) -> Unit:
    """Biases by the digits of the sizes beside them: their own smallest may be next to nothing."""
    least = min((size for size in sizes if size), default=1.0)
    decimals = 2 - math.floor(math.log10(least))
    return SIGNED if decimals > _MOST_DECIMALS else Unit(decimals=decimals, signed=True, of="bias")


def _mean_picture(content: Content, one: QuantitySlice) -> Shots | None:
    """Of images that look alike: the mean of all of them."""
    pictures = None if content.instances is None else content.instances.pictures()
    if pictures is None or not one.name.startswith(LOOK_ALIKES):
        return None
    mean = pictures[one.rows].mean(axis=0).round().astype(np.uint8)
    return Shots.of(mean[None], Tone.of(pictures), [("", f"mean of the {len(one.rows):,} images of this group")])


def _pictures(content: Content, one: QuantitySlice) -> Shots | None:
    """Of images: those of the largest errors."""
    pictures = None if content.instances is None else content.instances.pictures()
    if pictures is None:
        return None
    places = one.rows[worst_rows(content.quantity.errors[one.rows], _ROWS)]
    return row_pictures(content, pictures, places)


def _largest(content: Content, one: QuantitySlice) -> str:
    places = one.rows[worst_rows(content.quantity.errors[one.rows], _ROWS)]
    rows = ", ".join(f"{row:,}" for row in content.rows_in_source[places].tolist())
    return f"{rows}, …" if len(one.rows) > _ROWS else rows


def _unevenly_held(slices: Sequence[QuantitySlice]) -> list[QuantitySlice]:
    """Those that hold fewer than asked for, the fewest first, then those that hold more, the most last."""
    known = [one for one in slices if one.coverage is not None and one.held]
    ordered = sorted(known, key=lambda one: (one.coverage.value if one.coverage else None) or 0.0)
    few = [one for one in ordered if one.held == "too few"][:_FEWEST_HELD]
    many = [one for one in ordered if one.held == "too many"][-_MOST_HELD:]
    return few + many


def _held_title(content: Content, held: Sequence[QuantitySlice]) -> str:
    if content.quantity.coverage is None:
        return ""
    if not held:
        return "Intervals hold their share in every slice, as far as can be told"
    first = held[0]
    if first.held == "too few" and first.coverage is not None and first.coverage.value is not None:
        return f"Intervals hold only {percent(first.coverage.value)} where {first.name}"
    return "Intervals hold more than was asked for in some slices"


def _held_caption(content: Content, slices: Sequence[QuantitySlice]) -> str:
    few, many = (sum(one.held == kind for one in slices) for kind in ("too few", "too many"))
    asked = percent(content.quantity.coverage or 0.0)
    return (
        f"Intervals are to hold {asked} of all values, and do over all rows together. In {few} of {len(slices)} slices "
        f"they hold fewer beyond chance, in {many} more; the furthest are listed (Wilson, Bonferroni)."
    )


def _held_table(content: Content, held: Sequence[QuantitySlice]) -> Table:
    known = [one.coverage for one in held if one.coverage is not None]
    asked = content.quantity.coverage or 0.0
    scale: Scale = zoomed([*(end for one in known for end in (one.low, one.high) if end is not None), asked])
    texts = column_texts(RATE, [(one.value, one.low, one.high) for one in known])
    columns = (
        Column("slice"),
        dots(percent_ticks(scale)),
        Column("inside", NUMBER),
        Column("95 % interval", QUIET),
        Column("asked for", NUMBER),
        Column("so"),
        Column(content.noun(), NUMBER),
    )
    rows = tuple(
        Row(
            Name(one.name),
            (
                Cell(
                    dot=dot(scale, figure.value, figure.low, figure.high), tone="wrong" if one.held == "too few" else ""
                ),
                Cell(text.value, True),
                Cell(text.interval),
                Cell(percent(asked)),
                Cell(one.held),
                Cell(f"{len(one.rows):,}"),
            ),
        )
        for one, figure, text in zip(held, known, texts, strict=True)
    )
    return Table(columns, rows, "slices")
