"""What is to be predicted: the protocol that every task fulfils, and the list of tasks."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = [
    "CLASS_LIMIT",
    "LabelColumns",
    "Task",
    "TaskType",
    "infer_task",
    "is_built_in",
    "is_loss",
    "register_task",
    "task_from_dict",
    "task_types",
]

CLASS_LIMIT = 1000
"""Classes that a task has at most."""


class Task(Protocol):
    """
    What is to be predicted, and everything that depends on it: one object, chosen once.

    `y` is always what `encode` gave: class codes, indicators of labels, clean images. Predictions have its shape.
    """

    @property
    def type(self) -> str:
        """The task in a word, as files and the command line name it."""
        ...

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes in the order of their codes, of the labels, or of the outputs."""
        ...

    @property
    def positive(self) -> str | None:
        """The class that a detector detects, always ``classes[1]``; None for every other task."""
        ...

    @property
    def one_vs_rest(self) -> str | None:
        """The class of a source with more classes that was set against all the rest."""
        ...

    @property
    def several(self) -> bool:
        """Whether several of the classes may be true of a row at once."""
        ...

    @property
    def exclusive(self) -> bool:
        """Whether each row has one of the classes, and only one, so that it can be taken for another."""
        ...

    @property
    def numeric(self) -> bool:
        """Whether numbers are predicted, of which near misses are better than far ones, rather than names."""
        ...

    @property
    def score_names(self) -> tuple[str, ...]:
        """What each score that a model gives is of: a class or a label."""
        ...

    @property
    def score_columns(self) -> tuple[str, ...]:
        """Columns of a file of predictions that stand beside what is predicted: scores, or ends of intervals."""
        ...

    @property
    def headline(self) -> str:
        """Key of the figure that a person asks for first."""
        ...

    @property
    def usual_decision(self) -> Any:
        """The `tenfold.decision.decision.Decision` of a model that predicts as it does by itself."""
        ...

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of all figures, in order."""
        ...

    @property
    def ranking_keys(self) -> tuple[str, ...]:
        """Keys of the figures that can order candidates."""
        ...

    @property
    def summary(self) -> str:
        """What is to be predicted, in a few words: ``10 classes``, ready to show."""
        ...

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON, which `task_from_dict` reads back."""
        ...

    def encode(self, labels: NDArray[Any]) -> NDArray[Any]:
        """Turn labels as they came into `y`; raises DataError where one is none of the task's."""
        ...

    def decode(self, y: NDArray[Any]) -> NDArray[Any]:
        """Turn `y` or predictions into what a file shows."""
        ...

    def to_columns(self, prefix: str, y: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Lay out `y` or predictions as columns of a file of predictions, their names beginning with a prefix."""
        ...

    def from_columns(self, prefix: str, columns: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Read what `to_columns` laid out; raises ValueError where a value is none of the task's."""
        ...

    def draw_test(
        self, y: NDArray[Any], share: float, seed: int, groups: NDArray[np.int64] | None
    ) -> NDArray[np.bool_]:
        """Mark the rows of a test part, shape (n,), so that it is like the rest; groups are not torn apart."""
        ...

    def draw_folds(
        self,
        y: NDArray[Any],
        k: int,
        *,
        groups: NDArray[Any] | None = None,
        shuffle: bool = False,
        seed: int = 42,
        source: str | None = None,
    ) -> NDArray[np.int16]:
        """Return the fold that holds each row out, shape (n,); raises DataError where that is not possible."""
        ...

    def default_candidates(self, setting: Any, folds: int) -> tuple[str, ...]:
        """Return the names of the candidates when none are asked for, the baseline first."""
        ...

    def candidate(self, name: str, setting: Any, trusted: Collection[str] = ()) -> Any:
        """Return the `tenfold.candidates.entry.Candidate` of this name; raises UsageError where there is none."""
        ...

    def predict(self, pipeline: Any, X: Any) -> Any:
        """Return the `tenfold.candidates.scores.Predictions` of a fitted pipeline for some rows."""
        ...

    def lower(self, pipeline: Any, input_type: Any) -> Any:
        """
        Return a fitted pipeline as a `tenfold.program.program.Program` of the same predictions.

        `input_type` is the type of what it takes (`tenfold.program.values`). Raises
        `tenfold.program.builder.NotLoweredError` where a part of it is no program of arrays.
        """
        ...

    def default_metric(self, y: NDArray[Any], weight: NDArray[Any] | None = None) -> str:
        """Return the key of the figure that orders candidates; `weight` counts the rows of each entry of `y`."""
        ...

    def evaluate(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None,
        *,
        probabilities: bool,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
        seed: int = 0,
        resamples: int = 1000,
        decision: Any = None,
    ) -> Any:
        """
        Return the `tenfold.figures.evaluate.Evaluation` of predictions: every figure with its interval.

        `decision` is the one in force, at which predictions and scores are; None: the model's own.
        """
        ...

    def checked_rows(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None,
        *,
        probabilities: bool,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Any:
        """Return rows in the form that `value` and `difference` take; raises where the arrays do not fit together."""
        ...

    def value(self, rows: Any, metric: str) -> float | None:
        """Return one figure of checked rows, None where it is undefined."""
        ...

    def difference(self, first: Any, second: Any, metric: str) -> Any:
        """Return the paired `Difference` of a figure of two candidates on the same rows, None where undefined."""
        ...

    def refuse_rule(self, rule: Any, run: Path | None = None) -> None:
        """Raise UsageError where a decision rule does not go with the task; `run` is one that is decided again."""
        ...

    def decide(
        self, rule: Any, y: NDArray[Any], predicted: NDArray[Any], scores: ArrayLike | None, *, probabilities: bool
    ) -> Any:
        """Return the `tenfold.decision.decision.Decision` that a rule chooses; raises UsageError where it is unmet."""
        ...

    def apply(self, decision: Any, predictions: Any) -> Any:
        """Return the `tenfold.candidates.scores.Predictions` of a model at a decision."""
        ...

    def answer_columns(self, at: Any) -> dict[str, NDArray[Any]]:
        """Return what ``tenfold predict`` writes of `tenfold.candidates.scores.Predictions` at a decision."""
        ...

    def revert(self, decision: Any, predictions: Any) -> Any:
        """Return the model's own `tenfold.candidates.scores.Predictions` from those at a decision."""
        ...


@dataclass(frozen=True, eq=False)
class LabelColumns:
    """
    The labels that a task is inferred from, and what was said about them.

    Parameters
    ----------
    y : ndarray
        As in `tenfold.data.dataset.Dataset.y`; none of them missing.
    positive : str, optional
        The class to detect.
    target_names : tuple of str
        Names of the target columns.
    source : str, optional
        Where the labels came from, for messages.
    rows : int
        How many rows there are; `y` may hold each of their labels once only.
    """

    y: NDArray[Any]
    positive: str | None
    target_names: tuple[str, ...]
    source: str | None
    rows: int


class TaskType(Protocol):
    """What a folder of `tenfold.tasks`, or a task of a user's own, gives to the list of tasks."""

    types: tuple[str, ...]
    """Words of the tasks that it makes."""

    losses: frozenset[str]
    """Names of its figures of which less is better."""

    def infer(self, labels: LabelColumns, name: str | None) -> Task | None:
        """Return the task of these labels, None where they are none of its; raises where they cannot be predicted."""
        ...

    def from_dict(self, plain: Mapping[str, Any]) -> Task:
        """Read what `Task.as_dict` gave; raises ValueError where it is something else."""
        ...


_BUILT_IN = ("tenfold.tasks.labels", "tenfold.tasks.quantities", "tenfold.tasks.classes", "tenfold.tasks.images")
_OWN: list[TaskType] = []


def register_task(task_type: TaskType) -> None:
    """
    Add a task to the list, before those of Tenfold.

    Runs of such a task are judged in this process: a worker process does not know it.

    Raises
    ------
    ValueError
        One of its words is taken.
    """
    words = {word for one in _all() for word in one.types}
    if clash := words.intersection(task_type.types):
        raise ValueError(f"there is a task '{min(clash)}' already")
    _OWN.append(task_type)


def task_types() -> tuple[str, ...]:
    """Return the words of all tasks that can be asked for."""
    return tuple(word for one in _all() for word in one.types)


def is_loss(metric: str) -> bool:
    """
    Whether less of a figure is better.

    Examples
    --------
    >>> is_loss("log_loss_macro"), is_loss("mae:5"), is_loss("roc_auc")
    (True, True, False)
    """
    name = metric.partition(":")[0].removesuffix("_macro")
    return any(name in one.losses for one in _all())


def is_built_in(task: Task) -> bool:
    """Whether a task is one of Tenfold's own, which every worker process knows."""
    return not any(task.type in one.types for one in _OWN)


def infer_task(
    y: NDArray[Any],
    *,
    name: str | None = None,
    positive: str | None = None,
    target_names: Sequence[str] = ("label",),
    source: str | None = None,
    rows: int | None = None,
) -> Task:
    """
    Return what is to be predicted, from the labels alone, or refuse with the reason.

    Parameters
    ----------
    y : ndarray
        Labels as in `tenfold.data.dataset.Dataset.y`; none of them missing.
    name : str, optional
        A word of a task that overrides what the labels look like.
    positive : str, optional
        The class to detect; of three classes or more, it is set against all the rest.
    target_names : sequence of str
        Names of the target columns.
    source : str, optional
        Where the labels came from, for messages.
    rows : int, optional
        How many rows there are, where `y` holds each of their labels once only.

    Raises
    ------
    DataError
        The labels are no classes (one class only, or numbers to be estimated).
    LimitError
        More than 1,000 classes.
    UsageError
        `name` or `positive` does not fit the labels.

    Examples
    --------
    >>> infer_task(np.array(["b", "a", "b"], dtype=object)).positive
    'b'
    >>> infer_task(np.array(["0", "1", "2"], dtype=object), positive="2").classes
    ('not 2', '2')
    """
    words = task_types()
    if name is not None and name not in words:
        raise UsageError(f"unknown task '{shown(name)}'.{near(name, words)}", do="give " + ", ".join(words))
    labels = LabelColumns(y, positive, tuple(target_names), source, len(y) if rows is None else rows)
    for one in _all():
        task = one.infer(labels, name)
        if task is not None:
            return task
    raise UsageError(f"no task predicts labels of shape {y.shape}", where=source, do="give one label a row")


def task_from_dict(plain: Mapping[str, Any]) -> Task:
    """
    Read a task from the plain values of `Task.as_dict`.

    Raises
    ------
    ValueError
        They are no task that is known.
    """
    word = plain.get("type")
    for one in _all():
        if word in one.types:
            return one.from_dict(plain)
    raise ValueError(f"unknown task {word!r}")


def _all() -> list[TaskType]:
    """All tasks; Tenfold's own are loaded when they are first asked for, since they know rooms above this one."""
    return [*_OWN, *(import_module(name).TASK for name in _BUILT_IN)]
