"""All figures of one streamed candidate, and what judging it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.decision.decision import Decision
from tenfold.figures import Evaluation
from tenfold.figures.comparison.tuning import Tuning
from tenfold.figures.streamed.predictions import StreamedAnswers

__all__ = ["Cost", "Figures"]


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
