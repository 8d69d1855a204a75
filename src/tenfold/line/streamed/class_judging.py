"""How streamed predictions of classes are judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tenfold.candidates.entry import BASELINE
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.decision.stretches import deciding_curve
from tenfold.decision.threshold import decision_on_curve
from tenfold.figures import Evaluation, LeaderBoard
from tenfold.figures.classes import HasClasses
from tenfold.figures.intervals.significance import fold_agreement_of
from tenfold.figures.streamed.comparison import streamed_board
from tenfold.figures.streamed.evaluate import StreamedEvaluation, at_threshold, evaluate_streamed
from tenfold.figures.streamed.predictions import StreamedAnswers
from tenfold.figures.streamed.ranking import stretches
from tenfold.line.streamed.curves import write_curves

__all__ = ["ClassJudging"]


@dataclass(frozen=True)
class ClassJudging:
    """
    Figures of confusion and of ranking, decisions by thresholds.

    Parameters
    ----------
    task : HasClasses
    """

    task: HasClasses

    def evaluate(self, answers: StreamedAnswers, folder: Path, metric: str | None = None) -> StreamedEvaluation:
        """Return the figures of predictions."""
        folder.mkdir(parents=True, exist_ok=True)
        return evaluate_streamed(self.task, answers, folder, metric)

    def decide(self, answers: StreamedAnswers, evaluated: StreamedEvaluation, rule: Rule) -> Decision:
        """Choose the operating point as `choose_decision` does."""
        positive = self.task.positive
        if rule.kind == "argmax" or positive is None:
            return Decision(rule.text, "argmax", positive=positive)
        class_rows = evaluated.survey.counts.sum(axis=1)
        curve = deciding_curve(rule, stretches(evaluated.survey.ordered[0], class_rows), answers.rows)
        return decision_on_curve(rule, curve, positive)

    def at(self, answers: StreamedAnswers, evaluated: StreamedEvaluation, decision: Decision) -> Evaluation:
        """Return the figures at a decision."""
        if decision.threshold is None:
            return evaluated.evaluation
        return at_threshold(self.task, answers, evaluated, decision.threshold)

    def board(
        self,
        answers: Mapping[str, StreamedAnswers],
        evaluated: Mapping[str, StreamedEvaluation],
        metric: str,
        seconds: Mapping[str, float],
    ) -> LeaderBoard:
        """Order candidates, and compare each with the best and the baseline."""
        return streamed_board(self.task, answers, evaluated, metric, seconds, BASELINE)

    def agreement(self, answers: StreamedAnswers, evaluated: StreamedEvaluation) -> float | None:
        """Return how likely chance alone makes the shares of right rows differ as they do between folds."""
        counts = evaluated.survey.fold_counts
        return fold_agreement_of(counts.trace(axis1=1, axis2=2), counts.sum(axis=(1, 2)))

    def write_curves(self, path: Path, candidates: Mapping[str, Any]) -> None:
        """Write the thinned curves of each candidate."""
        write_curves(path, candidates)
