"""Candidates judged from streamed answers: figures at their own decision and at the one asked for, and the choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.candidates.entry import BASELINE
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.decision.stretches import deciding_curve
from tenfold.decision.threshold import decision_on_curve
from tenfold.errors import UsageError
from tenfold.figures import Choice, Evaluation, LeaderBoard
from tenfold.figures.comparison.tuning import Tuning
from tenfold.figures.streamed.comparison import streamed_board
from tenfold.figures.streamed.evaluate import StreamedEvaluation, at_threshold, evaluate_streamed
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.figures.streamed.ranking import stretches
from tenfold.line.memory.judgement import choice_among
from tenfold.task import Task

__all__ = ["Cost", "Figures", "StreamedJudgement", "judge_streamed", "streamed_decision", "streamed_judgement"]


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
    streamed : StreamedEvaluation
    decision : Decision
        By the rule asked for; arg max where the rule cannot be met.
    decided : Evaluation
        At that decision.
    unmet : str or None
        Why the rule cannot be met.
    """

    answers: StreamedAnswers
    result: Cost
    streamed: StreamedEvaluation
    decision: Decision
    decided: Evaluation
    unmet: str | None
    tuning: Tuning | None = None

    @property
    def default(self) -> Evaluation:
        """Figures at its own decision."""
        return self.streamed.evaluation


@dataclass(frozen=True, eq=False)
class StreamedJudgement:
    """All candidates in the order judged, the board, and the choice."""

    candidates: dict[str, Figures]
    board: LeaderBoard
    choice: Choice

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
    board = streamed_board(task, by_candidate, evaluated, metric, seconds, BASELINE)
    return StreamedJudgement(figures, board, choice_among(board, {name: one.unmet for name, one in figures.items()}))


def judge_streamed(
    task: Task, answers: StreamedAnswers, cost: Cost, rule: Rule, folder: Path, metric: str | None = None
) -> Figures:
    """Compute the figures of one candidate, and its decision by the rule."""
    folder.mkdir(parents=True, exist_ok=True)
    figures = evaluate_streamed(task, answers, folder, metric)
    unmet = None
    decision = Decision("argmax", "argmax", positive=task.positive)
    try:
        decision = streamed_decision(task, answers, figures, rule)
    except UsageError as fault:
        unmet = str(fault)
    decided = figures.evaluation
    if decision.threshold is not None:
        decided = at_threshold(task, answers, figures, decision.threshold)
    return Figures(answers, cost, figures, decision, decided, unmet)


def streamed_decision(task: Task, answers: StreamedAnswers, figures: StreamedEvaluation, rule: Rule) -> Decision:
    """
    Choose the operating point as `choose_decision` does.

    Raises
    ------
    UsageError
        No threshold meets the rule.
    """
    if rule.kind == "argmax" or task.positive is None:
        return Decision(rule.text, "argmax", positive=task.positive)
    class_rows = figures.survey.counts.sum(axis=1)
    curve = deciding_curve(rule, stretches(figures.survey.ordered[0], class_rows), answers.rows)
    return decision_on_curve(rule, curve, task.positive)
