"""The leader board of streamed answers: each candidate compared with the best on the same rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

from tenfold.figures import Difference, LeaderBoard, brier_of
from tenfold.figures.classes import HasClasses
from tenfold.figures.comparison.leader_board import board_of
from tenfold.figures.comparison.paired import difference_by_influence, difference_of_shares
from tenfold.figures.confusion import Margins
from tenfold.figures.curves.stretches import StratifiedSums
from tenfold.figures.intervals.influence import margins_tables
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import confusion_figures
from tenfold.figures.streamed.evaluate import StreamedEvaluation
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers
from tenfold.regular_files import open_regular

__all__ = ["streamed_board"]

Floats = NDArray[np.float64]


def streamed_board(
    task: HasClasses,
    answers: Mapping[str, StreamedAnswers],
    figures: Mapping[str, StreamedEvaluation],
    metric: str,
    seconds: Mapping[str, float],
    baseline: str,
) -> LeaderBoard:
    """
    Order candidates by a metric, and compare each with the best and the baseline, as `leader_board` does.

    Parameters
    ----------
    task : HasClasses
    answers, figures : mapping by candidate
    metric : str
    seconds : mapping of candidate to float
        What each costs.
    baseline : str
    """
    estimates = {name: one.evaluation.metrics[metric] for name, one in figures.items()}

    def difference(one: str, other: str) -> Difference | None:
        value, of_other = estimates[one].value, estimates[other].value
        if value is None or of_other is None:
            return None
        pair = (answers[one], answers[other])
        if metric == "accuracy":
            return difference_of_shares(value - of_other, *_discordant(*pair), answers[one].rows)
        sums = StratifiedSums(1 if metric in LOSSES else len(task.classes))
        with ExitStack() as stack:
            mine, theirs = (_influence(task, answers[name], figures[name], metric, stack) for name in (one, other))
            for block, same in zip(pair[0].blocks(), pair[1].blocks(), strict=True):
                strata = np.zeros_like(block.y) if metric in LOSSES else block.y
                sums.add(mine(block) - theirs(same), strata)
        return difference_by_influence(value - of_other, sums.variance)

    brier = {name: brier_of(one.evaluation.metrics) for name, one in figures.items()}
    return board_of(metric, estimates, seconds, difference, baseline, brier)


def _discordant(one: StreamedAnswers, other: StreamedAnswers) -> tuple[int, int]:
    """Rows that only the first, and only the second, has right."""
    only_first = only_second = 0
    for right, also in zip(_right(one), _right(other), strict=True):
        only_first += int((right & ~also).sum())
        only_second += int((also & ~right).sum())
    return only_first, only_second


def _right(answers: StreamedAnswers) -> Iterator[NDArray[np.bool_]]:
    for block in answers.blocks():
        yield answers.predicted(block) == block.y


def _influence(
    task: HasClasses, answers: StreamedAnswers, figures: StreamedEvaluation, metric: str, stack: ExitStack
) -> Callable[[AnswerBlock], Floats]:
    """Give what tells the influence of the rows of each block in turn on a metric."""
    if metric in LOSSES:
        return lambda block: LOSSES[metric](block.y, block.scores) / answers.rows
    if figures.influence is not None:
        file = stack.enter_context(open_regular(figures.influence))
        return lambda block: np.fromfile(file, np.float64, len(block.y))
    figure = next(one for one in confusion_figures(task) if one.key == metric)
    tables = margins_tables(figure.formula, Margins.of(figures.survey.counts))
    if tables is None:
        return lambda block: np.zeros(len(block.y))
    by_hits, by_actual, by_called = tables

    def of_block(block: AnswerBlock) -> Floats:
        predicted = answers.predicted(block)
        hits = np.where(block.y == predicted, by_hits[block.y], 0.0)
        return np.asarray(hits + by_actual[block.y] + by_called[predicted], np.float64)

    return of_block
