"""ROC AUC and average precision of scores sorted on disk: exact, with their intervals, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.curves import ThresholdCurve, ranked
from tenfold.figures.curves.stretches import Descent, StratifiedSums
from tenfold.figures.intervals.influence import auc_slopes, average_precision_slopes, onwards
from tenfold.figures.streamed.buckets import RowOrder
from tenfold.figures.streamed.survey import Ordered

__all__ = ["Ranking", "ranking_of", "stretches"]

Floats = NDArray[np.float64]
NAMES = ("roc_auc", "average_precision")


@dataclass(frozen=True, eq=False)
class Ranking:
    """
    Both figures of one column of scores, ROC AUC first.

    Parameters
    ----------
    values : tuple of (float or None)
    errors : tuple of float
        Standard errors.
    folds : tuple of tuple of (float or None)
        Of each figure, the value on each fold alone.
    influences : tuple of Path
        Files of the influence of each row, float64 of shape (n,), where they were asked for; else empty.
    """

    values: tuple[float | None, float | None]
    errors: tuple[float, float]
    folds: tuple[tuple[float | None, ...], tuple[float | None, ...]]
    influences: tuple[Path, ...] = ()


def stretches(column: Ordered, class_rows: NDArray[np.int64]) -> Iterator[ThresholdCurve]:
    """Follow the threshold down through all distinct scores, a stretch of the curve at a time."""
    descent = _descent(column, class_rows)
    for bucket in reversed(range(len(column.buckets))):
        stretch = _curve(column, bucket)
        if len(stretch.thresholds):
            yield descent.follow(stretch)


def ranking_of(column: Ordered, fold_class_rows: NDArray[np.int64], *, influences: Path | None = None) -> Ranking:
    """
    Compute both figures of one column against the rest.

    Two ways through the buckets: down for the figures, as a stretch needs to know what lies above it, then up for the
    influence of each row, which needs to know what lies below.

    Parameters
    ----------
    column : Ordered
    fold_class_rows : ndarray of int64, shape (folds, k)
        Rows of each class in each fold.
    influences : Path, optional
        Where to write the influence of each row: two files of this name, ``.0`` and ``.1``.
    """
    class_rows = fold_class_rows.sum(axis=0)
    whole = _descent(column, class_rows)
    by_fold = [_descent(column, rows) for rows in fold_class_rows]
    places = {}
    for bucket in reversed(range(len(column.buckets))):
        places[bucket] = whole.place
        whole.follow(_curve(column, bucket))
        _follow_folds(column, bucket, by_fold)
    values = (whole.roc_auc, whole.average_precision)
    files: tuple[Path, ...] = ()
    errors = (0.0, 0.0)
    if values[0] is not None and values[1] is not None:
        errors, files = _errors(column, class_rows, (values[0], values[1]), places, influences)
    return Ranking(
        values,
        errors,
        (tuple(one.roc_auc for one in by_fold), tuple(one.average_precision for one in by_fold)),
        files,
    )


def _descent(column: Ordered, class_rows: NDArray[np.int64]) -> Descent:
    positives = int(class_rows[column.code])
    return Descent(positives, int(class_rows.sum()) - positives)


def _curve(column: Ordered, bucket: int) -> ThresholdCurve:
    """The curve of one bucket, counted from its own top; one of equal scores is a single step."""
    whole: ThresholdCurve | None = None
    for some in column.buckets.pieces(bucket):
        curve, _ = ranked((some["y"] == column.code).astype(np.int64), some["key"])
        whole = curve if whole is None else _one_step(whole, curve)
    return ranked(np.empty(0, np.int64), np.empty(0))[0] if whole is None else whole


def _one_step(one: ThresholdCurve, more: ThresholdCurve) -> ThresholdCurve:
    return ThresholdCurve(
        one.thresholds,
        one.true_positives + more.true_positives,
        one.false_positives + more.false_positives,
        one.positives + more.positives,
        one.negatives + more.negatives,
    )


def _follow_folds(column: Ordered, bucket: int, by_fold: list[Descent]) -> None:
    curves: dict[int, ThresholdCurve] = {}
    for some in column.buckets.pieces(bucket):
        for fold in np.unique(some["fold"]).tolist():
            own = some[some["fold"] == fold]
            curve, _ = ranked((own["y"] == column.code).astype(np.int64), own["key"])
            curves[fold] = curve if fold not in curves else _one_step(curves[fold], curve)
    for fold, curve in curves.items():
        by_fold[fold].follow(curve)


def _errors(
    column: Ordered,
    class_rows: NDArray[np.int64],
    values: tuple[float, float],
    places: dict[int, tuple[int, int]],
    influences: Path | None,
) -> tuple[tuple[float, float], tuple[Path, ...]]:
    sums = [StratifiedSums(len(class_rows)) for _ in NAMES]
    rows = int(class_rows.sum())
    orders = (
        []
        if influences is None
        else [RowOrder(influences.with_name(f"{influences.name}.{which}.work"), rows) for which in range(2)]
    )
    below = (0.0, 0.0)
    for bucket in range(len(column.buckets)):
        if not column.buckets.sizes[bucket]:
            continue
        descent = _descent(column, class_rows)
        descent.true_positives, descent.false_positives = places[bucket]
        curve = descent.follow(_curve(column, bucket))
        slopes = (
            auc_slopes(curve, values[0], places[bucket]),
            average_precision_slopes(curve, values[1], places[bucket], below),
        )
        below = tuple(float(part[0]) for part in onwards(curve, places[bucket], below))  # type: ignore[assignment]
        for some in column.buckets.pieces(bucket):
            _add(some, column, curve, slopes, sums, orders)
    errors = tuple(float(np.sqrt(one.variance)) for one in sums)
    files = tuple(
        order.finish(influences.with_name(f"{influences.name}.{which}"))
        for which, order in enumerate(orders)
        if influences is not None
    )
    return (errors[0], errors[1]), files


def _add(
    some: NDArray[Any],
    column: Ordered,
    curve: ThresholdCurve,
    slopes: tuple[tuple[Floats, Floats], ...],
    sums: list[StratifiedSums],
    orders: list[RowOrder],
) -> None:
    step = len(curve.thresholds) - 1 - np.searchsorted(curve.thresholds[::-1], some["key"])
    y = some["y"].astype(np.int64)
    for which, (of_positive, of_negative) in enumerate(slopes):
        influence = np.where(y == column.code, of_positive[step], of_negative[step])
        sums[which].add(influence, y)
        if orders:
            orders[which].add(some["row"], influence)
