"""Errors as plain data, for other programs: of one class a row, or label by label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.errors.errors import Errors
from tenfold.figures.comparison.similarity import class_groups, similar_order
from tenfold.figures.curves.readings import READINGS, cells_over_folds, cells_with_intervals, most_confused, read_matrix
from tenfold.record.entries.typed_json import Counts

__all__ = ["ConfusedClasses", "LabelOverview", "Overview", "Reading", "label_overview", "overview"]

Cells = tuple[tuple[float | None, ...], ...]
"""One figure a cell of the confusion matrix, rows actual, columns predicted; None where it is undefined."""


@dataclass(frozen=True)
class Reading:
    """
    The confusion matrix read one way, with 95 % intervals and, out of fold, the range over the folds.

    Parameters
    ----------
    by, of : str
        Name of the reading, and what its shares are of.
    interval : str
    value, low, high, fold_low, fold_high : tuple of tuple of float
    """

    by: str
    of: str
    interval: str
    value: Cells
    low: Cells
    high: Cells
    fold_low: Cells | None = None
    fold_high: Cells | None = None


@dataclass(frozen=True)
class ConfusedClasses:
    """How many rows of a class were called another, and their share of its errors with Wilson's 95 % interval."""

    actual: str
    predicted: str
    count: int
    errors: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Overview:
    """
    The errors of one candidate.

    Parameters
    ----------
    candidate, part : str
        `part` is "out of fold" or "test".
    rows, wrong : int
    classes : tuple of str
    confusion_matrix : ndarray of int64, shape (k, k)
    reading : Reading
    order_by_confusion : tuple of str
        The classes, those next to each other that are often confused.
    groups : tuple of tuple of str
        Classes that are confused among each other.
    most_confused : tuple of ConfusedClasses
        The most frequent first.
    wrong_by_every_candidate : tuple of int
        Positions in the source.
    """

    candidate: str
    part: str
    rows: int
    wrong: int
    classes: tuple[str, ...]
    confusion_matrix: Counts
    reading: Reading
    order_by_confusion: tuple[str, ...]
    groups: tuple[tuple[str, ...], ...]
    most_confused: tuple[ConfusedClasses, ...]
    wrong_by_every_candidate: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class LabelOverview:
    """The errors of one candidate where rows have several labels; `wrong` counts rows with any label wrong."""

    candidate: str
    part: str
    rows: int
    wrong: int
    labels: Mapping[str, Overview]


def overview(errors: Errors, by: str) -> Overview:
    """
    Return the matrix, one reading of it with intervals and spread over folds, and what follows from it.

    Parameters
    ----------
    errors : Errors
    by : str
        One of `READINGS`.
    """
    names = errors.task.classes
    pairs = (
        {**asdict(one), "actual": names[one.actual], "predicted": names[one.predicted]}
        for one in most_confused(errors.matrix)
    )
    return Overview(
        candidate=errors.candidate,
        part=errors.part,
        rows=len(errors.y),
        wrong=errors.wrong,
        classes=names,
        confusion_matrix=errors.matrix,
        reading=_reading(errors, by),
        order_by_confusion=tuple(names[code] for code in similar_order(errors.matrix)),
        groups=tuple(tuple(names[code] for code in group) for group in class_groups(errors.matrix)),
        most_confused=tuple(ConfusedClasses(**one) for one in pairs),
        wrong_by_every_candidate=tuple(errors.lines["row"].iloc[errors.everyone_wrong()].tolist()),
    )


def label_overview(errors: tuple[Errors, ...], by: str) -> LabelOverview:
    """Return the overview of every label."""
    wrong = np.any([one.y != one.predicted for one in errors], axis=0)
    return LabelOverview(
        candidate=errors[0].candidate,
        part=errors[0].part,
        rows=len(wrong),
        wrong=int(wrong.sum()),
        labels={one.task.classes[1]: overview(one, by) for one in errors},
    )


def _reading(errors: Errors, by: str) -> Reading:
    low, high = cells_with_intervals(errors.matrix, by)
    parts = [read_matrix(errors.matrix, by), low, high]
    if errors.part == "out of fold":
        parts += cells_over_folds(errors.fold_matrices, by)
    interval = "" if by == "counts" else "Wilson 95%"
    return Reading(by, READINGS[by], interval, *map(_cells, parts))


def _cells(values: NDArray[np.float64]) -> Cells:
    return tuple(tuple(None if np.isnan(value) else value for value in row) for row in values.tolist())
