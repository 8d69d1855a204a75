"""Where a candidate is weak, all of it together: slices, rows nobody gets right, doubtful labels, near twins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.cells import margin
from tenfold.analysis.clusters import cluster_names, clusters_of
from tenfold.analysis.hard import wrong_for_all
from tenfold.analysis.label_errors import Suspect, against_the_label, suspect_labels
from tenfold.analysis.sample import drawn_rows
from tenfold.analysis.slices import Slice, slices_of, worst_slices
from tenfold.analysis.twins import Twins, near_twins, twins_nearby
from tenfold.analysis.values import values_of
from tenfold.folds.nearest import NearestRows

__all__ = ["Judged", "WeakSpots", "weak_spots"]

Codes = NDArray[np.int64]
_COMPARED = 5_000


@dataclass(frozen=True, eq=False)
class Judged:
    """
    The rows and what was said of them, out of fold.

    Parameters
    ----------
    X : ndarray of uint8, shape (n, ...), or DataFrame of n rows
    y, predicted : ndarray of int64, shape (n,)
        Class codes; what the candidate answers at the decision in force.
    scores : ndarray of float64, shape (n,) for two classes, else (n, k), or None
    probabilities : bool
        The scores are probabilities.
    threshold : float
        Of a detector.
    labels : ndarray of str, shape (n,)
        As in the source: of a detector against the rest, finer than its two classes.
    others : sequence of ndarray of int64, shape (n,)
        What the other candidates answer, the baseline left out.
    nearby : NearestRows, optional
        Where a candidate has found them.
    """

    X: NDArray[np.uint8] | pd.DataFrame
    y: Codes
    predicted: Codes
    scores: NDArray[np.float64] | None
    probabilities: bool
    threshold: float
    labels: NDArray[np.object_]
    others: Sequence[Codes] = ()
    nearby: NearestRows | None = None


@dataclass(frozen=True, eq=False)
class WeakSpots:
    """
    What was found; rows by their position.

    Parameters
    ----------
    slices : list of Slice
        With more errors than the other rows, the worst first.
    looked_at : int
        Slices of enough rows.
    hard : ndarray of int64
        Rows that every candidate calls wrongly, the surest errors first.
    candidates : int
        That were asked.
    suspects : list of Suspect
        Labels worth a second look.
    probable : bool
        The suspects rest on probabilities; otherwise on scores, which only rank.
    twins : list of Twins
        Of different classes and almost the same.
    close : float
        Distance up to which they count as that.
    compared : int
        Rows among which twins were looked for.
    across_folds : bool
        They were compared with those of other folds only.
    """

    slices: list[Slice]
    looked_at: int
    hard: Codes
    candidates: int
    suspects: list[Suspect]
    probable: bool
    twins: list[Twins]
    close: float
    compared: int
    across_folds: bool


def weak_spots(judged: Judged, seed: int = 0) -> WeakSpots:
    """
    Look everywhere: 2 s for 60,000 images of 28 x 28.

    For twins all rows are compared where their neighbours are known, else 5,000 drawn at random.

    Parameters
    ----------
    judged : Judged
    seed : int
        Of what is drawn.

    Examples
    --------
    >>> y = np.repeat([0, 1], 50)
    >>> X = pd.DataFrame({"a": y + 0.0, "b": ["x", "y"] * 50})
    >>> found = weak_spots(Judged(X, y, y, None, False, 0.0, y.astype(str).astype(object)))
    >>> found.slices, found.looked_at, found.hard.tolist()
    ([], 4, [])
    """
    wrong = judged.y != judged.predicted
    slices, looked_at = worst_slices(_cuts(judged, seed), wrong)
    pairs, close, compared, across_folds = _twins(judged, seed)
    sureness = None if judged.scores is None else margin(judged.predicted, judged.scores, judged.threshold)
    asked = [judged.predicted, *judged.others]
    return WeakSpots(
        slices,
        looked_at,
        wrong_for_all(judged.y, asked, sureness),
        len(asked),
        _suspects(judged),
        judged.probabilities,
        pairs,
        close,
        compared,
        across_folds,
    )


def _twins(judged: Judged, seed: int) -> tuple[list[Twins], float, int, bool]:
    """Pairs, what counts as close, the rows compared, and whether with other folds alone."""
    n = len(judged.y)
    if n > _COMPARED and judged.nearby is not None:
        return *twins_nearby(judged.nearby, judged.y), n, True
    rows = drawn_rows(n, _COMPARED, seed)
    found, close = near_twins(values_of(_taken(judged.X, rows)), judged.y[rows])
    return [Twins(int(rows[one.first]), int(rows[one.second]), one.distance) for one in found], close, len(rows), False


def _cuts(judged: Judged, seed: int) -> Iterable[tuple[str, NDArray[np.bool_]]]:
    if isinstance(judged.X, pd.DataFrame):
        return slices_of(judged.X)
    clusters = clusters_of(judged.X, seed)
    names = cluster_names(clusters, judged.labels)
    return ((name, clusters == number) for number, name in enumerate(names))


def _taken(X: NDArray[np.uint8] | pd.DataFrame, rows: Codes) -> NDArray[np.uint8] | pd.DataFrame:
    return X.iloc[rows] if isinstance(X, pd.DataFrame) else X[rows]


def _suspects(judged: Judged) -> list[Suspect]:
    if judged.scores is None:
        return []
    if judged.probabilities:
        return suspect_labels(judged.y, judged.scores)
    return against_the_label(judged.y, judged.scores, judged.threshold)
