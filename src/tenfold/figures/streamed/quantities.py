"""Every figure of predicted quantities that stream by, equal to those in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.comparison.difference import Difference
from tenfold.figures.comparison.leader_board import LeaderBoard, board_of
from tenfold.figures.comparison.paired import difference_by_influence
from tenfold.figures.estimate import Estimate
from tenfold.figures.evaluate import Evaluation
from tenfold.figures.intervals.central import CentralMoments
from tenfold.figures.quantities.errors import FIGURES, MEANS, MEDIAN, R2, MeanFigure, QuantityFigure, TrueValues
from tenfold.figures.quantities.estimates import estimate_between
from tenfold.figures.quantities.rows import Column
from tenfold.figures.streamed.order_statistics import order_statistics

__all__ = [
    "ColumnBlock",
    "QuantityStream",
    "QuantityTotals",
    "evaluate_quantity_stream",
    "quantity_board",
    "totals_of",
    "with_intervals",
]

Floats = NDArray[np.float64]
_MEAN = {figure.key: figure for figure in MEANS}
_OF_INTERVALS = {"pinball", "coverage", "width"}


@dataclass(frozen=True, eq=False)
class ColumnBlock:
    """
    True and predicted values of some rows, in order.

    Parameters
    ----------
    column : Column
    fold : ndarray of int64, shape (m,)
        The fold that held each row out.
    """

    column: Column
    fold: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class QuantityStream:
    """
    All predictions of one candidate for one target; they can be gone through again and again.

    Parameters
    ----------
    candidate : str
    rows, folds : int
    blocks : callable
        Begins at the first row and gives `ColumnBlock` after `ColumnBlock`.
    """

    candidate: str
    rows: int
    folds: int
    blocks: Callable[[], Iterator[ColumnBlock]]


@dataclass(frozen=True, eq=False)
class _PartTotals:
    """Of a fold, or of all rows: the ends and sums of the true values, and sums of losses that all rows have."""

    low: float
    high: float
    zeros: int
    true: CentralMoments
    losses: Mapping[str, CentralMoments | None]

    def combine(self, other: _PartTotals) -> _PartTotals:
        losses = {key: _combined(one, other.losses[key]) for key, one in self.losses.items()}
        ends = min(self.low, other.low), max(self.high, other.high)
        return _PartTotals(*ends, self.zeros + other.zeros, self.true.combine(other.true), losses)

    @property
    def values(self) -> TrueValues:
        return TrueValues(self.true.n, self.zeros, not self.true.squares)

    def mean(self, figure: MeanFigure) -> float | None:
        moments = self.losses[figure.key]
        return None if moments is None or not moments.n else figure.value(moments.mean)

    @property
    def r2(self) -> float | None:
        errors = self.losses["rmse"]
        return None if errors is None else R2.value(errors.mean, self.true)


def _combined(one: CentralMoments | None, other: CentralMoments | None) -> CentralMoments | None:
    return None if one is None or other is None else one.combine(other)


_NONE = _PartTotals(np.inf, -np.inf, 0, CentralMoments(), {figure.key: CentralMoments() for figure in MEANS})


@dataclass(frozen=True, eq=False)
class QuantityTotals:
    """
    What is known of a stream of predictions after one pass, and of their medians when it is asked for.

    Parameters
    ----------
    stream : QuantityStream
    folds : tuple
        Sums of each fold.
    """

    stream: QuantityStream
    folds: tuple[_PartTotals, ...]

    @cached_property
    def all(self) -> _PartTotals:
        """Sums of all rows."""
        whole = _NONE
        for one in self.folds:
            whole = whole.combine(one)
        return whole

    @cached_property
    def medians(self) -> tuple[tuple[float | None, ...], float | None, tuple[float | None, float | None]]:
        """The median absolute error of each fold and of all rows, and the ends of its interval."""
        sizes, n = [one.true.n for one in self.folds], self.all.true.n
        places = MEDIAN.places(n)
        ranks = [*_middle(n), *(places or ())]
        by_fold, of_all = order_statistics(self._sizes, len(sizes), [_middle(size) for size in sizes], ranks)
        ends = (of_all[-2], of_all[-1]) if places else (None, None)
        medians = tuple(float(np.mean(one)) if one else None for one in by_fold)
        return medians, float(np.mean(of_all[: len(_middle(n))])) if n else None, ends

    @property
    def range(self) -> tuple[float, float]:
        """The least and the greatest true value."""
        return self.all.low, self.all.high

    def value(self, metric: str) -> float | None:
        """Return one figure of all rows."""
        if metric == MEDIAN.key:
            return self.medians[1]
        return self.all.r2 if metric == R2.key else self.all.mean(_MEAN[metric])

    def slopes(self, metric: str) -> Callable[[Column], Floats]:
        """Return what gives the influence of the rows of a block on a figure."""
        value = self.value(metric)
        if value is None:
            return lambda column: np.zeros(len(column.y))
        if metric == MEDIAN.key:
            density = self._density(value)
            return lambda column: MEDIAN.slopes(np.abs(column.errors), value, density, self.all.true.n)
        if metric == R2.key:
            return lambda column: R2.slopes(column, value, self.all.true)
        figure, mean, n = _MEAN[metric], self.all.losses[metric].mean, self.all.true.n  # type: ignore[union-attr]
        return lambda column: figure.slopes(_known(figure.losses(column)), mean, n)

    def _sizes(self) -> Iterator[tuple[Floats, NDArray[np.int64]]]:
        for block in self.stream.blocks():
            yield np.abs(block.column.errors), block.fold

    def _density(self, value: float) -> float:
        """The density of absolute errors at their median."""
        n, sizes = self.all.true.n, CentralMoments()
        for some, _ in self._sizes():
            sizes = sizes.combine(CentralMoments.of(some))
        bandwidth = MEDIAN.bandwidth(float(np.sqrt(sizes.squares / n)), self._quartile_range(n), n)
        if not bandwidth:
            return 0.0
        return sum(float(MEDIAN.kernel(some, value, bandwidth).sum()) for some, _ in self._sizes()) / n

    def _quartile_range(self, n: int) -> float:
        """As NumPy's percentiles have it: between neighbours in proportion."""
        places = [0.25 * (n - 1), 0.75 * (n - 1)]
        ranks = [rank for place in places for rank in (int(place), min(int(place) + 1, n - 1))]
        _, ends = order_statistics(self._sizes, len(self.folds), [[] for _ in self.folds], ranks)
        low, high = (
            ends[2 * i] + (place - int(place)) * (ends[2 * i + 1] - ends[2 * i]) for i, place in enumerate(places)
        )
        return high - low


def _known(losses: Floats | None) -> Floats:
    if losses is None:
        raise ValueError("a loss is undefined in part of the rows")
    return losses


def _middle(n: int) -> list[int]:
    """Ranks of the values whose mean is the median."""
    return [] if not n else [n // 2] if n % 2 else [n // 2 - 1, n // 2]


def totals_of(stream: QuantityStream) -> QuantityTotals:
    """Go through a stream once, and sum up true values and losses of each fold."""
    folds = [_NONE] * stream.folds
    for block in stream.blocks():
        for number in np.unique(block.fold).tolist():
            folds[number] = folds[number].combine(_sums(_part(block.column, block.fold == number)))
    return QuantityTotals(stream, tuple(folds))


def _part(column: Column, own: NDArray[np.bool_]) -> Column:
    low, high = (None if end is None else end[own] for end in (column.low, column.high))
    return Column(column.y[own], column.predicted[own], low, high, column.coverage)


def _sums(column: Column) -> _PartTotals:
    losses = {figure.key: figure.losses(column) for figure in MEANS}
    moments = {key: None if one is None else CentralMoments.of(one) for key, one in losses.items()}
    ends = float(column.y.min()), float(column.y.max())
    return _PartTotals(*ends, int((column.y == 0).sum()), CentralMoments.of(column.y), moments)


def evaluate_quantity_stream(totals: QuantityTotals) -> Evaluation:
    """
    Compute every figure of one target with its interval.

    Figures and intervals are those of `tenfold.figures.quantities.estimates.quantity_estimates`: sums are taken in
    another order, so that the last digits may differ, no more.

    Parameters
    ----------
    totals : QuantityTotals
    """
    metrics = {figure.key: _estimate(figure, totals) for figure in FIGURES}
    return Evaluation(metrics, np.zeros((0, 0), np.int64), totals.all.true.n)


def with_intervals(evaluation: Evaluation, totals: QuantityTotals) -> Evaluation:
    """
    Return the figures of predictions once these have intervals: only those of the intervals change.

    Parameters
    ----------
    evaluation : Evaluation
        Of the same predictions without intervals.
    totals : QuantityTotals
        With them.
    """
    of_intervals = {figure.key: _estimate(figure, totals) for figure in MEANS if figure.key in _OF_INTERVALS}
    return replace(evaluation, metrics={**evaluation.metrics, **of_intervals})


def _estimate(figure: QuantityFigure, totals: QuantityTotals) -> Estimate:
    whole, n, value = totals.all, totals.all.true.n, totals.value(figure.key)
    by_fold = _by_fold(figure, totals)
    if value is None:
        return Estimate(None, None, None, n, folds=by_fold, reason=figure.why_undefined(whole.values))
    return estimate_between(figure, value, _ends(figure, totals, value) if n > 1 else (None, None), n, by_fold)


def _by_fold(figure: QuantityFigure, totals: QuantityTotals) -> tuple[float | None, ...]:
    if isinstance(figure, MeanFigure):
        return tuple(one.mean(figure) for one in totals.folds)
    return totals.medians[0] if figure is MEDIAN else tuple(one.r2 for one in totals.folds)


def _ends(figure: QuantityFigure, totals: QuantityTotals, value: float) -> tuple[float | None, float | None]:
    if isinstance(figure, MeanFigure):
        moments = totals.all.losses[figure.key]
        return (None, None) if moments is None else figure.ends(moments)
    if figure is MEDIAN:
        return totals.medians[2]
    slopes, squares = totals.slopes(R2.key), 0.0
    for block in totals.stream.blocks():
        squares += float((slopes(block.column) ** 2).sum())
    return R2.ends(value, squares, totals.all.true.n)


def quantity_board(
    totals: Mapping[str, QuantityTotals],
    estimates: Mapping[str, Estimate],
    metric: str,
    seconds: Mapping[str, float],
    baseline: str,
) -> LeaderBoard:
    """
    Order candidates by a metric, and compare each with the best and the baseline, as `leader_board` does.

    Parameters
    ----------
    totals, estimates : mapping by candidate
        Estimates of the metric.
    metric : str
    seconds : mapping of candidate to float
        What each costs.
    baseline : str
    """

    def difference(one: str, other: str) -> Difference | None:
        value, of_other = estimates[one].value, estimates[other].value
        rows = totals[one].all.true.n
        if value is None or of_other is None or rows < 2:
            return None
        mine, theirs = totals[one].slopes(metric), totals[other].slopes(metric)
        pairs = zip(totals[one].stream.blocks(), totals[other].stream.blocks(), strict=True)
        squares = sum(float(((mine(block.column) - theirs(same.column)) ** 2).sum()) for block, same in pairs)
        return difference_by_influence(value - of_other, squares * rows / (rows - 1))

    return board_of(metric, estimates, seconds, difference, baseline)
