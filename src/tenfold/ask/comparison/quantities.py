"""Runs that predict quantities compared: whose errors are smaller, on the rows that they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.rows import common_rows
from tenfold.ask.comparison.sides import Side, refuse_other_data, sides_of
from tenfold.decimals import QUANTITY, change_unit, column_texts, figure_texts, percent
from tenfold.errors import DataError, UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.closed import wilson
from tenfold.figures.quantities.estimates import quantity_difference, quantity_estimates
from tenfold.figures.quantities.rows import QuantityRows
from tenfold.record.entries.metrics import task_in
from tenfold.record.predictions import SavedPredictions, predictions_in
from tenfold.record.run import open_run
from tenfold.record.words.verdict import metric_words_of
from tenfold.task import Task
from tenfold.text import near, shown

__all__ = [
    "QuantityComparison",
    "change_rows",
    "compare_quantities",
    "comparison_sentences",
    "predicts_quantities",
]

_CHANGES = 10


@dataclass(frozen=True, eq=False)
class QuantityComparison:
    """
    A second regressor against a first one.

    Parameters
    ----------
    first, second : str
        What they are called: candidate and run.
    metric : str
    n : int
        Rows that both predicted.
    left_out : tuple of int
        Rows of the first and of the second run that the other does not have.
    of_first, of_second : Estimate
        The metric of each, on these rows.
    difference : Difference or None
        Of the metric, second less first, paired; None where it is undefined.
    closer : Estimate
        Share of the rows on which the second is closer; of those on which one of them is.
    rows : DataFrame
        ``row`` in the first run's source, ``id``, and for each target ``true``, ``first``, ``second``.
    """

    first: str
    second: str
    task: Task
    metric: str
    n: int
    left_out: tuple[int, int]
    of_first: Estimate
    of_second: Estimate
    difference: Difference | None
    closer: Estimate
    rows: pd.DataFrame


def predicts_quantities(path: str | Path) -> bool:
    """Whether a run predicts quantities."""
    return open_run(path).task.numeric


def compare_quantities(
    paths: Sequence[str | Path], *, candidates: Sequence[str | None] = (), metric: str | None = None
) -> tuple[QuantityComparison, ...]:
    """
    Compare every run with every one before it.

    Parameters
    ----------
    paths : sequence of path
        Run folders, two or more; one may stand twice for two candidates of one run.
    candidates : sequence of str or None
        Of each run, by its place; the chosen one by default.
    metric : str, optional
        The first run's by default.

    Raises
    ------
    UsageError
        Fewer than two runs, no such candidate or metric.
    DataError
        The runs are not about the same data or targets.
    """
    sides = sides_of(paths, candidates)
    return tuple(_compared(first, second, metric) for first, second in combinations(sides, 2))


def comparison_sentences(one: QuantityComparison) -> tuple[str, ...]:
    """Say which is closer, by how much, and on how many rows: the first sentence stands alone."""
    words = metric_words_of(one.task, one.metric)
    first, second = figure_texts([(one.metric, one.of_first), (one.metric, one.of_second)])
    lines = [f"{one.second} has {second.value} by {words}, {one.first} {first.value}, on {one.n:,} common rows."]
    if one.difference is not None:
        apart = one.difference
        text = column_texts(change_unit(one.metric), [(apart.value, apart.low, apart.high)])[0]
        sure = "they cannot be told apart" if apart.contains_zero else "more than chance"
        lines.append(f"The difference is {text.value} ({text.interval}): {sure}.")
    if one.closer.value is not None and one.closer.low is not None and one.closer.high is not None:
        ends = f"{percent(one.closer.low)} to {percent(one.closer.high)}"
        lines.append(f"{one.second} is closer on {percent(one.closer.value)} of {one.closer.n:,} rows ({ends}).")
    if any(one.left_out):
        lines.append(f"Left out: {one.left_out[0]:,} rows of the first and {one.left_out[1]:,} of the second run.")
    return tuple(lines)


def change_rows(one: QuantityComparison) -> list[tuple[str, ...]]:
    """Return the rows whose errors have changed most, the head first; of several targets of the first one."""
    true, first, second = (one.rows.iloc[:, place].to_numpy(np.float64) for place in (2, 3, 4))
    change = np.abs(second - true) - np.abs(first - true)
    places = np.argsort(-np.abs(change), kind="stable")[:_CHANGES]
    numbers = [value for place in places for value in (first[place], second[place])]
    texts = [text.value for text in column_texts(QUANTITY, [(value, None, None) for value in numbers])]
    changes = column_texts(change_unit("mae"), [(float(change[place]), None, None) for place in places])
    return [
        ("row", "true", "first", "second", "error"),
        *(
            (
                str(one.rows["row"].iloc[place]),
                f"{true[place]:,.10g}",
                texts[2 * at],
                texts[2 * at + 1],
                changes[at].value,
            )
            for at, place in enumerate(places)
        ),
    ]


def _compared(first: Side, second: Side, metric: str | None) -> QuantityComparison:
    task = _common_task(first, second)
    key = metric or first.metrics.metric
    if key not in task.ranking_keys:
        keys = task.ranking_keys
        raise UsageError(f"no metric '{shown(key)}'.{near(key, keys)}", do=f"give one of {', '.join(keys[:12])}")
    in_first, in_second = common_rows(first.lines["id"], second.lines["id"])
    refuse_other_data(first, second, len(in_first))
    one, other = (
        predictions_in(side.lines.iloc[rows], task, side.where)
        for side, rows in ((first, in_first), (second, in_second))
    )
    _refuse_other_values(first, second, one, other)
    rows = [task.checked_rows(saved.y, saved.predicted, None, probabilities=False) for saved in (one, other)]
    estimates = [quantity_estimates(part)[key] for part in rows]
    return QuantityComparison(
        first.name,
        second.name,
        task,
        key,
        len(in_first),
        (len(first.lines) - len(in_first), len(second.lines) - len(in_first)),
        estimates[0],
        estimates[1],
        quantity_difference(rows[1], rows[0], key),
        _closer(rows[0], rows[1]),
        _table(task, first.lines.iloc[in_first], one, other),
    )


def _closer(first: QuantityRows, second: QuantityRows) -> Estimate:
    """Of several targets each counts by itself."""
    before, after = np.abs(first.predicted - first.y), np.abs(second.predicted - second.y)
    n, closer = int((before != after).sum()), int((after < before).sum())
    if not n:
        return Estimate(None, None, None, 0, reason="both predict the same")
    low, high = wilson(closer, n)
    return Estimate(closer / n, float(low), float(high), n, "Wilson 95%")


def _table(task: Task, lines: pd.DataFrame, one: SavedPredictions, other: SavedPredictions) -> pd.DataFrame:
    values = {"true": one.y, "first": one.predicted, "second": other.predicted}
    columns = [task.to_columns(name, y).items() for name, y in values.items()]
    by_target = dict(pair for of_target in zip(*columns, strict=True) for pair in of_target)
    return lines[["row", "id"]].reset_index(drop=True).assign(**by_target)


def _common_task(first: Side, second: Side) -> Task:
    one, other = task_in(first.metrics), task_in(second.metrics)
    if one != other:
        what = f"different tasks: {one.summary} and {other.summary}"
        raise DataError(what, where=second.where, do="compare runs of one task")
    return one


def _refuse_other_values(first: Side, second: Side, one: SavedPredictions, other: SavedPredictions) -> None:
    differ: NDArray[np.bool_] = (one.y != other.y).reshape(len(one.y), -1).any(axis=1)
    if differ.any():
        raise DataError(
            f"{int(differ.sum()):,} of {len(differ):,} common rows have another value than in {first.where}",
            where=second.where,
            do="compare runs on data with the same values",
        )
