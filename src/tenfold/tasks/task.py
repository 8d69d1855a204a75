"""What is to be predicted: binary, multiclass, multilabel or multioutput, inferred from the labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.errors import DataError, LimitError, UsageError
from tenfold.text import near, shown

__all__ = ["CLASS_LIMIT", "Task", "TaskType", "infer_task"]

TaskType = Literal["binary", "multiclass", "multilabel", "multioutput"]
TASK_TYPES: tuple[TaskType, ...] = ("binary", "multiclass", "multilabel", "multioutput")
CLASS_LIMIT = 1000
_MANY_NUMBERS = 20


@dataclass(frozen=True)
class Task:
    """
    What is to be predicted.

    Parameters
    ----------
    type : {"binary", "multiclass", "multilabel", "multioutput"}
    classes : tuple of str
        Class names in the order of their codes; ``(negative, positive)`` for binary; the label names for
        multilabel; the output names for multioutput.
    positive : str or None
        The class that a binary detector detects; always ``classes[1]``.
    one_vs_rest : str or None
        The class of a source with more classes that was set against all the rest.

    Examples
    --------
    >>> task = Task("binary", ("not 5", "5"), positive="5", one_vs_rest="5")
    >>> task.encode(np.array(["5", "0", "3"], dtype=object))
    array([1, 0, 0])
    >>> task.decode(np.array([1, 0])).tolist()
    ['5', 'not 5']
    """

    type: TaskType
    classes: tuple[str, ...]
    positive: str | None = None
    one_vs_rest: str | None = None

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the score columns: the positive class alone for binary, else every class."""
        return self.classes[1:] if self.type == "binary" else self.classes

    def encode(self, y: NDArray[Any]) -> NDArray[np.int64]:
        """
        Turn labels as text into class codes.

        Parameters
        ----------
        y : ndarray of str, shape (n,); for multilabel and multioutput, shape (n, k) of bool or number

        Returns
        -------
        ndarray of int64, shape (n,) or (n, k)

        Raises
        ------
        DataError
            A label is none of the classes.
        """
        if self.type in {"multilabel", "multioutput"}:
            return y.astype(np.int64)
        if self.one_vs_rest is not None:
            return np.asarray(y == self.one_vs_rest, dtype=np.int64)
        codes = pd.Index(self.classes, dtype=object).get_indexer(pd.Index(y, dtype=object))
        if (codes < 0).any():
            unknown = min(y[codes < 0].tolist())
            raise DataError(
                f"label '{shown(unknown)}' is none of the {len(self.classes)} classes of the training data",
                do="check the labels, or train again with this class",
            )
        return codes.astype(np.int64)

    def decode(self, codes: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Turn class codes, shape (n,), into class names as text; those of multilabel, shape (n, k), into bool."""
        if self.type == "multilabel":
            return codes.astype(bool)
        return np.asarray(np.array(self.classes, dtype=object)[codes])


def infer_task(
    y: NDArray[Any],
    *,
    asked: str | None = None,
    positive: str | None = None,
    target_names: Sequence[str] = ("label",),
    source: str | None = None,
    rows: int | None = None,
) -> Task:
    """
    Say what is to be predicted from the labels alone, or refuse with the reason.

    Parameters
    ----------
    y : ndarray
        Labels as in `Dataset.y`; none of them missing.
    asked : str, optional
        A task type that overrides what the labels look like.
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
        `asked` or `positive` does not fit the labels.

    Examples
    --------
    >>> infer_task(np.array(["b", "a", "b"], dtype=object)).positive
    'b'
    >>> infer_task(np.array(["0", "1", "2"], dtype=object), positive="2").classes
    ('not 2', '2')
    """
    if asked is not None and asked not in TASK_TYPES:
        raise UsageError(f"unknown task '{shown(asked)}'.{near(asked, TASK_TYPES)}", do="give " + ", ".join(TASK_TYPES))
    if y.ndim == 2:
        return _several_targets(y, asked, positive, tuple(target_names))
    if asked in {"multilabel", "multioutput"}:
        raise UsageError(
            f"--task {asked} needs several target columns, the data have one",
            where=source,
            do="name several with --target, or define labels with --labels" if asked == "multilabel" else None,
        )
    classes = _class_names(y)
    _refuse_unusable(classes, len(y) if rows is None else rows, target_names[0], asked, source)
    if positive is not None:
        return _one_class_against_the_rest(classes, positive, source)
    if asked == "binary" and len(classes) > 2:
        raise UsageError(
            f"--task binary, but there are {len(classes)} classes",
            where=source,
            do="name one with --positive",
        )
    if len(classes) == 2 and asked != "multiclass":
        return Task("binary", classes, positive=classes[1])
    return Task("multiclass", classes)


def _several_targets(y: NDArray[Any], asked: str | None, positive: str | None, names: tuple[str, ...]) -> Task:
    indicator = y.dtype == bool or bool(np.isin(y, (0, 1)).all())
    if asked == "multilabel" and not indicator:
        raise UsageError("--task multilabel needs target columns of 0 and 1")
    if positive is not None or asked in {"binary", "multiclass"}:
        option = f"--positive {shown(positive, 40)}" if positive is not None else f"--task {asked}"
        raise UsageError(f"{option} is for one label a row, the data have {len(names)}", do=f"leave {option} out")
    if len(names) < 2:
        raise UsageError(
            f"one target column ('{shown(names[0], 40)}') in two dimensions: that is no {asked or 'multilabel'} task",
            do="give the labels as one dimension, or two columns or more",
        )
    inferred: TaskType = "multilabel" if indicator else "multioutput"
    return Task(cast("TaskType", asked) if asked in {"multilabel", "multioutput"} else inferred, names)


def _class_names(y: NDArray[Any]) -> tuple[str, ...]:
    """Distinct labels; in order of number where all are numbers, else of text."""
    names = sorted(set(y.tolist()))
    try:
        return tuple(sorted(names, key=lambda name: (float(name), name)))
    except ValueError:
        return tuple(names)


def _refuse_unusable(classes: tuple[str, ...], n: int, target: str, asked: str | None, source: str | None) -> None:
    if len(classes) == 1:
        raise DataError(
            f"every row has the label '{shown(classes[0])}': one class only, nothing to tell apart",
            where=source,
            column=target,
            do="choose another target, or add rows of another class",
        )
    if asked is None and _looks_like_regression(classes, n):
        some = "" if 2 * len(classes) > n else ", or insist with --task multiclass"
        raise DataError(
            f"{len(classes):,} different numbers in {n:,} rows: a quantity to estimate (regression), not classes",
            where=source,
            column=target,
            do=f"choose a target with classes, or put its values into a few groups in the file{some}",
        )
    if len(classes) > CLASS_LIMIT:
        raise LimitError(
            f"{len(classes):,} different labels, over the limit of {CLASS_LIMIT:,} classes: it looks like an id",
            where=source,
            column=target,
            do="choose another target column",
        )


def _looks_like_regression(classes: tuple[str, ...], n: int) -> bool:
    """Fractions, or whole numbers nearly as many as the rows or past any number of classes: classes are neither."""
    try:
        values = np.array([float(name) for name in classes])
    except ValueError:
        return False
    fractions = bool((values != np.round(values)).any())
    return len(classes) > _MANY_NUMBERS and (fractions or len(classes) > min(n / 2, CLASS_LIMIT))


def _one_class_against_the_rest(classes: tuple[str, ...], positive: str, source: str | None) -> Task:
    if positive not in classes:
        few = ", ".join(shown(name, 20) for name in classes[:10])
        raise UsageError(
            f"no class '{shown(positive)}' for --positive.{near(positive, classes)}",
            where=source,
            do=f"give one of {few}",
        )
    if len(classes) == 2:
        return Task("binary", (next(c for c in classes if c != positive), positive), positive=positive)
    return Task("binary", (f"not {positive}", positive), positive=positive, one_vs_rest=positive)
