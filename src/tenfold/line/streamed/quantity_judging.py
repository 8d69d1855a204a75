"""How streamed predictions of quantities are judged."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import BASELINE
from tenfold.decision.decision import Decision
from tenfold.decision.interval import Interval, conformal_ranks, refuse_few_rows
from tenfold.decision.quantities import decision_around, least_cost_share
from tenfold.decision.rule import Rule
from tenfold.figures import Evaluation, LeaderBoard
from tenfold.figures.quantities.rows import Column
from tenfold.figures.streamed.order_statistics import order_statistics
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.figures.streamed.quantities import (
    ColumnBlock,
    QuantityStream,
    QuantityTotals,
    evaluate_quantity_stream,
    quantity_board,
    totals_of,
    with_intervals,
)
from tenfold.task import Task

__all__ = ["QuantityEvaluation", "QuantityJudging"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class QuantityEvaluation:
    """
    The figures of one candidate as it predicts.

    Parameters
    ----------
    evaluation : Evaluation
    totals : QuantityTotals
        What they were made from.
    """

    evaluation: Evaluation
    totals: QuantityTotals


@dataclass(frozen=True)
class QuantityJudging:
    """
    Figures of errors, decisions by intervals and shifts.

    Parameters
    ----------
    task : Task
    """

    task: Task

    def evaluate(self, answers: StreamedAnswers, folder: Path, metric: str | None = None) -> QuantityEvaluation:
        """Return the figures of predictions."""
        totals = totals_of(self._stream(answers, self.task.usual_decision))
        return QuantityEvaluation(evaluate_quantity_stream(totals), totals)

    def decide(self, answers: StreamedAnswers, evaluated: QuantityEvaluation, rule: Rule) -> Decision:
        """Choose the interval, or the shift, as `choose_quantity_decision` does."""
        n, shift = answers.rows, None
        if rule.kind == "newsvendor":
            rank = max(math.ceil(n * least_cost_share(rule)) - 1, 0)
            shift = (_ranked(lambda: _errors(answers), [rank])[0],)

        def interval(coverage: float) -> Interval:
            refuse_few_rows(n, coverage)
            moved, scaled = 0.0 if shift is None else shift[0], _is_scaled(answers)
            low, high = _ranked(lambda: _errors(answers, moved, scaled=scaled), list(conformal_ranks(n, coverage)))
            return Interval(coverage, (low,), (high,), scaled=scaled, positive=evaluated.totals.range[0] >= 0)

        return decision_around(rule, n, shift, interval)

    def at(self, answers: StreamedAnswers, evaluated: QuantityEvaluation, decision: Decision) -> Evaluation:
        """Return the figures at a decision."""
        if decision.is_own:
            return evaluated.evaluation
        totals = totals_of(self._stream(answers, decision))
        if decision.shift is None:
            return with_intervals(evaluated.evaluation, totals)
        return evaluate_quantity_stream(totals)

    def board(
        self,
        answers: Mapping[str, StreamedAnswers],
        evaluated: Mapping[str, QuantityEvaluation],
        metric: str,
        seconds: Mapping[str, float],
    ) -> LeaderBoard:
        """Order candidates, and compare each with the best and the baseline."""
        totals = {name: one.totals for name, one in evaluated.items()}
        estimates = {name: one.evaluation.metrics[metric] for name, one in evaluated.items()}
        return quantity_board(totals, estimates, metric, seconds, BASELINE)

    def agreement(self, answers: StreamedAnswers, evaluated: QuantityEvaluation) -> float | None:
        """Return None: rows are drawn by their content, so that folds of a quantity differ by chance."""
        return None

    def write_curves(self, path: Path, candidates: Mapping[str, Any]) -> None:
        """Write none: quantities have no scores."""

    def _stream(self, answers: StreamedAnswers, decision: Decision) -> QuantityStream:
        coverage = None if decision.interval is None else decision.interval.coverage

        def blocks() -> Iterator[ColumnBlock]:
            for block in answers.blocks():
                at = self.task.apply(decision, answers.own(block))
                low, high = (None, None) if coverage is None else (at.scores[:, 0], at.scores[:, 1])
                yield ColumnBlock(Column(block.y, at.predicted, low, high, coverage), block.fold)

        return QuantityStream(answers.candidate, answers.rows, answers.folds, blocks)


def _is_scaled(answers: StreamedAnswers) -> bool:
    """Whether the difficulty of the rows is known."""
    return any(block.scores.shape[1] > 1 for block in itertools.islice(answers.blocks(), 1))


def _ranked(errors: Callable[[], Iterator[Floats]], ranks: list[int]) -> list[float]:
    """Return errors by their ranks."""

    def of_one_group() -> Iterator[tuple[Floats, NDArray[np.int64]]]:
        for some in errors():
            yield some, np.zeros(len(some), np.int64)

    return order_statistics(of_one_group, 1, [[]], ranks)[1]


def _errors(answers: StreamedAnswers, moved: float = 0.0, *, scaled: bool = False) -> Iterator[Floats]:
    """Give true values less predictions that are moved, block by block; scaled in units of the difficulty of a row."""
    for block in answers.blocks():
        errors = block.y - (block.scores[:, 0] + moved)
        yield errors / block.scores[:, 1] if scaled else errors
