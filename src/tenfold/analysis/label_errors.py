"""Rows whose label is probably wrong: the model, not having seen it, is sure of another class."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Suspect", "suspect_labels"]


@dataclass(frozen=True)
class Suspect:
    """
    A label worth a second look.

    Parameters
    ----------
    position : int
        Of the row.
    given, suggested : int
        Class codes: the label as it is, and the likeliest class.
    of_given, of_suggested : float
        Their out-of-fold probabilities.
    """

    position: int
    given: int
    suggested: int
    of_given: float
    of_suggested: float


def suspect_labels(y: NDArray[np.int64], probabilities: NDArray[np.float64]) -> list[Suspect]:
    """
    Find labels that are probably wrong, the most suspicious first.

    Confident learning (Northcutt et al., 2021, JAIR 70:1373) by cleanlab, on probabilities from models that have not
    seen the row.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Labels as codes.
    probabilities : ndarray of float64, shape (n,) for two classes (of the second), else (n, k)
        Out of fold.

    Examples
    --------
    >>> y = np.repeat([0, 1], 20)
    >>> p = np.where(y == 1, 0.9, 0.1)
    >>> y[3] = 1
    >>> [(one.position, one.given, one.suggested) for one in suspect_labels(y, p)]
    [(3, 1, 0)]
    """
    from cleanlab.filter import find_label_issues

    table = np.stack([1 - probabilities, probabilities], axis=1) if probabilities.ndim == 1 else probabilities
    if len(np.unique(y)) < table.shape[1]:
        return []
    found = find_label_issues(y, table, return_indices_ranked_by="self_confidence", n_jobs=1)
    suspects = []
    for position in found:
        suggested, given = int(table[position].argmax()), int(y[position])
        if suggested != given:
            chances = float(table[position, given]), float(table[position, suggested])
            suspects.append(Suspect(int(position), given, suggested, *chances))
    return suspects
