"""Candidates judged from streamed answers: figures at their own decision and at the one asked for, and the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.pipeline import Pipeline

from tenfold.decision.rule import Rule
from tenfold.errors import UsageError
from tenfold.figures import Choice, LeaderBoard
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.line.memory.judgement import choice_among
from tenfold.line.streamed.figures import Cost, Figures
from tenfold.line.streamed.judging import judging_of
from tenfold.task import Task

__all__ = ["StreamedJudgement", "judge_streamed", "streamed_judgement"]


@dataclass(frozen=True, eq=False)
class StreamedJudgement:
    """All candidates in the order judged, the board, the choice, and what predicts how far off the chosen one is."""

    candidates: dict[str, Figures]
    board: LeaderBoard
    choice: Choice
    difficulty: Pipeline | None = None

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return self.choice.name


def streamed_judgement(
    task: Task,
    predictions: Sequence[tuple[StreamedAnswers, Cost]],
    rule: Rule,
    metric: str,
    seconds: Mapping[str, float],
    folder: Path,
) -> StreamedJudgement:
    """
    Compute all figures and choose, as a run in memory does.

    Parameters
    ----------
    task : Task
    predictions : sequence of (StreamedAnswers, Cost)
    rule : Rule
    metric : str
        Orders the candidates.
    seconds : mapping of candidate to float
        The catalogue's estimate of what each costs.
    folder : Path
        For the work.

    Raises
    ------
    CheckFailedError
        No candidate meets the rule.
    """
    figures = {
        answers.candidate: judge_streamed(task, answers, cost, rule, folder / f"order.{place}", metric)
        for place, (answers, cost) in enumerate(predictions)
    }
    by_candidate = {name: one.answers for name, one in figures.items()}
    evaluated = {name: one.streamed for name, one in figures.items()}
    board = judging_of(task).board(by_candidate, evaluated, metric, seconds)
    return StreamedJudgement(figures, board, choice_among(board, {name: one.unmet for name, one in figures.items()}))


def judge_streamed(
    task: Task, answers: StreamedAnswers, cost: Cost, rule: Rule, folder: Path, metric: str | None = None
) -> Figures:
    """Compute the figures of one candidate, and its decision by the rule."""
    judging = judging_of(task)
    figures = judging.evaluate(answers, folder, metric)
    unmet, decision = None, task.usual_decision
    try:
        decision = judging.decide(answers, figures, rule)
    except UsageError as fault:
        unmet = str(fault)
    return Figures(answers, cost, figures, decision, judging.at(answers, figures, decision), unmet)
