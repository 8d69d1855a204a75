"""Candidates judged from streamed answers: figures at their own decision and at the one asked for, and the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.errors import UsageError
from tenfold.figures import Choice, Evaluation, LeaderBoard
from tenfold.figures.comparison.tuning import Tuning
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.line.memory.judgement import choice_among
from tenfold.line.streamed.judging import judging_of
from tenfold.task import Task

__all__ = ["Cost", "Figures", "StreamedJudgement", "judge_streamed", "streamed_judgement"]


@dataclass(frozen=True)
class Cost:
    """
    What judging a candidate took.

    Parameters
    ----------
    probabilities : bool
    fit_seconds, predict_seconds : tuple of float
        One a fold.
    peak_bytes : int
        Largest of the folds.
    """

    probabilities: bool
    fit_seconds: tuple[float, ...]
    predict_seconds: tuple[float, ...]
    peak_bytes: int


@dataclass(frozen=True, eq=False)
class Figures:
    """
    All figures of one candidate.

    Parameters
    ----------
    answers : StreamedAnswers
    result : Cost
    streamed : Evaluated
        At its own decision.
    decision : Decision
        By the rule asked for; the candidate's own where the rule cannot be met.
    decided : Evaluation
        At that decision.
    unmet : str or None
        Why the rule cannot be met.
    """

    answers: StreamedAnswers
    result: Cost
    streamed: Any
    decision: Decision
    decided: Evaluation
    unmet: str | None
    tuning: Tuning | None = None

    @property
    def default(self) -> Evaluation:
        """Figures at its own decision."""
        evaluation: Evaluation = self.streamed.evaluation
        return evaluation


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
