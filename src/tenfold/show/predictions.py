"""The predictions of one candidate, from its lines: codes, scores, and the curves and calibration of the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.figures import Calibration, ThresholdCurve, calibration, one_vs_rest_curves, threshold_curve
from tenfold.figures.quantities.rows import Column

__all__ = ["Predictions", "Scored", "calibration_of", "curves_of", "predictions_in", "quantity_in", "scores_in"]


@dataclass(frozen=True, eq=False)
class Scored:
    """
    Scores of rows.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Class codes; of a detector 1 is the positive class.
    scores : ndarray of float64, shape (n,) of a detector, else (n, k)
    """

    y: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Predictions:
    """
    Predictions of rows at the decision in force.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n,) of a detector, else (n, k); None where there are none
    """

    y: NDArray[np.int64]
    predicted: NDArray[np.int64]
    scores: NDArray[np.float64] | None


def predictions_in(lines: pd.DataFrame, classes: Sequence[str], *, detector: bool) -> Predictions:
    """
    Return the predictions in the lines of one candidate.

    Parameters
    ----------
    lines : DataFrame
        With the columns ``true``, ``predicted`` and, where it gives scores, ``score:<class>``.
    classes : sequence of str
        In the order of their codes.
    detector : bool
        Whether the second class alone has scores.

    Examples
    --------
    >>> lines = pd.DataFrame({"true": ["b", "a"], "predicted": ["b", "b"], "score:b": [0.75, 0.5]})
    >>> own = predictions_in(lines, ("a", "b"), detector=True)
    >>> own.y.tolist(), own.predicted.tolist(), own.scores.tolist()
    ([1, 0], [1, 1], [0.75, 0.5])
    """
    scored = scores_in(lines, classes, detector=detector)
    y, predicted = (_codes(lines[name], classes) for name in ("true", "predicted"))
    return Predictions(y, predicted, None if scored is None else scored.scores)


def scores_in(lines: pd.DataFrame, classes: Sequence[str], *, detector: bool) -> Scored | None:
    """Return the scores in the lines of one candidate; None if it gives none. Parameters as of `predictions_in`."""
    columns = [f"score:{name}" for name in (classes[1:] if detector else classes)]
    if lines.empty or not set(columns) <= set(lines.columns):
        return None
    scores = lines[columns].to_numpy(dtype=np.float64)
    if not np.isfinite(scores).all():
        return None
    return Scored(_codes(lines["true"], classes), scores[:, 0] if detector else scores)


def quantity_in(lines: pd.DataFrame, target: str, coverage: float | None) -> Column:
    """
    Return true and predicted values of a target, with the ends of their intervals where there are any.

    Parameters
    ----------
    lines : DataFrame
        Of one candidate.
    target : str
        Of several; empty where there is one.
    coverage : float or None
        What the intervals are to hold.

    Examples
    --------
    >>> lines = pd.DataFrame({"true": [1.0], "predicted": [2.0], "low": [0.5], "high": [3.0]})
    >>> quantity_in(lines, "", 0.9).errors.tolist()
    [1.0]
    """
    of = f":{target}" if target else ""
    y, predicted = (lines[f"{kind}{of}"].to_numpy(np.float64) for kind in ("true", "predicted"))
    low, high = (lines[f"{end}{of}"].to_numpy(np.float64) for end in ("low", "high"))
    if coverage is None or not np.isfinite(low).all():
        return Column(y, predicted)
    return Column(y, predicted, low, high, coverage)


def curves_of(scored: Scored) -> tuple[ThresholdCurve, ...]:
    """Return the curve of a detector, or one a class against the rest."""
    if scored.scores.ndim == 1:
        return (threshold_curve(scored.y, scored.scores),)
    return one_vs_rest_curves(scored.y, scored.scores)


def calibration_of(scored: Scored, bins: int) -> Calibration:
    """Return the probabilities beside what happened; of several classes those of the class predicted."""
    if scored.scores.ndim == 1:
        return calibration(scored.y, scored.scores, bins=bins)
    right = scored.scores.argmax(axis=1) == scored.y
    return calibration(right.astype(np.int64), scored.scores.max(axis=1), bins=bins)


def _codes(names: pd.Series[str], classes: Sequence[str]) -> NDArray[np.int64]:
    return pd.Categorical(names, categories=list(classes)).codes.astype(np.int64)
