"""The record of a run from its figures: what stands in ``metrics.json`` of each candidate, and of the whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Protocol

from tenfold.decision.decision import Decision
from tenfold.figures import Choice, Evaluation, LeaderBoard, Standing
from tenfold.figures.comparison.tuning import Tuning
from tenfold.record.entries.metrics import (
    Augmentation,
    BesideBaseline,
    CandidateRecord,
    ChoiceRecord,
    DecisionRecord,
    Metrics,
    OperatingPoint,
    ProposalRecord,
    ShuffledRecord,
    TrialRecord,
    TuningRecord,
)
from tenfold.task import Task

__all__ = [
    "Judged",
    "candidate_record",
    "choice_record",
    "decision_record",
    "metrics_of",
    "proposal_record",
    "standing_of",
]


class Cost(Protocol):
    """What judging a candidate took."""

    @property
    def probabilities(self) -> bool:
        """Whether its scores are probabilities."""
        ...

    @property
    def fit_seconds(self) -> Sequence[float]:
        """One a fold."""
        ...

    @property
    def predict_seconds(self) -> Sequence[float]:
        """One a fold."""
        ...

    @property
    def peak_bytes(self) -> int:
        """Largest of the folds."""
        ...


class Judged(Protocol):
    """The figures of one candidate, in memory or streamed."""

    @property
    def result(self) -> Cost:
        """What judging it took."""
        ...

    @property
    def tuning(self) -> Tuning | None:
        """Its settings and the best of them, where it was tuned."""
        ...

    @property
    def default(self) -> Evaluation:
        """At its own decision."""
        ...

    @property
    def decision(self) -> Decision:
        """By the rule asked for."""
        ...

    @property
    def decided(self) -> Evaluation:
        """At that decision."""
        ...

    @property
    def unmet(self) -> str | None:
        """Why the rule cannot be met."""
        ...


def metrics_of(
    task: Task,
    target: str | None,
    figures: Mapping[str, Judged],
    board: LeaderBoard,
    choice: Choice,
    *,
    test: Evaluation,
    test_baseline: Evaluation,
    test_openings: int,
    failures: Mapping[str, str],
    warnings: Sequence[str],
    augment: Augmentation | None = None,
    leaks: Sequence[str] = (),
    proposal: ProposalRecord | None = None,
    shuffled: ShuffledRecord | None = None,
) -> Metrics:
    """
    Return the figures of a run as its record, candidates in order of the metric.

    Parameters
    ----------
    task : Task
    target : str or None
        The column of the labels, of a table.
    figures : mapping of candidate to Judged
    board : LeaderBoard
    choice : Choice
    test, test_baseline : Evaluation
        Of the model and of the baseline on the test rows.
    test_openings : int
        That the ledger counts.
    failures : mapping of candidate to reason
    warnings : sequence of str
    augment : Augmentation, optional
    leaks : sequence of str
        Columns that give the class away.
    proposal : ProposalRecord, optional
    shuffled : ShuffledRecord, optional
    """
    return Metrics(
        task=task.type,
        target=target,
        classes=task.classes,
        positive=task.positive,
        metric=board.metric,
        chosen=choice.name,
        choice=choice_record(choice),
        candidates={entry.name: candidate_record(figures[entry.name], entry) for entry in board.standings},
        failed=dict(failures),
        augment=augment,
        leaks=tuple(leaks),
        proposal=proposal,
        shuffled=shuffled,
        test=test.metrics,
        test_confusion_matrix=test.confusion_matrix if test.confusion_matrix.size else None,
        test_openings=test_openings,
        test_baseline=test_baseline.metrics,
        warnings=tuple(warnings),
    )


def candidate_record(figures: Judged, place: Standing) -> CandidateRecord:
    """Return the record of one candidate; `place` is its entry on the leader board."""
    cost = figures.result
    return CandidateRecord(
        out_of_fold=figures.default.metrics,
        operating_point=OperatingPoint(
            confusion_matrix=figures.default.confusion_matrix,
            decision=decision_record(figures),
            probabilities=bool(cost.probabilities),
        ),
        tuning=None if figures.tuning is None else _tuning_record(figures.tuning),
        fit_seconds=sum(cost.fit_seconds),
        predict_seconds=sum(cost.predict_seconds),
        peak_bytes=cost.peak_bytes,
        **standing_of(place),
    )


def choice_record(choice: Choice) -> ChoiceRecord:
    """Return the record of why a candidate was chosen."""
    return ChoiceRecord(choice.reason, choice.over, choice.times)


def standing_of(place: Standing) -> dict[str, Any]:
    """Return the fields of a `CandidateRecord` that say how it stands beside the best and the baseline."""
    return {
        "difference_to_best": place.difference,
        "tied_with_best": place.tied_with_best,
        "beside_baseline": BesideBaseline(place.to_baseline, place.beats_baseline),
    }


def decision_record(figures: Judged) -> DecisionRecord:
    """Return the decision of a candidate with its figures there."""
    decided = figures.decided
    return DecisionRecord(
        **_fields(figures.decision),
        unmet=figures.unmet,
        confusion_matrix=decided.confusion_matrix,
        out_of_fold=decided.metrics,
    )


def proposal_record(decision: Decision, evaluation: Evaluation, keys: Sequence[str]) -> ProposalRecord:
    """Return a proposed decision with the figures of these keys out of fold."""
    plain = {key: value for key, value in _fields(decision).items() if key not in {"interval", "shift"}}
    return ProposalRecord(**plain, out_of_fold={key: evaluation.metrics[key] for key in keys})


def _fields(decision: Decision) -> dict[str, Any]:
    return {one.name: getattr(decision, one.name) for one in fields(decision)}


def _tuning_record(tuning: Tuning) -> TuningRecord:
    trials = tuple(TrialRecord(dict(one.setting), one.folds, one.mean) for one in tuning.trials)
    return TuningRecord(tuning.how, tuning.metric, tuning.chosen, dict(tuning.setting), tuning.by_fold, trials)
