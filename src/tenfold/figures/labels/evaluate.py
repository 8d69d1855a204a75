"""Every figure of several labels: of each label, over all of them, and the matrices."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.ranking import NO_SCORES
from tenfold.figures.estimate import Estimate
from tenfold.figures.evaluate import Evaluation, all_estimates
from tenfold.figures.intervals.closed import log_interval, logit_interval, wilson
from tenfold.figures.intervals.influence import Influence
from tenfold.figures.labels.averages import average_influence, label_influence
from tenfold.figures.labels.rows import LabelRows, label_task
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import LABEL_AVERAGES, OF_ONE_LABEL
from tenfold.text import shown

__all__ = ["averaged_estimates", "evaluate_labels", "influence_of", "label_matrices", "label_metric_keys"]

_SAMPLES = {"precision": "predicted", "recall": "y", "f1": "either"}


def label_metric_keys(labels: tuple[str, ...]) -> tuple[str, ...]:
    """
    Return the keys of all figures of several labels, in order.

    Examples
    --------
    >>> label_metric_keys(("large", "odd"))[:2], label_metric_keys(("large", "odd"))[-1]
    (('exact_match', 'hamming_loss'), 'brier:odd')
    """
    return (*LABEL_AVERAGES, *(f"{name}:{label}" for name in OF_ONE_LABEL for label in labels))


def evaluate_labels(rows: LabelRows, *, seed: int = 0, resamples: int = 1000) -> Evaluation:
    """
    Compute every figure of several labels: over all of them, and of each as a detector of it.

    Parameters
    ----------
    rows : LabelRows
    seed, resamples : int
        Of the bootstrap.

    Examples
    --------
    >>> y = np.array([[1, 0], [1, 1], [0, 1], [0, 0]])
    >>> evaluate_labels(LabelRows(("a", "b"), y, y, None, False, None)).metrics["recall:b"].value
    1.0
    """
    estimates = averaged_estimates(rows)
    for label, one in zip(rows.labels, rows.single, strict=True):
        of_label = all_estimates(label_task(label), one, seed, resamples)
        estimates |= {f"{name}:{label}": of_label[name] for name in OF_ONE_LABEL}
    matrices = label_matrices(rows.y, rows.predicted)
    return Evaluation({key: estimates[key] for key in label_metric_keys(rows.labels)}, matrices, len(rows.y))


def label_matrices(y: NDArray[np.int64], predicted: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Count for each label the rows where it is and is not true by what it was called.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n, k)
        0 or 1 a label.

    Returns
    -------
    ndarray of int64, shape (k, 2, 2)
        Of each label: rows actual (not true, true), columns predicted; as
        `sklearn.metrics.multilabel_confusion_matrix` has it.

    Examples
    --------
    >>> label_matrices(np.array([[1, 0], [1, 1]]), np.array([[1, 0], [0, 1]])).tolist()
    [[[0, 0], [1, 1]], [[1, 0], [0, 1]]]
    """
    cells = 2 * y + predicted
    return np.stack([(cells == cell).sum(axis=0) for cell in range(4)], axis=1).reshape(-1, 2, 2).astype(np.int64)


def influence_of(rows: LabelRows, key: str) -> Influence:
    """Give any metric with each row's influence on it."""
    name, _, label = key.partition(":")
    return label_influence(rows, name, rows.labels.index(label)) if label else average_influence(rows, key)


def averaged_estimates(rows: LabelRows) -> dict[str, Estimate]:
    """
    Estimate every figure over all labels.

    The exact match is a share of rows: Wilson's interval. All others have the infinitesimal jackknife over rows (the
    labels of a row are not independent, so rows are what varies), symmetric in the log odds, or in the
    logarithm for losses. Without a single error the interval is Wilson's of as many rows as could have shown one.

    Examples
    --------
    >>> y = np.array([[1, 0], [1, 1], [0, 1], [0, 0]])
    >>> found = averaged_estimates(LabelRows(("a", "b"), y, y, None, False, None))
    >>> found["f1_macro"].value, found["exact_match"].interval
    (1.0, 'Wilson 95%')
    """
    return {key: _estimate(rows, key) for key in LABEL_AVERAGES}


def _estimate(rows: LabelRows, key: str) -> Estimate:
    influence, n = average_influence(rows, key), _counted(rows, key)
    folds = tuple(average_influence(part, key).value for part in rows.folds)
    if influence.value is None:
        return Estimate(None, None, None, n, "", None, folds, reason=_why_undefined(rows, key))
    low, high, kind = _interval(rows, key, influence)
    return Estimate(influence.value, low, high, n, kind, None, folds)


def _interval(rows: LabelRows, key: str, influence: Influence) -> tuple[float | None, float | None, str]:
    value, n = influence.value or 0.0, len(rows.y)
    if key == "exact_match":
        low, high = (float(end) for end in wilson(value * n, n))
        return min(low, value), max(high, value), "Wilson 95%"
    name = key.rsplit("_", 1)[0]
    if name not in LOSSES and value in {0.0, 1.0}:
        few = _fewest(rows, key)
        low, high = (float(end) for end in wilson(value * few, few))
        return low, high, f"Wilson 95% of {few:,} rows (no spread to measure)"
    if n < 2:
        return None, None, "none: one row only"
    error = float(np.sqrt((influence.rows**2).sum() * n / (n - 1)))
    if name in LOSSES:
        return *log_interval(value, error), "infinitesimal jackknife 95%, in the logarithm"
    return *logit_interval(value, error), "infinitesimal jackknife 95%, in the log odds"


def _counted(rows: LabelRows, key: str) -> int:
    """Rows that a figure is computed on; the averages over rows leave some out."""
    name, _, average = key.rpartition("_")
    if average != "samples":
        return len(rows.y)
    marks = {"predicted": rows.predicted, "y": rows.y, "either": rows.y | rows.predicted}[_SAMPLES[name]]
    return int(marks.any(axis=1).sum())


def _fewest(rows: LabelRows, key: str) -> int:
    """Rows that could have shown an error: of the rarest label, or all that count."""
    if key == "hamming_loss" or key.endswith("_samples"):
        return max(_counted(rows, key), 1)
    counts = rows.y.sum(axis=0)
    rarest = np.minimum(counts, len(rows.y) - counts) if key.startswith(("roc_auc", "specificity")) else counts
    return max(int(rarest.min()), 1)


def _why_undefined(rows: LabelRows, key: str) -> str:
    if not len(rows.y):
        return "there are no rows"
    name, _, average = key.rpartition("_")
    if name in {"roc_auc", "average_precision", *LOSSES} and rows.scores is None:
        return NO_SCORES
    if name in LOSSES and not rows.probabilities:
        return "the scores are not probabilities"
    if average in {"micro", "samples"}:
        return "no label was called true" if name == "precision" else "no label is true in any row"
    return _label_without(rows, name)


def _label_without(rows: LabelRows, name: str) -> str:
    """Name the first label that has no figure."""
    n, true, called = len(rows.y), rows.y.sum(axis=0), rows.predicted.sum(axis=0)
    undefined = {"precision": called == 0, "specificity": true == n, "roc_auc": (true == 0) | (true == n)}
    without = np.flatnonzero(undefined.get(name, true == 0))
    if not len(without):
        return "no label is true in any row"
    label = shown(rows.labels[int(without[0])], 40)
    return f"no row was called '{label}'" if name == "precision" else f"label '{label}' has one answer in all rows"
