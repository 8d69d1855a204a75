"""
The digits of figures: one rule, for the terminal, the page, Markdown, the notebook and (in ``format.js``) the scripts.

Figures that stand together, in a column or in a sentence, have the same number of decimals: the values and both ends
of their intervals. How many follows from the unit (`unit_of`): rates are percent with one decimal, other figures have
three. There are more, then for all of them, only where

- the ends of an interval would read the same, or
- a value would read as nothing or as all (0 %, 100 %) that is neither.

There are at most six. What six cannot tell apart changes nothing: such an interval has "no width", such a value is
"< 0.1 %" or "> 99.9 %".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = [
    "CHANGE",
    "POINTS",
    "QUANTITY",
    "RATE",
    "FigureText",
    "Unit",
    "change_unit",
    "column_texts",
    "figure_text",
    "figure_texts",
    "is_rate",
    "percent",
    "percents",
    "unit_of",
]

UNDEFINED = "undefined"
_MOST = 6
_MORE_FIGURES = 2
_AVERAGES = {"macro", "weighted", "micro", "samples"}
_RATES = {
    *("accuracy", "balanced_accuracy", "precision", "recall", "specificity", "f1", "exact_match", "hamming_loss"),
    *("pixels_right", "pixels_exact", "coverage", "mape"),
}


@dataclass(frozen=True)
class Unit:
    """
    How figures of one kind are written.

    Parameters
    ----------
    scale : float
        What a figure is multiplied by.
    decimals : int
        Decimals where nothing asks for more.
    suffix : str
        What stands behind a value, not behind the ends of an interval.
    bounds : tuple of float
        Figures that no other may be rounded to.
    figures : int
        Where it is not 0: as many decimals as give the smallest value so many figures, whole numbers rounded too, and
        the largest at most two more.
    signed : bool
        Whether a figure has its sign, as differences have; one that rounds to nothing has none.
    of : str
        Keeps apart units that are written alike, but stand for figures of other sizes.
    """

    scale: float = 1.0
    decimals: int = 3
    suffix: str = ""
    bounds: tuple[float, ...] = ()
    figures: int = 0
    signed: bool = False
    of: str = ""


RATE = Unit(100, 1, " %", bounds=(0.0, 1.0))
SCORE = Unit(bounds=(0.0, 1.0))
ERROR_RATE = Unit(100, 2, " %", bounds=(0.0, 1.0))
LOSS = Unit(bounds=(0.0,))
QUANTITY = Unit(bounds=(0.0,), figures=3)
"""In the unit of what is measured, which may be of any size: grey levels, dollars, grams."""
DECIBEL = Unit(1, 1)
POINTS = Unit(100, 2, signed=True)
CHANGE = Unit(1, 4, signed=True)
_OF_TARGETS = ("mae", "rmse", "median_absolute_error")
_UNITS = {"psnr": DECIBEL, "log_loss": LOSS, "brier": LOSS, "r2": Unit()}
_UNITS |= dict.fromkeys(_OF_TARGETS, QUANTITY)
# Of one unit with errors, but of another size: each gets figures of its own.
_UNITS |= {"bias": Unit(figures=3, signed=True, of="bias")}
_UNITS |= {name: Unit(bounds=(0.0,), figures=3, of=name) for name in ("pinball", "width")}
_UNITS |= dict.fromkeys(("false_positive_rate", "miss_rate", "roc_auc_lack", "logistic_average"), ERROR_RATE)

Row = tuple[float | None, float | None, float | None]


class Interval(Protocol):
    """A figure with the ends of its interval, such as an estimate or a difference."""

    @property
    def value(self) -> float | None:
        """None where it is undefined."""
        ...

    @property
    def low(self) -> float | None:
        """Lower end."""
        ...

    @property
    def high(self) -> float | None:
        """Upper end."""
        ...


@dataclass(frozen=True)
class FigureText:
    """
    A figure as text.

    Parameters
    ----------
    value : str
        Such as "96.5 %", or "undefined".
    interval : str
        Such as "96.3 to 96.6"; empty where there is none.
    """

    value: str
    interval: str = ""


def is_rate(metric: str) -> bool:
    """
    Tell whether a metric is a share, told in percent.

    Examples
    --------
    >>> is_rate("recall:5"), is_rate("f1_macro"), is_rate("log_loss")
    (True, True, False)
    """
    return _base(metric) in _RATES


def unit_of(metric: str) -> Unit:
    """
    Give the unit of a metric of ``metrics.json``.

    Examples
    --------
    >>> unit_of("recall:5").suffix, unit_of("mae:5").figures, unit_of("roc_auc_macro").decimals
    (' %', 3, 3)
    """
    return RATE if is_rate(metric) else _UNITS.get(_base(metric), SCORE)


def change_unit(metric: str) -> Unit:
    """
    Give the unit of differences of a metric: points of a rate, else the metric's own with four decimals.

    Examples
    --------
    >>> change_unit("accuracy") is POINTS, change_unit("roc_auc").decimals, change_unit("mae").figures
    (True, 4, 3)
    """
    if is_rate(metric):
        return POINTS
    if unit_of(metric).figures:
        return Unit(figures=3, signed=True)
    return Unit(1, 2, signed=True) if _base(metric) == "psnr" else CHANGE


def _base(metric: str) -> str:
    """A metric's name without its class and its average."""
    name = metric.partition(":")[0]
    stem, _, average = name.rpartition("_")
    return stem if average in _AVERAGES else name


def figure_texts(figures: Iterable[tuple[str, Interval | Mapping[str, Any]]]) -> list[FigureText]:
    """
    Write figures that stand together; those of one unit get the same number of decimals.

    Parameters
    ----------
    figures : iterable of (str, Interval or mapping)
        Key and estimate; of a mapping, as in ``metrics.json``, the entries "value", "low" and "high" may be missing.

    Returns
    -------
    list of FigureText
        In the same order.

    Examples
    --------
    >>> narrow = {"value": 0.77731, "low": 0.77722, "high": 0.77741}
    >>> figure_texts([("recall:a", {"value": 0.9651, "low": 0.963, "high": 0.99987}), ("recall:b", narrow)])
    [FigureText(value='96.51 %', interval='96.30 to 99.99'), FigureText(value='77.73 %', interval='77.72 to 77.74')]
    """
    values = [(unit_of(key), _row(estimate)) for key, estimate in figures]
    columns = {
        unit: iter(column_texts(unit, [row for one, row in values if one == unit]))
        for unit in {one for one, _ in values}
    }
    return [next(columns[unit]) for unit, _ in values]


def figure_text(metric: str, estimate: Interval | Mapping[str, Any]) -> FigureText:
    """
    Write a figure that stands alone.

    Examples
    --------
    >>> figure_text("accuracy", {"value": 0.9651, "low": 0.963, "high": 0.966})
    FigureText(value='96.5 %', interval='96.3 to 96.6')
    >>> figure_text("roc_auc", {"value": None})
    FigureText(value='undefined', interval='')
    """
    return figure_texts([(metric, estimate)])[0]


def percent(value: float) -> str:
    """
    Write a share that stands in a sentence, without an interval; all and nothing need no decimals.

    Examples
    --------
    >>> percent(0.9651), percent(0.99987), percent(0.99999), percent(1.0), percent(0.0004), percent(0.99999999999)
    ('96.5 %', '99.99 %', '99.999 %', '100 %', '0.04 %', '> 99.9 %')
    """
    return f"{RATE.scale * value:.0f} %" if value in RATE.bounds else percents([value])[0]


def percents(values: Iterable[float | None]) -> list[str]:
    """
    Write shares that stand in a column, without intervals.

    Examples
    --------
    >>> percents([1.0, 0.5, 0.0004])
    ['100.00 %', '50.00 %', '0.04 %']
    """
    return [text.value for text in column_texts(RATE, [(value, None, None) for value in values])]


def column_texts(unit: Unit, rows: Sequence[Row]) -> list[FigureText]:
    """
    Write the figures of a column by the rule of this module.

    Parameters
    ----------
    unit : Unit
    rows : sequence of (value, low, high)
        Each a float, or None or NaN where it is undefined.

    Returns
    -------
    list of FigureText

    Examples
    --------
    >>> column_texts(POINTS, [(0.0, None, None), (-0.0237, -0.035, -0.0125)])
    [FigureText(value='0.00', interval=''), FigureText(value='-2.37', interval='-3.50 to -1.25')]
    """
    defined: list[Row] = [(_defined(value), _defined(low), _defined(high)) for value, low, high in rows]
    decimals = _decimals(unit, defined)
    return [_text(unit, row, decimals) for row in defined]


def _row(estimate: Interval | Mapping[str, Any]) -> Row:
    if isinstance(estimate, Mapping):
        return estimate.get("value"), estimate.get("low"), estimate.get("high")
    return estimate.value, estimate.low, estimate.high


def _defined(value: float | None) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _decimals(unit: Unit, rows: Sequence[Row]) -> int:
    """The fewest decimals at which all rows can be read that six decimals can help."""
    fewest = _fewest(unit, rows)
    if fewest > _MOST:
        return fewest
    parts: list[Row] = [part for value, low, high in rows for part in ((value, None, None), (None, low, high))]
    some = [row for row in parts if any(_is_clear(unit, row, decimals) for decimals in range(fewest, _MOST + 1))]
    return next((n for n in range(fewest, _MOST + 1) if all(_is_clear(unit, row, n) for row in some)), _MOST)


def _fewest(unit: Unit, rows: Sequence[Row]) -> int:
    if not unit.figures:
        return unit.decimals
    sizes = [abs(unit.scale * row[0]) for row in rows if row[0]]
    if not sizes or math.isinf(max(sizes)):
        return 0
    return min(unit.figures - _places(min(sizes)), unit.figures + _MORE_FIGURES - _places(max(sizes)))


def _places(value: float) -> int:
    """Figures before the point of a number above 0; 0 and less, where it begins behind it."""
    return math.floor(math.log10(value)) + 1


def _is_clear(unit: Unit, row: Row, decimals: int) -> bool:
    value, low, high = row
    if low is not None and high is not None and low < high and _equal(unit, low, high, decimals):
        return False
    return not any(value is not None and value != end and _equal(unit, value, end, decimals) for end in unit.bounds)


def _equal(unit: Unit, one: float, other: float, decimals: int) -> bool:
    return _number(unit, one, decimals) == _number(unit, other, decimals)


def _number(unit: Unit, value: float, decimals: int) -> str:
    sign, number = "+" if unit.signed else "", unit.scale * value
    if unit.figures and decimals > _MOST:
        return f"{number:{sign}.{unit.figures}g}"
    if decimals < 0:
        number = round(number, decimals)
    text = f"{number:{sign},.{max(decimals, 0)}f}"
    return text.lstrip("+-") if not text.strip("+-0.,") else text


def _text(unit: Unit, row: Row, decimals: int) -> FigureText:
    value, low, high = row
    if low is None or high is None:
        return FigureText(_value(unit, value, decimals))
    ends = [_number(unit, end, decimals) for end in (low, high)]
    interval = "no width" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return FigureText(_value(unit, value, decimals), interval)


def _value(unit: Unit, value: float | None, decimals: int) -> str:
    if value is None:
        return UNDEFINED
    for end in unit.bounds:
        if value != end and _equal(unit, value, end, decimals):
            below = value < end
            nearest = end + (-1 if below else 1) * 10**-decimals / unit.scale
            return f"{'>' if below else '<'} {_number(unit, nearest, decimals)}{unit.suffix}"
    return f"{_number(unit, value, decimals)}{unit.suffix}"
