"""Candidates judged: figures at their own decision and at the one asked for, and which of them is chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import BASELINE
from tenfold.candidates.scores import Predictions
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.errors import CheckFailedError, UsageError
from tenfold.figures import Choice, Contender, Evaluation, LeaderBoard, brier_of, choose, leader_board
from tenfold.figures.comparison.tuning import Tuning, chosen_setting
from tenfold.folds.loop import CandidatePredictions
from tenfold.folds.result import OutOfFold
from tenfold.line.memory.prepared import Prepared
from tenfold.record.entries.metrics import ShuffledRecord
from tenfold.task import Task

__all__ = ["CandidateFigures", "Judgement", "choice_among", "judge", "judgement"]


@dataclass(frozen=True, eq=False)
class CandidateFigures:
    """
    All figures of one candidate, from its out-of-fold predictions.

    Parameters
    ----------
    result : OutOfFold
    tuning : Tuning or None
        What came of its settings, where it tried several.
    default : Evaluation
        At the candidate's own decision.
    decision : Decision
        By the rule asked for; arg max where the rule cannot be met.
    decided : Evaluation
        At that decision.
    in_force : Predictions
        At that decision.
    unmet : str or None
        Why the rule cannot be met, with the best reachable value.
    """

    result: OutOfFold
    tuning: Tuning | None
    default: Evaluation
    decision: Decision
    decided: Evaluation
    in_force: Predictions
    unmet: str | None


@dataclass(frozen=True, eq=False)
class Judgement:
    """
    All candidates, in order of the metric, and the chosen one.

    Parameters
    ----------
    candidates : dict of str to CandidateFigures
        In the order judged.
    board : LeaderBoard
    choice : Choice
    complaints : mapping of str to tuple of str
        Warnings of libraries about a candidate.
    shuffled : ShuffledRecord, optional
        What shuffled folds would say of the chosen candidate.
    difficulty : Pipeline, optional
        Fitted on the sizes of the errors of the chosen candidate, where its intervals scale with them.
    """

    candidates: dict[str, CandidateFigures]
    board: LeaderBoard
    choice: Choice
    complaints: Mapping[str, tuple[str, ...]]
    shuffled: ShuffledRecord | None = None
    difficulty: Any = None

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return self.choice.name


def judgement(prepared: Prepared, predictions: CandidatePredictions, rule: Rule) -> Judgement:
    """
    Compute all figures and choose by `tenfold.figures.comparison.choice`.

    Cost is the catalogue's estimate, not a measured time, so that the choice repeats.

    Raises
    ------
    CheckFailedError
        No candidate meets the rule; the message gives the best reachable value.
    """
    task, codes, plan = prepared.task, prepared.held_out_codes, prepared.plan
    figures = {name: _candidate_figures(prepared, name, results, rule) for name, results in predictions.results.items()}
    contenders = [
        Contender(
            name=name,
            predicted=f.result.predicted,
            scores=f.result.scores,
            probabilities=f.result.probabilities,
            seconds=plan.candidates[name].seconds(plan.setting.rows, plan.setting.rows),
            estimate=f.default.metrics[str(plan.config.metric)],
            brier=brier_of(f.default.metrics),
        )
        for name, f in figures.items()
    ]
    board = leader_board(
        task, codes, contenders, str(plan.config.metric), baseline=BASELINE, fold=prepared.held_out_folds
    )
    choice = choice_among(board, {name: f.unmet for name, f in figures.items()}, plan.unsavable)
    return Judgement(figures, board, choice, predictions.complaints)


def _candidate_figures(prepared: Prepared, name: str, results: Sequence[OutOfFold], rule: Rule) -> CandidateFigures:
    """A candidate that tries settings is judged by the answers of those that its other folds choose."""
    plan, task, codes = prepared.plan, prepared.task, prepared.held_out_codes
    settings = plan.candidates[name].settings
    if not settings:
        return judge(task, codes, results[0], rule)
    metric = str(plan.config.metric)
    tuning, result = chosen_setting(task, codes, settings, results, how=str(plan.config.tune), metric=metric)
    return judge(task, codes, result, rule, tuning)


def judge(
    task: Task, codes: NDArray[np.int64], result: OutOfFold, rule: Rule, tuning: Tuning | None = None
) -> CandidateFigures:
    """
    Compute the figures of one candidate.

    Parameters
    ----------
    task : Task
    codes : ndarray of int64, shape (n,); of several labels (n, k)
        True classes.
    result : OutOfFold
    rule : Rule
        Asked for; the threshold is chosen on these out-of-fold scores.
    tuning : Tuning, optional
        How the result came about.
    """
    own = Predictions(result.predicted, result.scores, result.probabilities)
    default = _evaluated(task, codes, own, result.fold)
    decision, unmet = _decision(task, codes, own, rule)
    in_force: Predictions = task.apply(decision, own)
    decided = default if decision.is_own else _evaluated(task, codes, in_force, result.fold, decision)
    return CandidateFigures(result, tuning, default, decision, decided, in_force, unmet)


def _evaluated(
    task: Task, y: NDArray[Any], one: Predictions, fold: NDArray[np.int16], decision: Decision | None = None
) -> Evaluation:
    evaluation: Evaluation = task.evaluate(
        y, one.predicted, one.scores, probabilities=one.probabilities, fold=fold, decision=decision
    )
    return evaluation


def _decision(task: Task, y: NDArray[Any], own: Predictions, rule: Rule) -> tuple[Decision, str | None]:
    try:
        return task.decide(rule, y, own.predicted, own.scores, probabilities=own.probabilities), None
    except UsageError as fault:
        return task.usual_decision, str(fault)


def choice_among(board: LeaderBoard, unmet: Mapping[str, str | None], unsavable: Collection[str] = ()) -> Choice:
    """
    Choose among the candidates that meet the rule.

    Parameters
    ----------
    board : LeaderBoard
    unmet : mapping of candidate to str or None
        Why a candidate cannot meet the rule.
    unsavable : collection of str
        Candidates that cannot be saved as a model.

    Raises
    ------
    CheckFailedError
        None but the baseline meets it.
    """
    failing = {name for name, reason in unmet.items() if reason is not None}
    real = [one.name for one in board.standings if one.name != BASELINE] or [BASELINE]
    if failing.issuperset(real):
        raise CheckFailedError(str(unmet[real[0]]))
    return choose(board, baseline=BASELINE, unmet=failing, unsavable=unsavable)
