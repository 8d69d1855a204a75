"""Where a run that predicts quantities is far off: by size, by slices, down to the single row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.neighbours import nearest_outside_fold
from tenfold.analysis.quantities.residuals import ErrorSpread, error_spread
from tenfold.analysis.quantities.rows import Oddity, odd_values, value_suspects, worst_rows
from tenfold.analysis.quantities.slices import QuantitySlice, parts_of_rows, quantity_slices
from tenfold.data.dataset import Dataset
from tenfold.decimals import percent
from tenfold.errors import UsageError
from tenfold.figures.estimate import Estimate
from tenfold.figures.quantities.estimates import quantity_estimates
from tenfold.figures.quantities.rows import Column, QuantityRows, checked_quantity_rows
from tenfold.record.predictions import predictions_in
from tenfold.record.run import Run
from tenfold.text import near, shown

__all__ = [
    "LISTS",
    "FarRow",
    "QuantityErrors",
    "QuantityOverview",
    "SliceRecord",
    "number_words",
    "odd_words",
    "quantity_errors_of",
]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

LISTS = ("worst", "outside", "suspects")
"""Rows that can be listed: the furthest off, those outside their intervals, and doubtful true values."""

_NEAREST = 5
_SLICES = 8
_ODD = 3


@dataclass(frozen=True, eq=False)
class QuantityErrors:
    """
    The predictions of a candidate beside the true values of one target.

    Parameters
    ----------
    run : Run
    candidate : str
    part : {"out of fold", "test"}
    target : str
    lines : DataFrame of n rows
        Of the file of predictions.
    rows : QuantityRows
        Of that target alone.
    instances : Dataset or None
        The rows themselves, where they can be had.
    """

    run: Run
    candidate: str
    part: Literal["out of fold", "test"]
    target: str
    lines: pd.DataFrame
    rows: QuantityRows
    instances: Dataset | None = None

    @cached_property
    def column(self) -> Column:
        """True and predicted values, with the ends of their intervals."""
        return next(self.rows.columns())

    @cached_property
    def figures(self) -> dict[str, Estimate]:
        """Every figure with its interval."""
        return quantity_estimates(self.rows)

    @cached_property
    def spread(self) -> ErrorSpread | None:
        """How much larger errors are where predictions are high."""
        return error_spread(self.column.predicted, self.column.errors)

    @cached_property
    def table(self) -> pd.DataFrame | None:
        """The columns that candidates were given."""
        table = None if self.instances is None else self.instances.table
        return None if table is None else table.drop(columns=list(self._unused), errors="ignore")

    @property
    def _unused(self) -> Sequence[str]:
        return self.run.record.manifest.columns_unused

    @cached_property
    def slices(self) -> list[QuantitySlice]:
        """Slices along the columns of a table, groups of images, and fifths of the prediction, the worst first."""
        pictures = None if self.instances is None else self.instances.pictures()
        return quantity_slices(parts_of_rows(self.table, pictures, self.column.predicted), self.column)

    @cached_property
    def _space(self) -> NDArray[Any] | None:
        return None if self.instances is None else self.instances.without(tuple(self._unused)).values()

    def listed(self, kind: str, limit: int) -> Codes:
        """
        Return the positions of the rows most worth a look.

        Parameters
        ----------
        kind : str
            One of `LISTS`.
        limit : int

        Raises
        ------
        UsageError
            There are no intervals to be outside of, or the rows that suspects are compared with are not at hand.
        """
        column = self.column
        if kind == "worst":
            return worst_rows(column.errors, limit)
        if kind == "outside":
            if column.low is None or column.high is None:
                raise UsageError(f"{shown(self.candidate)} gives no intervals, so that no row is outside of one")
            beyond = np.maximum(column.low - column.y, column.y - column.high)
            order = np.argsort(-beyond, kind="stable")
            return order[beyond[order] > 0][:limit].astype(np.int64)
        if self._space is None:
            raise UsageError(
                "suspects are told by the rows most like them, which cannot be loaded", where=self.run.path
            )
        fold = self.lines["fold"].to_numpy(np.int64)
        found = value_suspects(column.y, column.predicted, self._space, fold)
        return np.array([one.position for one in found[:limit]], np.int64)

    def far_rows(self, positions: Codes) -> tuple[FarRow, ...]:
        """Say of some rows what is predicted, what is odd about them, and what the rows most like them have."""
        odd: list[list[Oddity]] = [[]] * len(positions)
        if self.table is not None and len(positions):
            odd = odd_values(self.table, positions)
        nearest = self._nearest(positions)
        column, numbers = self.column, self.lines["row"].to_numpy(np.int64)
        return tuple(
            FarRow(
                int(numbers[row]),
                float(column.y[row]),
                float(column.predicted[row]),
                None if column.low is None else float(column.low[row]),
                None if column.high is None else float(column.high[row]),
                float(column.errors[row]),
                tuple(odd_words(one) for one in odd[place][:_ODD]),
                () if nearest is None else tuple(column.y[nearest[place]].tolist()),
            )
            for place, row in enumerate(positions.tolist())
        )

    def _nearest(self, positions: Codes) -> Codes | None:
        if self._space is None or not self._space.shape[1] or not len(positions) or self.part == "test":
            return None
        found = nearest_outside_fold(self._space, self.lines["fold"].to_numpy(np.int64), positions, _NEAREST).positions
        return None if (found < 0).any() else found

    def position_of(self, row: int) -> int:
        """
        Return the position of a row of the source.

        Raises
        ------
        UsageError
            It is none of this part.
        """
        at = np.flatnonzero(self.lines["row"].to_numpy(np.int64) == row)
        if not len(at):
            what = "test rows" if self.part == "test" else "training rows judged out of fold"
            do = "see tenfold errors --list worst, or give --test"
            raise UsageError(f"row {row} is none of the {len(self.lines):,} {what}", where=self.run.path, do=do)
        return int(at[0])

    def overview(self, limit: int) -> QuantityOverview:
        """Return everything as plain values for JSON."""
        slices = [one for one in self.slices if one.beyond_chance][:_SLICES]
        return QuantityOverview(
            self.candidate,
            self.part,
            self.target,
            len(self.rows),
            self.figures,
            self.spread,
            tuple(SliceRecord(one.name, len(one.rows), one.rmse, one.mae, one.bias, one.coverage) for one in slices),
            self.far_rows(self.listed("worst", limit)),
            self.far_rows(self.listed("suspects", limit)) if self._space is not None else (),
        )


@dataclass(frozen=True)
class FarRow:
    """
    One row beside its prediction.

    Parameters
    ----------
    row : int
        In the source.
    true, predicted : float
    low, high : float or None
        Ends of the interval.
    error : float
        Predicted less true.
    odd : tuple of str
        What is odd about it, in words.
    nearest : tuple of float
        True values of the rows most like it, outside its fold.
    """

    row: int
    true: float
    predicted: float
    low: float | None
    high: float | None
    error: float
    odd: tuple[str, ...] = ()
    nearest: tuple[float, ...] = ()


@dataclass(frozen=True)
class SliceRecord:
    """A slice with larger errors than the other rows beyond chance; as in `tenfold.analysis.quantities.slices`."""

    name: str
    rows: int
    rmse: Estimate
    mae: Estimate
    bias: Estimate
    coverage: Estimate | None


@dataclass(frozen=True, eq=False)
class QuantityOverview:
    """``tenfold errors --json`` of a run that predicts quantities."""

    candidate: str
    part: Literal["out of fold", "test"]
    target: str
    rows: int
    figures: Mapping[str, Estimate]
    spread: ErrorSpread | None
    slices: tuple[SliceRecord, ...]
    worst: tuple[FarRow, ...]
    suspects: tuple[FarRow, ...]


def quantity_errors_of(
    run: Run,
    candidate: str | None = None,
    *,
    target: str | None = None,
    test: bool = False,
    instances: Dataset | None = None,
) -> QuantityErrors:
    """
    Read the predictions of a candidate.

    Parameters
    ----------
    run : Run
    candidate : str, optional
        The chosen one by default.
    target : str, optional
        Of several; the first by default.
    test : bool
        Of the test part, which only the chosen candidate has predicted.
    instances : Dataset, optional
        The rows of that part, in order of their predictions.

    Raises
    ------
    UsageError
        No such candidate or target.
    """
    task, name = run.task, candidate or run.chosen
    known = [run.chosen] if test else list(run.record.metrics.candidates)
    if name not in known:
        raise UsageError(
            f"no predictions of '{shown(name)}' there.{near(name, known)}",
            where=run.path,
            do=f"give one of {', '.join(shown(one, 40) for one in known)}",
        )
    if target is not None and target not in task.classes:
        few = ", ".join(shown(one, 20) for one in task.classes[:12])
        what = f"no quantity '{shown(target)}'.{near(target, task.classes)}"
        raise UsageError(what, where=run.path, do=f"give one of {few} with --label")
    which = 0 if target is None else task.classes.index(target)
    lines = run.test if test else run.lines(name)
    saved, k = predictions_in(lines, task), len(task.classes)
    ends = None if saved.scores is None else saved.scores[:, [which, k + which]]
    interval = run.record.metrics.candidates[name].decision.interval
    y, predicted = (values.reshape(len(values), -1)[:, which] for values in (saved.y, saved.predicted))
    rows = checked_quantity_rows(
        (task.classes[which],), y, predicted, ends, coverage=None if interval is None else interval.coverage
    )
    return QuantityErrors(run, name, "test" if test else "out of fold", task.classes[which], lines, rows, instances)


def odd_words(one: Oddity) -> str:
    """
    Say what is odd about a value.

    Examples
    --------
    >>> odd_words(Oddity("age", 99.0, "high", 0.004)), odd_words(Oddity("kind", None, "missing", 0.01))
    ('age 99: as high in 0.4 % of the rows', 'kind is missing, as in 1.0 % of the rows')
    """
    name = shown(one.column, 30)
    if one.kind == "missing":
        return f"{name} is missing, as in {percent(one.share)} of the rows"
    value = number_words(one.value) if isinstance(one.value, float) else shown(one.value, 30)
    if one.kind in {"highest", "lowest"}:
        return f"{name} {value}: the {one.kind} of all"
    if one.kind == "rare":
        return f"{name} is {value}, as in {percent(one.share)} of the rows"
    return f"{name} {value}: as {one.kind} in {percent(one.share)} of the rows"


def number_words(value: float) -> str:
    """
    Return a value as it is known: no figure is left out that a file is likely to have.

    Examples
    --------
    >>> number_words(35682.0), number_words(0.25), number_words(1e12)
    ('35,682', '0.25', '1e+12')
    """
    return f"{value:,.10g}" if abs(value) < 1e10 else f"{value:.6g}"
