"""Rows unlike those that a model was trained on: an unseen category, a number out of range, a missing column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.errors import DataError
from tenfold.record.bundle import Classifier

__all__ = ["completed", "extrapolations", "flag_column", "flags_of"]

_WORDS = {
    "unseen": "was in no training row",
    "out of range": "is beyond the values of all training rows",
    "unreadable": "cannot be read as those of the training rows",
}


def completed(classifier: Classifier, data: Dataset, strict: bool) -> tuple[Any, tuple[str, ...]]:
    """Return the instances with the columns that they lack, empty, and the names of these; as they are where strict."""
    complete = getattr(classifier.schema, "completed", None)
    return (data.X, ()) if strict or complete is None else complete(data.X)


def flags_of(
    classifier: Classifier, X: Any, absent: tuple[str, ...], source: str, strict: bool
) -> dict[str, NDArray[np.bool_]]:
    """
    Mark the rows of each flag, such as ``unseen: deck``.

    Parameters
    ----------
    classifier : Classifier
    X : n instances
        As its schema takes them.
    absent : tuple of str
        Columns that were filled in.
    source : str
        For messages.
    strict : bool
        Refuse the first flag.

    Raises
    ------
    DataError
        A flag, where `strict`.
    """
    marks = getattr(classifier.schema, "flags", None)
    by_column = {} if marks is None else marks(X)
    if strict and by_column:
        (what, column), rows = next(iter(by_column.items()))
        raise DataError(
            f"its value {_WORDS[what]} ({int(rows.sum()):,} such), and --strict refuses it",
            where=source, row=int(rows.argmax()) + 1, column=column,
            do="correct it, or leave out --strict to have it flagged",
        )  # fmt: skip
    whole = {f"missing: {name}": np.ones(int(X.shape[0]), bool) for name in absent}
    return whole | {f"{what}: {column}": rows for (what, column), rows in by_column.items()}


def extrapolations(classifier: Classifier, predicted: NDArray[Any]) -> dict[str, NDArray[np.bool_]]:
    """
    Mark rows whose predicted quantity is beyond the values of all training rows; nothing of classes.

    Parameters
    ----------
    classifier : Classifier
    predicted : ndarray of n rows
        At its decision.
    """
    ranges = classifier.provenance.get("target_range")
    if ranges is None or predicted.dtype.kind != "f":
        return {}
    columns = predicted.reshape(len(predicted), -1).T
    marks = {
        f"extrapolates: {name}": (values < low) | (values > high)
        for name, values, (low, high) in zip(classifier.task.classes, columns, ranges, strict=True)
    }
    return {name: rows for name, rows in marks.items() if rows.any()}


def flag_column(marks: Mapping[str, NDArray[np.bool_]], n: int) -> dict[str, NDArray[Any]]:
    """
    Return the flags of each row as a column of text; nothing where no row has any.

    Examples
    --------
    >>> flag_column({"unseen: a": np.array([True, False]), "missing: b": np.array([True, True])}, 2)["flags"].tolist()
    ['unseen: a; missing: b', 'missing: b']
    """
    if not marks:
        return {}
    texts: list[list[str]] = [[] for _ in range(n)]
    for flag, rows in marks.items():
        for row in np.flatnonzero(rows).tolist():
            texts[row].append(flag)
    return {"flags": np.array(["; ".join(one) for one in texts], object)}
