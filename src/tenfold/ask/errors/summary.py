"""Errors as plain data, for other programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.errors.errors import Errors
from tenfold.figures.comparison.similarity import class_groups, similar_order
from tenfold.figures.curves.readings import READINGS, cells_over_folds, cells_with_intervals, most_confused, read_matrix

__all__ = ["overview"]


def overview(found: Errors, by: str) -> dict[str, Any]:
    """
    Give the matrix, one reading of it with intervals and spread over folds, and what follows from it.

    Parameters
    ----------
    found : Errors
    by : str
        One of `READINGS`.

    Returns
    -------
    dict
        Plain values; what is undefined is None.
    """
    names = found.task.classes
    return {
        "candidate": found.candidate,
        "part": found.part,
        "rows": len(found.y),
        "wrong": found.wrong,
        "classes": list(names),
        "confusion_matrix": found.matrix.tolist(),
        "reading": _reading(found, by),
        "order_by_confusion": [names[code] for code in similar_order(found.matrix)],
        "groups": [[names[code] for code in group] for group in class_groups(found.matrix)],
        "most_confused": [
            {**asdict(one), "actual": names[one.actual], "predicted": names[one.predicted]}
            for one in most_confused(found.matrix)
        ],
        "wrong_by_every_candidate": found.lines["row"].iloc[found.everyone_wrong()].tolist(),
    }


def _reading(found: Errors, by: str) -> dict[str, Any]:
    low, high = cells_with_intervals(found.matrix, by)
    parts = {"value": read_matrix(found.matrix, by), "low": low, "high": high}
    if found.part == "out of fold":
        parts["fold_low"], parts["fold_high"] = cells_over_folds(found.fold_matrices, by)
    told = "" if by == "counts" else "Wilson 95%"
    return {"by": by, "of": READINGS[by], "interval": told, **{name: _plain(values) for name, values in parts.items()}}


def _plain(values: NDArray[np.float64]) -> list[list[float | None]]:
    return [[None if np.isnan(value) else value for value in row] for row in values.tolist()]
