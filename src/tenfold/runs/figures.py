"""``metrics.json``: every figure of a run with its interval, n and provenance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from tenfold.evaluation import Evaluation, Standing
from tenfold.runs.judgement import CandidateFigures, Judgement
from tenfold.runs.soundness import SCHEMA
from tenfold.task import Task

__all__ = ["candidate_entry", "decision_entry", "evaluation_entry", "metrics_file"]


def metrics_file(
    task: Task,
    target: str | None,
    judgement: Judgement,
    failures: Mapping[str, str],
    growth: Mapping[str, Any],
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
    judgement : Judgement
    failures : mapping of candidate to reason
    growth : mapping
        The entry about grown training rows; empty where they were not.
    tests : mapping
        The entries about the test part.
    warnings : sequence of str
    """
    candidates = {
        entry.name: candidate_entry(judgement.candidates[entry.name], entry) for entry in judgement.board.standings
    }
    return {
        "schema": SCHEMA,
        "task": task.type,
        "target": target,
        "classes": list(task.classes),
        "positive": task.positive,
        "metric": judgement.board.metric,
        "chosen": judgement.chosen,
        "candidates": candidates,
        "failed": dict(failures),
        **growth,
        **tests,
        "warnings": list(warnings),
    }


def candidate_entry(figures: CandidateFigures, place: Standing) -> dict[str, Any]:
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
        "difference_to_best": None if place.difference is None else asdict(place.difference),
        "tied_with_best": place.tied_with_best,
    }


def decision_entry(figures: CandidateFigures) -> dict[str, Any]:
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
