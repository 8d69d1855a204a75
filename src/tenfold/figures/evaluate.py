"""From labels, predictions and scores to every figure with its interval."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.decimals import FigureText, figure_texts
from tenfold.figures.classes import HasClasses
from tenfold.figures.confusion import Margins
from tenfold.figures.curves.ranking import NO_SCORES, ranking_estimates
from tenfold.figures.estimate import Estimate
from tenfold.figures.intervals.bootstrap import percentile_interval, resampled_margins
from tenfold.figures.intervals.closed import effective_size, log_interval, wilson
from tenfold.figures.intervals.influence import mean_influence
from tenfold.figures.losses import LOSSES
from tenfold.figures.metrics import Figure, confusion_figures, metric_keys
from tenfold.figures.rows import Rows, checked_rows
from tenfold.text import shown

__all__ = ["Evaluation", "all_estimates", "confusion_estimates", "evaluate", "mean_estimate"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, repr=False)
class Evaluation:
    """
    All figures of one candidate on one set of rows.

    Parameters
    ----------
    metrics : mapping of str to Estimate
        By key, in the order of `metric_keys`.
    confusion_matrix : ndarray of int64, shape (k, k); of several labels (k, 2, 2)
        Rows actual, columns predicted; counts rows, whatever their weights.
    n : int
        Rows used.
    """

    metrics: Mapping[str, Estimate]
    confusion_matrix: NDArray[np.int64]
    n: int

    def __repr__(self) -> str:
        rows = (f"  {shown(key):<24} {text}" for key, text in zip(self.metrics, self._texts(), strict=True))
        return "\n".join([f"<Evaluation of {self.n:,} rows>", *rows])

    def _texts(self) -> list[str]:
        """Each figure with its interval, or why it is undefined."""
        estimates = {key: one.as_dict() for key, one in self.metrics.items()}
        texts = zip(self.metrics.values(), figure_texts(estimates.items()), strict=True)
        return [_estimate_text(one, text) for one, text in texts]

    def _repr_html_(self) -> str:
        """Show the figures in a notebook: value, interval, n."""
        body = "".join(
            f"<tr><th>{html.escape(key)}</th><td>{html.escape(text)}</td><td>{one.n:,}</td></tr>"
            for (key, one), text in zip(self.metrics.items(), self._texts(), strict=True)
        )
        return f"<table><tr><th>figure</th><td>value, 95 % interval</td><td>n</td></tr>{body}</table>"


def evaluate(
    task: HasClasses,
    y: NDArray[np.int64],
    predicted: NDArray[np.int64],
    scores: ArrayLike | None,
    *,
    probabilities: bool,
    fold: NDArray[Any] | None = None,
    sample_weight: ArrayLike | None = None,
    seed: int = 0,
    resamples: int = 1000,
) -> Evaluation:
    """
    Compute every figure of a task of classes with a 95 % interval.

    Shares of rows get Wilson's interval, and figures that follow from two or three of them a closed form: F1 of a
    class, and of two classes balanced accuracy and Matthews' correlation. Other figures of the confusion matrix, and
    all of weighted rows that are no shares, get a stratified bootstrap; ROC AUC
    DeLong's and average precision its infinitesimal jackknife, both symmetric in the log odds; log loss and Brier
    score the standard error of a mean, symmetric in the logarithm. An undefined figure is None with its reason.

    Parameters
    ----------
    task : HasClasses
        Its classes; of a detector the positive one.
    y, predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : array_like of float64 or None
        Of a detector shape (n,), of the positive class; else shape (n, k).
    probabilities : bool
        Whether scores are probabilities; else log loss and Brier score are undefined.
    fold : ndarray of int, shape (n,), optional
        Fold of each row, for the values on each fold alone.
    sample_weight : array_like of float64, shape (n,), optional
        Rows of weight 0 are left out.
    seed : int
        Of the bootstrap; the same seed gives the same intervals.
    resamples : int
        Bootstrap replicates.

    Returns
    -------
    Evaluation

    Raises
    ------
    DataError
        A score or weight is not usable; the message names the row.
    ValueError
        The arrays do not fit together.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> task = Classes(("no", "yes"), positive="yes")
    >>> y, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.7, 0.9])
    >>> found = evaluate(task, y, (scores > 0.5).astype(int), scores, probabilities=True)
    >>> found.metrics["precision"].value, found.metrics["roc_auc"].value
    (0.666..., 1.0)
    """
    rows = checked_rows(task, y, predicted, scores, probabilities=probabilities, fold=fold, sample_weight=sample_weight)
    estimates = all_estimates(task, rows, seed, resamples)
    return Evaluation({key: estimates[key] for key in metric_keys(task)}, rows.matrix(), len(rows.y))


def all_estimates(task: HasClasses, rows: Rows, seed: int = 0, resamples: int = 1000) -> dict[str, Estimate]:
    """Return every figure of checked rows, by key."""
    counts = rows.matrix()
    equal = rows.weight is None or bool((rows.weight == rows.weight[:1]).all())
    weights, squares = (
        (counts, counts) if rows.weight is None or equal else (rows.matrix(rows.weight), rows.matrix(rows.weight**2))
    )
    estimates = confusion_estimates(
        task, counts, rows.fold_matrices(), weights=weights, squares=squares, seed=seed, resamples=resamples
    )
    estimates |= ranking_estimates(task, rows)
    return estimates | {name: _loss_estimate(name, rows) for name in LOSSES}


def _estimate_text(one: Estimate, text: FigureText) -> str:
    if one.value is None:
        return f"{text.value}: {one.reason}"
    return f"{text.value}  ({text.interval})" if text.interval else text.value


@dataclass(frozen=True)
class _Matrices:
    """Margins of the row counts, of the weights and of their squares; of folds; of bootstrap replicates, if needed."""

    counts: Margins
    weights: Margins
    squares: Margins
    folds: Margins
    replicates: Margins | None

    @property
    def are_counts(self) -> bool:
        """Whether each row counts 1."""
        return self.weights is self.counts


def confusion_estimates(
    task: HasClasses,
    counts: NDArray[Any],
    fold_counts: NDArray[Any],
    *,
    weights: NDArray[Any] | None = None,
    squares: NDArray[Any] | None = None,
    seed: int = 0,
    resamples: int = 1000,
) -> dict[str, Estimate]:
    """
    Estimate every figure of a confusion matrix.

    Parameters
    ----------
    task : HasClasses
        Binary or multiclass.
    counts : ndarray of int64, shape (k, k)
        Rows.
    fold_counts : ndarray, shape (folds, k, k)
        Sums of weights, or rows, of each fold.
    weights, squares : ndarray, shape (k, k), optional
        Sums of the rows' weights and of their squares; by default each row counts 1.
    seed, resamples : int
        Of the bootstrap.

    Examples
    --------
    >>> from tenfold.figures.classes import Classes
    >>> task = Classes(("no", "yes"), positive="yes")
    >>> found = confusion_estimates(task, np.array([[8, 2], [1, 9]]), np.zeros((0, 2, 2)))
    >>> found["accuracy"].value, found["recall"].n
    (0.85, 10)
    """
    weights, squares = counts if weights is None else weights, counts if squares is None else squares
    of_counts, figures = Margins.of(counts), confusion_figures(task)
    closed = weights is counts and all(figure.interval or figure.denominator for figure in figures)
    matrices = _Matrices(
        of_counts,
        of_counts if weights is counts else Margins.of(weights),
        Margins.of(squares),
        Margins.of(fold_counts),
        None if closed else resampled_margins(counts, weights, squares, resamples, seed),
    )
    return {figure.key: _confusion_estimate(figure, matrices) for figure in figures}


def _confusion_estimate(figure: Figure, matrices: _Matrices) -> Estimate:
    value = float(_values(figure, matrices.weights))
    n = int((figure.denominator or _all_rows)(matrices.counts))
    positives = None if figure.positive is None else int(matrices.counts.actual[figure.positive])
    folds = tuple(float(v) if np.isfinite(v) else None for v in _values(figure, matrices.folds))
    if not np.isfinite(value):
        return Estimate(None, None, None, n, "", positives, folds, reason=figure.why_undefined(matrices.weights))
    if figure.interval is not None and matrices.are_counts:
        ends = figure.interval(matrices.counts)
        return Estimate(value, min(ends[0], value), max(ends[1], value), n, figure.method, positives, folds)
    if figure.denominator is None and matrices.replicates is not None:
        replicates = len(matrices.replicates.hits)
        low, high = percentile_interval(_values(figure, matrices.replicates), value, (figure.lowest, 1.0))
        return Estimate(value, low, high, n, f"stratified bootstrap 95%, {replicates} resamples", positives, folds)
    whole = figure.denominator or _all_rows
    size = effective_size(whole(matrices.weights), whole(matrices.squares))
    low, high = (float(end) for end in wilson(value * size, size))
    is_weighted = not matrices.are_counts and float(size) != n
    kind = f"Wilson 95%, effective n {float(size):.1f} (Kish)" if is_weighted else "Wilson 95%"
    return Estimate(value, min(low, value), max(high, value), n, kind, positives, folds)


def _values(figure: Figure, margins: Margins) -> Floats:
    """Give the figure without the last bit that rounding may put outside its range."""
    return np.clip(figure.formula(margins), figure.lowest, 1.0)


def _all_rows(margins: Margins) -> Floats:
    return margins.total


def _loss_estimate(name: str, rows: Rows) -> Estimate:
    n = len(rows.y)
    reason = NO_SCORES if rows.scores is None else "" if rows.probabilities else "the scores are not probabilities"
    reason = reason or ("" if n else "there are no rows")
    if rows.scores is None or reason:
        return Estimate(None, None, None, n, "", None, (None,) * rows.folds, reason=reason)
    losses = LOSSES[name](rows.y, rows.scores)
    influence = mean_influence(losses, rows.weight)
    folds = _fold_means(losses, rows)
    return mean_estimate(influence.value, float((influence.rows**2).sum()), n, folds)


def mean_estimate(value: float | None, squares: float, n: int, folds: tuple[float, ...]) -> Estimate:
    """Estimate a mean over n rows, of a loss, from the sum of the squared influences of the rows."""
    if value is None or n == 1:
        return Estimate(value, None, None, n, "none: one row only", None, folds)
    low, high = log_interval(value, float(np.sqrt(squares * n / (n - 1))))
    return Estimate(value, low, high, n, "standard error 95%, in the logarithm", None, folds)


def _fold_means(losses: Floats, rows: Rows) -> tuple[float, ...]:
    if rows.fold is None:
        return ()
    weight = np.ones(len(losses)) if rows.weight is None else rows.weight
    return tuple((np.bincount(rows.fold, losses * weight) / np.bincount(rows.fold, weight)).tolist())
