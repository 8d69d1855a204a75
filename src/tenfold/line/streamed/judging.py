"""How streamed predictions are judged, by the task: classes, or quantities."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.figures import Evaluation, LeaderBoard
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.line.streamed.class_judging import ClassJudging
from tenfold.line.streamed.quantity_judging import QuantityJudging
from tenfold.task import Task

__all__ = ["Evaluated", "Judging", "judging_of"]


class Evaluated(Protocol):
    """The figures of a candidate at its own decision, and what is kept for other ones."""

    @property
    def evaluation(self) -> Evaluation:
        """The figures."""
        ...


class Judging(Protocol):
    """All that judging needs, for one task."""

    def evaluate(self, answers: StreamedAnswers, folder: Path, metric: str | None = None) -> Any:
        """Return the `Evaluated` of predictions; `folder` is for files on the way, `metric` orders candidates."""
        ...

    def decide(self, answers: StreamedAnswers, evaluated: Any, rule: Rule) -> Decision:
        """Choose as `Task.decide` does; raises UsageError where the rule cannot be met."""
        ...

    def at(self, answers: StreamedAnswers, evaluated: Any, decision: Decision) -> Evaluation:
        """Return the figures at another decision than the candidate's own."""
        ...

    def board(
        self,
        answers: Mapping[str, StreamedAnswers],
        evaluated: Mapping[str, Any],
        metric: str,
        seconds: Mapping[str, float],
    ) -> LeaderBoard:
        """Order candidates, and compare each with the best and the baseline on the same rows."""
        ...

    def agreement(self, answers: StreamedAnswers, evaluated: Any) -> float | None:
        """Return how likely chance alone makes the folds differ as they do; None where that is not tested."""
        ...

    def write_curves(self, path: Path, candidates: Mapping[str, Any]) -> None:
        """Write what a page draws of the scores of each candidate, from its answers and figures."""
        ...


def judging_of(task: Task) -> Judging:
    """Return how predictions for a task are judged."""
    return QuantityJudging(task) if task.numeric else ClassJudging(task)
