"""How much does the penalty hold the weights back? Weights of a linear model against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.analysis.quantities.paths import WeightPath, read_weight_path
from tenfold.record.analysis import IMPORTANCE
from tenfold.show.components import NUMBER, Cell, Column, Name, PlainTable, Row, Table
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, spanning, ticks
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.dots import spread
from tenfold.show.sections.quantities.measures import SIGNED, target_name
from tenfold.show.words import signed_texts
from tenfold.text import shown

__all__ = ["PathLine", "PathsView", "paths_view"]

_NAMED = 6
_LISTED = 20
_GAP = 6.0


@dataclass(frozen=True)
class PathLine:
    """The weight of one column along the penalty; a line without label is one of the lesser ones."""

    path: str
    css: str
    label: str = ""
    label_y: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class PathsView:
    """The lines, and the weights of the model itself."""

    title: str
    caption: str
    lines: tuple[PathLine, ...]
    own: float
    own_text: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    y_name: str
    table: Table
    more: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the weights as text."""
        return (self.table.plain(self.title, self.caption),)


def paths_view(content: Content) -> PathsView | None:
    """Draw what was found with the study of importance; None where the chosen candidate has no penalty."""
    study = content.study(IMPORTANCE)
    if study is None or "path" not in study:
        return None
    found = read_weight_path(study["path"])
    weights, at_own = np.array(found.weights), np.array(found.weights[found.alphas.index(found.own)])
    order = np.argsort(-np.abs(at_own), kind="stable")
    across = Scale(float(np.log10(found.alphas[0])), float(np.log10(found.alphas[-1])))
    up = spanning([0.0, float(weights.min()), float(weights.max())])
    gone = int((at_own == 0).sum())
    return PathsView(
        f"{shown(content.chosen, 40)} leaves out {gone:,} of {len(at_own):,} prepared columns"
        if gone
        else f"{shown(found.names[order[0]], 40)} has the largest weight",
        _caption(content, found),
        _lines(found, weights, order.tolist(), across, up),
        across.at(float(np.log10(found.own))),
        f"{found.own:g}",
        _decades(across),
        ticks(up),
        f"weight, in the unit of {target_name(content)}",
        _table(found, at_own, order.tolist()),
        f"{len(order) - _LISTED:,} more have smaller weights." if len(order) > _LISTED else "",
    )


def _caption(content: Content, found: WeightPath) -> str:
    return (
        f"Weights of {shown(content.chosen, 40)} fitted once, on training {content.noun()} of one fold, at penalties "
        f"from a thousandth to ten thousand times its own ({found.own:g}, dashed). A weight is what one unit of a "
        "prepared column adds; columns of numbers are brought to a standard deviation of 1, so that their weights can "
        "be compared. "
        "The larger the penalty, the smaller the weights and the simpler the model."
    )


def _lines(
    found: WeightPath, weights: np.ndarray, order: list[int], across: Scale, up: Scale
) -> tuple[PathLine, ...]:  # fmt: skip
    x = np.log10(found.alphas)
    named = [one for one in order[:_NAMED] if weights[found.alphas.index(found.own), one]]
    starts = [100 - up.at(float(weights[0, one])) for one in named]
    places = dict(zip(named, spread(starts, _GAP), strict=True))
    lesser = [PathLine(path(x, weights[:, one], across, up), "line") for one in order[len(named) :]]
    heavy = [
        PathLine(
            path(x, weights[:, one], across, up),
            "line chosen" if at == 0 else f"line other-{at}",
            shown(found.names[one], 24),
            round(places[one], 2),
            round(100 - up.at(float(weights[0, one])), 2),
        )
        for at, one in enumerate(named)
    ]
    return (*lesser, *reversed(heavy))


def _decades(across: Scale) -> tuple[Tick, ...]:
    powers = range(int(np.ceil(across.low - 1e-9)), int(np.floor(across.high + 1e-9)) + 1)
    return tuple(
        Tick(across.at(power), f"{10.0**power:,g}".replace("e-0", "e-").replace("e+0", "e")) for power in powers
    )


def _table(found: WeightPath, at_own: np.ndarray, order: list[int]) -> Table:
    first = order[:_LISTED]
    texts = signed_texts(SIGNED, [(float(at_own[one]), None, None) for one in first])
    rows = tuple(
        Row(Name(shown(found.names[one], 40), shown(found.names[one], 120)), (Cell(text.value, True),))
        for one, text in zip(first, texts, strict=True)
    )
    return Table((Column("prepared column"), Column("weight", NUMBER)), rows, "within")
