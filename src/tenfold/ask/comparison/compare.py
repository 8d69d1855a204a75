"""Finished runs compared: on the rows they have in common, each at its decision in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.errors import Exchange, exchange_of
from tenfold.analysis.rows import common_rows
from tenfold.ask.comparison.sides import Side, refuse_other_data, sides_of
from tenfold.errors import DataError, UsageError
from tenfold.figures import metric_keys
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.comparison.paired import paired_difference
from tenfold.figures.intervals.significance import holm, mcnemar, mcnemar_words
from tenfold.figures.rows import Rows, checked_rows
from tenfold.record.entries.metrics import Metrics, task_in
from tenfold.record.predictions import lines_of, predictions_in
from tenfold.task import Task
from tenfold.text import near, shown

__all__ = ["Comparison", "compare_candidates", "compare_runs"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """
    A second classifier against a first one.

    Parameters
    ----------
    first, second : str
        What they are called: candidate and run.
    task : Task
    metric : str
    rows : DataFrame
        The common rows: ``row`` in the first run's source, ``id``, ``true``, ``first``, ``second`` (as called).
    in_first : ndarray of int64
        Position of each common row among the training rows of the first run.
    left_out : tuple of int
        Rows of the first and of the second run that the other does not have.
    exchange : Exchange
    difference : Difference or None
        Of the metric, second less first; None where it is undefined.
    accuracy : Difference
        Of accuracy, second less first.
    test : str
        Name of the test of whether both are right equally often.
    p_value, p_adjusted : float
        Of that test; the second one adjusted for all comparisons made together (Holm).
    """

    first: str
    second: str
    task: Task
    metric: str
    rows: pd.DataFrame
    in_first: NDArray[np.int64]
    left_out: tuple[int, int]
    exchange: Exchange
    difference: Difference | None
    accuracy: Difference
    test: str
    p_value: float
    p_adjusted: float


def compare_runs(
    paths: Sequence[str | Path], *, candidates: Sequence[str | None] = (), metric: str | None = None
) -> tuple[Comparison, ...]:
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
        The runs are not about the same data or task; the message says in what they differ.
    """
    sides = sides_of(paths, candidates)
    return _adjusted([_compared(first, second, metric) for first, second in combinations(sides, 2)])


def compare_candidates(metrics: Metrics, out_of_fold: pd.DataFrame, where: Path) -> tuple[Comparison, ...]:
    """
    Compare the chosen candidate of a run (the second of each pair) with each other one.

    Parameters
    ----------
    metrics : Metrics
    out_of_fold : DataFrame
        A line a training row and candidate.
    where : Path
        The run, for messages.
    """
    chosen = metrics.chosen
    sides = {
        name: Side(where, metrics, "", name, shown(name, 40), lines_of(out_of_fold, name))
        for name in metrics.candidates
    }
    key, every = metrics.metric, np.arange(len(sides[chosen].lines))
    comparisons = [
        _comparison(side, sides[chosen], every, every, key) for name, side in sides.items() if name != chosen
    ]
    return _adjusted(comparisons)


def _adjusted(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    adjusted = holm([one.p_value for one in comparisons])
    return tuple(replace(one, p_adjusted=float(p)) for one, p in zip(comparisons, adjusted, strict=True))


def _compared(first: Side, second: Side, metric: str | None) -> Comparison:
    task = _common_task(first, second)
    key = _metric(metric or first.metrics.metric, task)
    in_first, in_second = common_rows(first.lines["id"], second.lines["id"])
    refuse_other_data(first, second, len(in_first))
    return _comparison(first, second, in_first, in_second, key)


def _comparison(
    first: Side, second: Side, in_first: NDArray[np.int64], in_second: NDArray[np.int64], key: str
) -> Comparison:
    task = task_in(first.metrics)
    one, other = _rows(first, in_first, task), _rows(second, in_second, task)
    _refuse_other_labels(first, second, one.y != other.y)
    exchange = exchange_of(one.y, one.predicted, other.predicted, len(task.classes))
    accuracy = paired_difference(task, other, one, "accuracy")
    if accuracy is None:
        raise DataError("no row is in both runs", where=second.where)
    p_value = mcnemar(one.predicted == one.y, other.predicted == other.y)
    lines = first.lines.iloc[in_first]
    called = {"first": task.decode(one.predicted), "second": task.decode(other.predicted)}
    return Comparison(
        first=first.name,
        second=second.name,
        task=task,
        metric=key,
        rows=lines[["row", "id", "true"]].reset_index(drop=True).assign(**called),
        in_first=in_first,
        left_out=(len(first.lines) - len(in_first), len(second.lines) - len(in_first)),
        exchange=exchange,
        difference=accuracy if key == "accuracy" else paired_difference(task, other, one, key),
        accuracy=accuracy,
        test=mcnemar_words(len(exchange.fixed) + len(exchange.broken)),
        p_value=p_value,
        p_adjusted=p_value,
    )


def _common_task(first: Side, second: Side) -> Task:
    one, other = task_in(first.metrics), task_in(second.metrics)
    if not one.exclusive:
        raise UsageError(f"runs to predict {one.summary} cannot be compared yet", where=first.where)
    if one != other:
        words = [f"{task.summary} ({_some(task.classes)})" for task in (one, other)]
        raise DataError(
            f"different tasks: {words[0]} and {words[1]}", where=second.where, do="compare runs of one task"
        )
    return one


def _some(classes: Sequence[str]) -> str:
    return ", ".join(shown(name, 20) for name in classes[:3]) + (", …" if len(classes) > 3 else "")


def _metric(name: str, task: Task) -> str:
    keys = metric_keys(task)
    if name not in keys:
        raise UsageError(f"no metric '{shown(name)}'.{near(name, keys)}", do=f"give one of {', '.join(keys[:12])}")
    return name


def _refuse_other_labels(first: Side, second: Side, differ: NDArray[np.bool_]) -> None:
    if differ.any():
        raise DataError(
            f"{int(differ.sum()):,} of {len(differ):,} common rows have another label than in {first.where}",
            where=second.where,
            do="compare runs on data with the same labels",
        )


def _rows(side: Side, positions: NDArray[np.int64], task: Task) -> Rows:
    saved = predictions_in(side.lines.iloc[positions], task, side.where)
    probabilities = side.metrics.candidates[side.candidate].probabilities
    return checked_rows(task, saved.y, saved.predicted, saved.scores, probabilities=probabilities)
