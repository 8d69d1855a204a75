"""Studies of a finished run as they stand in JSON; one that does not fit counts as one that was not made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from tenfold.record.entries.typed_json import MisfitError

__all__ = ["ImportanceRecord", "LearningRecord", "MapRecord"]

Numbers = tuple[float, ...]


@dataclass(frozen=True)
class PartRecord:
    """What shuffling a column, or a patch of pixels, costs."""

    part: str
    drop: float | None
    low: float | None
    high: float | None
    patch: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        _refuse(None if self.patch is None else _unlike([self.patch], 4), "patch")


@dataclass(frozen=True)
class DependenceRecord:
    """How predictions move along a column."""

    column: str
    kind: Literal["number", "value"]
    places: tuple[Any, ...]
    mean: Numbers
    low: Numbers
    high: Numbers
    rows: int

    def __post_init__(self) -> None:
        _refuse(_unlike([self.mean, self.low, self.high], len(self.places)), "places")
        wanted = (int, float) if self.kind == "number" else (str,)
        _refuse(None if all(isinstance(one, wanted) for one in self.places) else "are of another kind", "places")


@dataclass(frozen=True)
class PathRecord:
    """Weights at several penalties."""

    names: tuple[str, ...]
    alphas: Numbers
    weights: tuple[Numbers, ...]
    own: float

    def __post_init__(self) -> None:
        _refuse(_unlike(self.weights, len(self.names)), "weights")
        _refuse(_unlike([self.weights], len(self.alphas)), "weights")
        _refuse(_unrising(self.alphas), "alphas")
        _refuse(None if self.own in self.alphas else "is none of the penalties", "own")


@dataclass(frozen=True)
class TrainingRecord:
    """How the error fell while a model was fitted."""

    unit: Literal["round", "epoch", "step"]
    measure: Literal["rmse", "mae", "log_loss"]
    stages: tuple[int, ...]
    training: Numbers
    held_out: Numbers
    rows: int
    held_out_rows: int
    own: bool
    best: int
    reason: Literal["held-out", "training", "slope", "most"]
    patience: int | None
    late: Numbers | None
    past: Numbers | None

    def __post_init__(self) -> None:
        _refuse(_unlike([self.training, self.held_out], len(self.stages)), "stages")
        _refuse(_unrising(self.stages), "stages")
        _refuse(None if min(*self.training, *self.held_out) >= 0 else "is below 0", "held_out")
        _refuse(None if 1 <= self.best <= self.stages[-1] else "is none of the stages", "best")
        _refuse(_unlike([one for one in (self.late, self.past) if one is not None], 2), "late")


@dataclass(frozen=True)
class ImportanceRecord:
    """What predictions rest on, and what was found out with the same models."""

    n: int
    folds: int
    repeats: int
    parts: tuple[PartRecord, ...]
    image_shape: tuple[int, ...] | None = None
    dependence: tuple[DependenceRecord, ...] = ()
    path: PathRecord | None = None
    training: TrainingRecord | None = None

    def __post_init__(self) -> None:
        _refuse(None if self.image_shape is None else _unlike([self.image_shape], 2), "image_shape")


@dataclass(frozen=True)
class GainRecord:
    """What more rows brought, or a figure with its interval."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class PointRecord:
    """One size of a learning curve."""

    rows: int
    value: float | None
    low: float | None
    high: float | None
    gain: GainRecord | None
    fitted: Any = None


@dataclass(frozen=True)
class LearningRecord:
    """A learning curve, the sizes in order."""

    points: tuple[PointRecord, ...]

    def __post_init__(self) -> None:
        _refuse(_unrising([one.rows for one in self.points]), "points")


@dataclass(frozen=True)
class MapRecord:
    """Places of some rows on a map."""

    method: str
    rows: tuple[int, ...]
    places: tuple[Numbers, ...]

    def __post_init__(self) -> None:
        _refuse(_unlike([self.places], len(self.rows)) or _unlike(self.places, 2), "places")


def _refuse(fault: str | None, name: str) -> None:
    if fault is not None:
        raise MisfitError(fault, (name,))


def _unlike(lists: Sequence[Sequence[Any]], length: int) -> str | None:
    wrong: Iterator[int] = (len(one) for one in lists if len(one) != length)
    return next((f"has {found} values where {length} belong" for found in wrong), None)


def _unrising(values: Sequence[float]) -> str | None:
    rising = bool(values) and values[0] > 0 and all(low < high for low, high in pairwise(values))
    return None if rising else "does not rise from above 0"
