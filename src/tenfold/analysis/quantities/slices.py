"""Where quantities are predicted badly: slices of a table with large errors, and those whose intervals hold too few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from string import ascii_uppercase
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.slices import clusters_of, slices_of
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import mean_interval, wilson
from tenfold.figures.intervals.significance import holm
from tenfold.figures.quantities.rows import Column

__all__ = ["LOOK_ALIKES", "QuantitySlice", "look_alikes", "parts_of_rows", "quantity_slices", "value_slices"]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

_LEAST_ROWS = 20
_LEVEL = 0.05
_PARTS = 5
LOOK_ALIKES = "image is of look-alike group"
"""How the name of a group of images that look alike begins; a letter follows."""


@dataclass(frozen=True, eq=False)
class QuantitySlice:
    """
    Some rows that have something in common, and how far off their predictions are.

    Parameters
    ----------
    name : str
        In words, such as ``ocean_proximity is INLAND``.
    bits : ndarray of uint8
        A bit for each of the n rows, whether it is one of them: many slices of many rows take little room.
    rmse, mae, bias : Estimate
        With Student's t intervals, made wider so that 95 % holds for all slices looked at together (Bonferroni).
    coverage : Estimate or None
        Share of the values inside their intervals, with Wilson's interval, wider likewise; None without intervals.
    p_adjusted : float
        That chance alone makes errors so much larger than on the other rows: Welch's t test of absolute errors,
        one-sided, adjusted by Holm for all slices looked at.
    held : {"too few", "too many", ""}
        Whether the interval of the coverage lies on one side of what was asked for.
    """

    name: str
    bits: NDArray[np.uint8]
    rmse: Estimate
    mae: Estimate
    bias: Estimate
    coverage: Estimate | None
    p_adjusted: float
    held: Literal["too few", "too many", ""]

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Positions of the rows, in order."""
        return _rows(self.bits)

    @property
    def beyond_chance(self) -> bool:
        """Whether chance alone would seldom (5 %) give any slice such errors."""
        return self.p_adjusted <= _LEVEL


def value_slices(name: str, values: Floats) -> Iterator[tuple[str, Bools]]:
    """
    Cut rows into fifths of a value.

    Examples
    --------
    >>> [name for name, _ in value_slices("prediction", np.arange(10.0))][:2]
    ['prediction is in the lowest fifth', 'prediction is in the second fifth']
    """
    edges = np.quantile(values, np.linspace(0, 1, _PARTS + 1))
    if len(np.unique(edges)) <= _PARTS:
        return
    words = ("lowest", "second", "middle", "fourth", "highest")
    for place, (low, high) in enumerate(pairwise(edges.tolist())):
        last = place == _PARTS - 1
        yield (
            f"{name} is in the {words[place]} fifth",
            (values >= low) & ((values <= high) if last else (values < high)),
        )


def parts_of_rows(
    table: pd.DataFrame | None, pictures: NDArray[np.uint8] | None, predicted: Floats, seed: int = 0
) -> Iterator[tuple[str, Bools]]:
    """
    Cut rows along the columns of a table, or images by their brightness and by what looks alike; and by the prediction.

    Parameters
    ----------
    table : DataFrame of n rows, or None
    pictures : ndarray of uint8, shape (n, height, width[, 3]), or None
    predicted : ndarray of float64, shape (n,)
    seed : int
        Of the groups of images that look alike.

    Examples
    --------
    >>> pictures = np.repeat(np.arange(60, dtype=np.uint8), 4).reshape(60, 2, 2)
    >>> names = [name for name, _ in parts_of_rows(None, pictures, np.arange(60.0))]
    >>> names[0], names[5], names[-1]
    ('mean pixel value is in the lowest fifth', 'image is of look-alike group A', 'prediction is in the highest fifth')
    """
    if table is not None:
        yield from slices_of(table)
    if pictures is not None and pictures.size:
        yield from value_slices("mean pixel value", pictures.reshape(len(pictures), -1).mean(axis=1))
        yield from look_alikes(pictures, seed)
    yield from value_slices("prediction", predicted)


def look_alikes(pictures: NDArray[np.uint8], seed: int = 0) -> Iterator[tuple[str, Bools]]:
    """Yield groups of images that look alike, the largest first, each with a letter."""
    groups = clusters_of(pictures.reshape(len(pictures), -1), seed)
    for letter, number in zip(ascii_uppercase, np.argsort(-np.bincount(groups), kind="stable").tolist(), strict=False):
        yield f"{LOOK_ALIKES} {letter}", groups == number


def quantity_slices(slices: Iterable[tuple[str, Bools]], column: Column) -> list[QuantitySlice]:
    """
    Judge slices, those with larger errors than the other rows beyond chance first, of these the largest first.

    Parameters
    ----------
    slices : iterable of str and ndarray of bool, shape (n,)
        Those of fewer than 20 rows, or of all, are passed over.
    column : Column
        Of n rows.

    Returns
    -------
    list of QuantitySlice
        By whether they are beyond chance, then by the low end of the interval of their RMSE.

    Examples
    --------
    >>> far = np.arange(200) % 2 == 0
    >>> y, off = np.zeros(200), np.tile([1.0, 1.0, -1.0, -1.0], 50)
    >>> worst, other = quantity_slices([("far", far), ("near", ~far)], Column(y, np.where(far, 3, 1) * off))
    >>> worst.name, worst.rmse.value, worst.beyond_chance, other.beyond_chance
    ('far', 3.0, True, False)
    """
    n = len(column.y)
    large = [(name, np.packbits(rows)) for name, rows in slices if _LEAST_ROWS <= rows.sum() < n]
    if not large:
        return []
    sizes = np.abs(column.errors)
    adjusted = holm([_larger_by_chance(sizes, _rows(bits)) for _, bits in large])
    confidence = 1 - _LEVEL / len(large)
    judged = [
        _judged(name, bits, column, float(p), confidence) for (name, bits), p in zip(large, adjusted, strict=True)
    ]
    return sorted(judged, key=lambda one: (not one.beyond_chance, -(one.rmse.low or 0.0)))


def _larger_by_chance(sizes: Floats, rows: NDArray[np.int64]) -> float:
    """Welch (1947), Biometrika 34:28: means of two samples whose variances differ."""
    from scipy.special import stdtr

    inside = sizes[rows]
    n, rest = len(inside), len(sizes) - len(inside)
    if rest < 2:
        return 1.0
    sum_rest, squares_rest = sizes.sum() - inside.sum(), (sizes**2).sum() - (inside**2).sum()
    mean_rest = sum_rest / rest
    variance_rest = max(squares_rest / rest - mean_rest**2, 0.0) * rest / (rest - 1)
    own, other = inside.var(ddof=1) / n, variance_rest / rest
    if own + other <= 0:
        return 1.0 if inside.mean() <= mean_rest else 0.0
    degrees = (own + other) ** 2 / (own**2 / (n - 1) + other**2 / (rest - 1))
    return float(stdtr(degrees, -(inside.mean() - mean_rest) / np.sqrt(own + other)))


def _rows(bits: NDArray[np.uint8]) -> NDArray[np.int64]:
    return np.flatnonzero(np.unpackbits(bits)).astype(np.int64)


def _judged(name: str, bits: NDArray[np.uint8], column: Column, p: float, confidence: float) -> QuantitySlice:
    rows = _rows(bits)
    errors = column.errors[rows]
    coverage = _coverage(column, rows, confidence)
    return QuantitySlice(
        name,
        bits,
        _rooted(_mean(errors**2, confidence)),
        _mean(np.abs(errors), confidence),
        _mean(errors, confidence, least=None),
        coverage,
        p,
        _held(coverage, column.coverage),
    )


def _mean(values: Floats, confidence: float, least: float | None = 0.0) -> Estimate:
    low, high = mean_interval(values, confidence)
    low = low if low is None or least is None else max(low, least)
    return Estimate(float(values.mean()), low, high, len(values), "t, all slices together 95%")


def _rooted(squared: Estimate) -> Estimate:
    value, low, high = (
        None if end is None else float(np.sqrt(end)) for end in (squared.value, squared.low, squared.high)
    )
    return Estimate(value, low, high, squared.n, squared.interval)


def _coverage(column: Column, rows: NDArray[np.int64], confidence: float) -> Estimate | None:
    if column.low is None or column.high is None:
        return None
    inside = (column.y[rows] >= column.low[rows]) & (column.y[rows] <= column.high[rows])
    low, high = wilson(int(inside.sum()), len(rows), confidence)
    return Estimate(float(inside.mean()), float(low), float(high), len(rows), "Wilson, all slices together 95%")


def _held(coverage: Estimate | None, asked: float | None) -> Literal["too few", "too many", ""]:
    if coverage is None or asked is None or coverage.low is None or coverage.high is None:
        return ""
    return "too few" if coverage.high < asked else "too many" if coverage.low > asked else ""
