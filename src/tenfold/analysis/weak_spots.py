"""Where a candidate is weak: slices with many errors, rows nobody gets right, doubtful labels, near duplicates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.errors import margin, wrong_for_all
from tenfold.analysis.label_errors import Suspect, against_the_label, suspect_labels
from tenfold.analysis.neighbours import NearDuplicates, near_duplicates, near_duplicates_among
from tenfold.analysis.rows import sample_rows
from tenfold.analysis.slices import Slice, cluster_names, clusters_of, slices_of, worst_slices
from tenfold.data.dataset import Dataset
from tenfold.folds.nearest import NearestRows

__all__ = ["PredictedInstances", "WeakSpots", "weak_spots"]

Codes = NDArray[np.int64]
_COMPARED = 5_000


@dataclass(frozen=True, eq=False)
class PredictedInstances:
    """
    The training rows and what is predicted of them, out of fold.

    Parameters
    ----------
    data : Dataset
        Columns that no candidate is given left out.
    y, predicted : ndarray of int64, shape (n,)
        Class codes; the candidate's predictions at the decision in force.
    scores : ndarray of float64, shape (n,) for two classes, else (n, k), or None
    probabilities : bool
        The scores are probabilities.
    threshold : float
        Of a detector.
    labels : ndarray of str, shape (n,)
        As in the source: of a detector against the rest, finer than its two classes.
    others : sequence of ndarray of int64, shape (n,)
        Predictions of the other candidates, the baseline left out.
    nearby : NearestRows, optional
        Where a candidate has found them.
    """

    data: Dataset
    y: Codes
    predicted: Codes
    scores: NDArray[np.float64] | None
    probabilities: bool
    threshold: float
    labels: NDArray[np.object_]
    others: Sequence[Codes] = ()
    nearby: NearestRows | None = None

    @property
    def X(self) -> Any:
        """The instances themselves."""
        return self.data.X


@dataclass(frozen=True, eq=False)
class WeakSpots:
    """
    Where a candidate is weak; rows by their position.

    Parameters
    ----------
    slices : list of Slice
        With more errors than the other rows, the worst first; then those that are always looked at.
    looked_at : int
        Slices of enough rows.
    hard : ndarray of int64
        Rows that every candidate predicts wrongly, the surest errors first.
    candidates : int
        Whose predictions were compared.
    suspects : list of Suspect
        Labels worth a second look.
    probable : bool
        The suspects rest on probabilities; otherwise on scores, which only rank.
    near_duplicates : list of NearDuplicates
        Of different classes and almost the same.
    close : float
        Distance up to which they count as that.
    compared : int
        Rows among which near duplicates were looked for.
    across_folds : bool
        They were compared with those of other folds only.
    always : tuple of str
        Names of slices that are always looked at, such as the folders that mail came from.
    """

    slices: list[Slice]
    looked_at: int
    hard: Codes
    candidates: int
    suspects: list[Suspect]
    probable: bool
    near_duplicates: list[NearDuplicates]
    close: float
    compared: int
    across_folds: bool
    always: tuple[str, ...] = ()


def weak_spots(instances: PredictedInstances, seed: int = 0) -> WeakSpots:
    """
    Return all weak spots: 2 s for 60,000 images of 28 x 28.

    For near duplicates all rows are compared where their neighbours are known, else a random sample of 5,000.

    Parameters
    ----------
    instances : PredictedInstances
    seed : int
        Of the samples.

    Examples
    --------
    >>> import pandas as pd
    >>> y = np.repeat([0, 1], 50)
    >>> labels = y.astype(str).astype(object)
    >>> data = Dataset("d", "table", pd.DataFrame({"a": y + 0.0, "b": ["x", "y"] * 50}), labels, source="memory")
    >>> weak = weak_spots(PredictedInstances(data, y, y, None, False, 0.0, labels))
    >>> weak.slices, weak.looked_at, weak.hard.tolist()
    ([], 4, [])
    """
    wrong = instances.y != instances.predicted
    always = _always(instances.data)
    slices, looked_at = worst_slices(_groups(instances, seed), wrong, always)
    pairs, close, compared, across_folds = _near_duplicates(instances, seed)
    scores = instances.scores
    sureness = None if scores is None else margin(instances.predicted, scores, instances.threshold)
    predictions = [instances.predicted, *instances.others]
    return WeakSpots(
        slices,
        looked_at,
        wrong_for_all(instances.y, predictions, sureness),
        len(predictions),
        _suspects(instances),
        instances.probabilities,
        pairs,
        close,
        compared,
        across_folds,
        always,
    )


def _near_duplicates(instances: PredictedInstances, seed: int) -> tuple[list[NearDuplicates], float, int, bool]:
    """Pairs, what counts as close, the rows compared, and whether with other folds alone."""
    y, n = instances.y, len(instances.y)
    if n > _COMPARED and instances.nearby is not None:
        return *near_duplicates_among(instances.nearby, y), n, True
    rows = sample_rows(n, _COMPARED, seed)
    pairs, close = near_duplicates(instances.data.take(rows).values(), y[rows])
    in_all = [replace(one, first=int(rows[one.first]), second=int(rows[one.second])) for one in pairs]
    return in_all, close, len(rows), False


def _groups(instances: PredictedInstances, seed: int) -> Iterable[tuple[str, NDArray[np.bool_]]]:
    """Slices along named columns, where instances have any, else clusters of those that look alike."""
    data = instances.data
    if data.table is not None:
        return slices_of(data.table)
    clusters = clusters_of(data.traits.values(data.X), seed)
    names = cluster_names(clusters, instances.labels)
    return ((name, clusters == number) for number, name in enumerate(names))


def _always(data: Dataset) -> tuple[str, ...]:
    """Names of the slices along columns that are always looked at."""
    table, columns = data.table, list(data.traits.slice_columns)
    known = [] if table is None else [name for name in columns if name in table]
    return tuple(name for name, _ in slices_of(table[known])) if table is not None and known else ()


def _suspects(instances: PredictedInstances) -> list[Suspect]:
    if instances.scores is None:
        return []
    if instances.probabilities:
        return suspect_labels(instances.y, instances.scores)
    return against_the_label(instances.y, instances.scores, instances.threshold)
