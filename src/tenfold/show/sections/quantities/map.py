"""Where on the map are predictions too high or too low? Mean errors by hexagon, where two columns are coordinates."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.quantities.columns import coordinate_columns
from tenfold.analysis.quantities.hexagons import Hexagons, hexagons_of
from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.drawing.axes import Scale, Tick, ticks, uncrowded
from tenfold.show.drawing.hexagons import Layer, hexagon_paths
from tenfold.show.sections.quantities.measures import cell_value, first_target, measured
from tenfold.text import shown

__all__ = ["ErrorMapView", "error_map_view"]

_ACROSS = 44
_FEW = 5
_FEWEST_ROWS = 100
_NAMED = 6
_ROOM = 290
_ASPECTS = (0.6, 1.8)
_MARGIN = 0.03


@dataclass(frozen=True)
class ErrorMapView:
    """The map, its scale and the places that are furthest off; `steps` are the ends of the three depths."""

    title: str
    caption: str
    layers: tuple[Layer, ...]
    steps: tuple[str, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    x_name: str
    y_name: str
    aspect: float
    description: str
    places: tuple[tuple[str, str, str, str], ...]
    places_title: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the places that are furthest off as text."""
        head = (self.x_name, self.y_name, "mean error", "rows")
        return (PlainTable(self.title, self.caption, head, self.places),)


def error_map_view(content: Content) -> ErrorMapView | None:
    """Draw mean errors on a map; None where no two columns are coordinates, or of fewer than 100 rows."""
    table = content.used_table
    pair = None if table is None else coordinate_columns(table)
    if table is None or pair is None or len(table) < _FEWEST_ROWS:
        return None
    x, y = (table[name].to_numpy(np.float64, na_value=np.nan) for name in pair)
    across, up = _scale(x), _scale(y)
    aspect = _aspect(across, up, geographic=pair[0].lower().startswith("lo") or pair[0].lower().startswith("ln"))
    hexagons = hexagons_of(
        x, y, (across.low, across.high), (up.low, up.high), max(12, round(_ACROSS * min(aspect, 1.0))), aspect
    )
    means = hexagons.means(content.quantity.errors)
    step = _step(hexagons, means)
    names = tuple(shown(name, 40) for name in pair)
    far = _furthest(hexagons, means)
    return ErrorMapView(
        _title(hexagons, means, step),
        _caption(content, hexagons, step),
        hexagon_paths(hexagons, _classes(hexagons, means, step), across, up),
        tuple(measured(times * step) for times in (0.5, 1.0, 2.0)),
        uncrowded(ticks(across, 6), _ROOM),
        ticks(up, 6),
        names[0],
        names[1],
        round(aspect, 3),
        f"Mean errors by place, {len(x):,} rows.",
        tuple(_place(hexagons, means, one) for one in far),
        f"Places of {_FEW} rows or more that are furthest off",
    )


def _scale(values: NDArray[np.float64]) -> Scale:
    known = values[np.isfinite(values)]
    low, high = float(known.min()), float(known.max())
    room = _MARGIN * (high - low) or 1.0
    return Scale(low - room, high + room)


def _aspect(across: Scale, up: Scale, *, geographic: bool) -> float:
    """Width over height as on the ground: a degree of longitude is shorter, the further from the equator."""
    shorter = math.cos(math.radians((up.low + up.high) / 2)) if geographic else 1.0
    return min(max((across.high - across.low) * shorter / (up.high - up.low), _ASPECTS[0]), _ASPECTS[1])


def _step(hexagons: Hexagons, means: NDArray[np.float64]) -> float:
    """The middle depth begins at the size that a tenth of the fuller hexagons exceed, halved: round to two figures."""
    sizes = np.abs(means[hexagons.counts >= _FEW]) if (hexagons.counts >= _FEW).any() else np.abs(means)
    raw = float(np.quantile(sizes, 0.9)) / 2
    return float(f"{raw:.2g}") if raw > 0 else 1.0


def _classes(hexagons: Hexagons, means: NDArray[np.float64], step: float) -> list[str]:
    classes = []
    for mean, count in zip(means.tolist(), hexagons.counts.tolist(), strict=True):
        side, size = "over" if mean > 0 else "under", abs(mean) / step
        if size < 0.5:
            classes.append("even")
        elif count < _FEW:
            classes.append(f"few-rows-{side}")
        else:
            classes.append(f"{side}-{1 if size < 1 else 2 if size < 2 else 3}")
    return classes


def _furthest(hexagons: Hexagons, means: NDArray[np.float64]) -> list[int]:
    full = np.flatnonzero(hexagons.counts >= _FEW)
    furthest: list[int] = full[np.argsort(-np.abs(means[full]), kind="stable")][:_NAMED].tolist()
    return furthest


def _place(hexagons: Hexagons, means: NDArray[np.float64], one: int) -> tuple[str, str, str, str]:
    x, y = (cell_value(float(f"{value:.4g}")) for value in (hexagons.x[one], hexagons.y[one]))
    mean = float(means[one])
    return x, y, f"+{measured(mean)}" if mean > 0 else measured(mean), f"{hexagons.counts[one]:,}"


def _title(hexagons: Hexagons, means: NDArray[np.float64], step: float) -> str:
    full = hexagons.counts >= _FEW
    if not full.any() or not (np.abs(means[full]) >= step).any():
        return "Errors are small everywhere on the map"
    return "Where on the map is it too high or too low?"


def _caption(content: Content, hexagons: Hexagons, step: float) -> str:
    few = int((hexagons.counts < _FEW).sum())
    pale = (
        f" {few:,} of {len(hexagons.counts):,} hexagons hold fewer than {_FEW} rows and are drawn pale." if few else ""
    )
    left = int((hexagons.place < 0).sum())
    missing = f" {left:,} {content.noun(left)} have no place." if left else ""
    return (
        f"The mean error (predicted less true) of the training {content.noun()} in each hexagon, judged out of fold; "
        f"grey where it is less than {measured(step / 2)} either way. What stands out over several neighbouring "
        f"hexagons is more than one hexagon that does.{pale}{missing}{first_target(content)}"
    )
