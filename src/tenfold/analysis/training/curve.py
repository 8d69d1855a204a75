"""How the error fell while a model was fitted: what is known of it, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

__all__ = ["Measure", "Reason", "TrainingCurve", "Unit", "before_late", "nearest_stage", "read_training_curve"]

Reason = Literal["held-out", "training", "slope", "most"]
Unit = Literal["round", "epoch", "step"]
Measure = Literal["rmse", "mae", "log_loss"]

_LATE = 0.8
_FALLS, _RISES = 0.005, 0.01


@dataclass(frozen=True)
class TrainingCurve:
    """
    The error of a model after each of some stages of its fit.

    Parameters
    ----------
    unit : {"round", "epoch", "step"}
        A tree more, a pass over the rows, a step against the gradient of all rows.
    measure : {"rmse", "mae", "log_loss"}
    stages : tuple of int
        In order, the last one being all that were made.
    training, held_out : tuple of float
        The error after each stage, on rows that the model is fitted on, and on rows that it is not.
    rows, held_out_rows : int
        So many of each.
    own : bool
        Whether the held-out rows are those that the model keeps back itself, by which it stops; otherwise neither its
        fit nor its stopping has seen them.
    best : int
        The stage whose state the model predicts with.
    reason : {"held-out", "training", "slope", "most"}
        Why it stopped: rows that it keeps back gained no more, or its training rows; nothing is left to descend; all
        that are allowed were made.
    patience : int or None
        Stages without gain after which it stops.
    late, past : tuple of float, or None
        Ends of 95 % intervals (Student's t, of the differences row by row) of what was added to the mean loss of the
        held-out rows: by the last fifth of the stages, and by those between the lowest error and the state that the
        model predicts with. None where the loss of single rows is not known.
    """

    unit: Unit
    measure: Measure
    stages: tuple[int, ...]
    training: tuple[float, ...]
    held_out: tuple[float, ...]
    rows: int
    held_out_rows: int
    own: bool
    best: int
    reason: Reason
    patience: int | None = None
    late: tuple[float, float] | None = None
    past: tuple[float, float] | None = None

    @property
    def lowest(self) -> int:
        """Place of the stage with the lowest error of held-out rows."""
        return int(np.argmin(self.held_out))

    @property
    def kept(self) -> int:
        """Place of the stage, among those drawn, that is nearest to the one the model predicts with."""
        return nearest_stage(self.stages, self.best)

    @property
    def ending(self) -> Literal["falling", "rising", "level"]:
        """
        Whether the error of held-out rows was still falling at the end, or had risen again.

        By more than a 200th in the last fifth of the stages, or a 100th above its lowest, and beyond chance where that
        can be said.
        """
        last, before = self.held_out[-1], self.held_out[before_late(self.stages)]
        if before - last > _FALLS * before and (self.late is None or self.late[1] < 0):
            return "falling"
        excess = self.held_out[self.kept] - self.held_out[self.lowest]
        if excess > _RISES * self.held_out[self.lowest] and (self.past is None or self.past[0] > 0):
            return "rising"
        return "level"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def before_late(stages: Sequence[int]) -> int:
    """Return the place of the stage at which the last fifth begins."""
    return max(0, min(int(np.searchsorted(stages, _LATE * stages[-1])), len(stages) - 2))


def nearest_stage(stages: Sequence[int], stage: int) -> int:
    """Return the place of the stage that is nearest to a number of them."""
    return int(np.argmin(np.abs(np.array(stages) - stage)))


def read_training_curve(plain: Mapping[str, Any]) -> TrainingCurve:
    """Read what `TrainingCurve.as_dict` gave."""
    lines = {key: tuple(plain[key]) for key in ("stages", "training", "held_out")}
    ends = {key: None if plain[key] is None else tuple(plain[key]) for key in ("late", "past")}
    return TrainingCurve(**{**plain, **lines, **ends})
