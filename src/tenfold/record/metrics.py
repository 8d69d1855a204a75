"""``metrics.json``: every figure of a run with its interval, n and provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from tenfold.decision.decision import Decision
from tenfold.decision.tuning import Tuning
from tenfold.figures import Choice, Evaluation, LeaderBoard, Standing
from tenfold.record.reading import SCHEMA
from tenfold.task import Task

__all__ = [
    "Judged",
    "candidate_entry",
    "decision_entry",
    "evaluation_entry",
    "metrics_file",
    "standing_entry",
    "test_entries",
]


class Spent(Protocol):
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
    """The figures of one candidate, however they were come by."""

    @property
    def result(self) -> Spent:
        """What it took."""
        ...

    @property
    def tuning(self) -> Tuning | None:
        """What came of its settings, where it tried several."""
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


def test_entries(evaluation: Evaluation, baseline: Evaluation, openings: int) -> dict[str, Any]:
    """Lay out what the one opening of the test part has shown; `openings` counts those of its ledger."""
    return {
        "test": evaluation_entry(evaluation),
        "test_confusion_matrix": evaluation.confusion_matrix.tolist(),
        "test_openings": openings,
        "test_baseline": evaluation_entry(baseline),
    }


def metrics_file(
    task: Task,
    target: str | None,
    judged: Mapping[str, Judged],
    board: LeaderBoard,
    choice: Choice,
    failures: Mapping[str, str],
    more: Mapping[str, Any],
    tests: Mapping[str, Any],
    warnings: Sequence[str],
) -> dict[str, Any]:
    """
    Lay out the figures of a run as the public contract says; candidates in order of the metric.

    Parameters
    ----------
    task : Task
    target : str or None
        The column of the labels, for tables.
    judged : mapping of candidate to Judged
    board : LeaderBoard
    choice : Choice
    failures : mapping of candidate to reason
    more : mapping
        Entries that not every run has: about grown training rows, a proposed decision.
    tests : mapping
        The entries about the test part.
    warnings : sequence of str
    """
    candidates = {entry.name: candidate_entry(judged[entry.name], entry) for entry in board.standings}
    return {
        "schema": SCHEMA,
        "task": task.type,
        "target": target,
        "classes": list(task.classes),
        "positive": task.positive,
        "metric": board.metric,
        "chosen": choice.name,
        "choice": choice.as_dict(),
        "candidates": candidates,
        "failed": dict(failures),
        **more,
        **tests,
        "warnings": list(warnings),
    }


def candidate_entry(figures: Judged, place: Standing) -> dict[str, Any]:
    """Lay out one candidate; `place` is its entry on the leader board."""
    result = figures.result
    return {
        "out_of_fold": evaluation_entry(figures.default),
        "confusion_matrix": figures.default.confusion_matrix.tolist(),
        "decision": decision_entry(figures),
        "probabilities": result.probabilities,
        **({} if figures.tuning is None else {"tuning": figures.tuning.as_dict()}),
        "fit_seconds": sum(result.fit_seconds),
        "predict_seconds": sum(result.predict_seconds),
        "peak_bytes": result.peak_bytes,
        **standing_entry(place),
    }


def standing_entry(place: Standing) -> dict[str, Any]:
    """Lay out how a candidate stands beside the best and the baseline."""
    return {
        "difference_to_best": None if place.difference is None else asdict(place.difference),
        "tied_with_best": place.tied_with_best,
        "difference_to_baseline": None if place.to_baseline is None else asdict(place.to_baseline),
        "beats_baseline": place.beats_baseline,
    }


def decision_entry(figures: Judged) -> dict[str, Any]:
    """Lay out the decision of a candidate and its figures there."""
    return {
        **figures.decision.as_dict(),
        **({} if figures.unmet is None else {"unmet": figures.unmet}),
        "confusion_matrix": figures.decided.confusion_matrix.tolist(),
        "out_of_fold": evaluation_entry(figures.decided),
    }


def evaluation_entry(evaluation: Evaluation) -> dict[str, Any]:
    """Lay out the figures of an evaluation."""
    return {name: estimate.as_dict() for name, estimate in evaluation.metrics.items()}
