"""Golden rows of a classifier: a few instances stored with what it predicts for them, predicted again at every load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.data.kinds.kind import Schema
from tenfold.program.program import Program
from tenfold.program.refusal import demand
from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.codecs.codec import Tolerance
from tenfold.record.bundle.task_rules import check_predictions

__all__ = ["GOLDEN_ROWS", "Golden", "compare", "golden_from_dict", "golden_rows"]

GOLDEN_ROWS = 8
"""Instances kept with a model, to be predicted again at every load."""

_MOST_ROWS = 1_000
"""Each is predicted at every load."""

_MOST_OPERATIONS = 1 << 34
"""Of a program for all of them: the eight rows of the largest model take half as many."""


@dataclass(frozen=True, eq=False)
class Golden:
    """
    Instances and what the classifier predicted for them when it was written.

    Parameters
    ----------
    X : m instances, as the classifier's schema checks them
    scores : ndarray of float64, shape (m,) or (m, k), or None
    predicted : ndarray of int64, shape (m,), of several labels (m, k); of quantities float64
        The pipeline's own predictions.
    decided : ndarray of the same shape
        Class codes, or quantities, with the decision applied.
    """

    X: Any
    scores: NDArray[np.float64] | None
    predicted: NDArray[Any]
    decided: NDArray[Any]

    def as_dict(self, schema: Schema) -> dict[str, Any]:
        """Return plain values for JSON: floats in the shortest form that reads back to the same bits."""
        return {
            "rows": schema.plain_rows(self.X),
            "scores": None if self.scores is None else self.scores.tolist(),
            "predicted": self.predicted.tolist(),
            "decided": self.decided.tolist(),
        }


def golden_rows(classifier: Classifier, X: Any) -> Golden:
    """Return rows with what a classifier predicts for them."""
    rows, _ = classifier.schema.check(X)
    predictions = classifier.predictions(rows)
    return Golden(rows, predictions.scores, predictions.predicted, classifier.decide(predictions))


def golden_from_dict(plain: Any, schema: Schema) -> Golden:
    """Read what `Golden.as_dict` gave; raises ValueError, KeyError or TypeError where it is none."""
    X, _ = schema.check(schema.read_rows(plain["rows"]))
    scores = None if plain["scores"] is None else np.array(plain["scores"], np.float64)
    predicted, decided = (_numbers(plain[key]) for key in ("predicted", "decided"))
    count = X.shape[0]
    demand(count and count == len(predicted) == len(decided), "its golden rows and predictions are not as many")
    demand(count <= _MOST_ROWS, f"it has {count:,} golden rows, over the limit of {_MOST_ROWS}")
    return Golden(X, scores, predicted, decided)


def _numbers(plain: Any) -> NDArray[Any]:
    """Whole numbers as codes of classes, others as quantities."""
    values = np.array(plain, np.float64)
    demand(bool(np.isfinite(values).all()), "its golden rows have a prediction that is no number")
    return values if any(isinstance(one, float) for one in np.array(plain, object).ravel()) else values.astype(np.int64)


def compare(golden: Golden, classifier: Classifier, tolerance: Tolerance) -> bool:
    """
    Refuse a classifier that no longer predicts its golden rows as it did.

    Returns
    -------
    bool
        The scores agree bit for bit, not only within the tolerance.

    Raises
    ------
    Refused
        A class differs, or a score by more than the tolerance allows.
    """
    if isinstance(classifier.model, Program):
        operations = len(golden.predicted) * classifier.model.cost.operations
        demand(operations <= _MOST_OPERATIONS, f"its golden rows take {operations:,} operations, over the limit")
    now = classifier.predictions(golden.X)
    demand(now.probabilities == classifier.probabilities, "its scores are of another kind than it says")
    codes = classifier.decide(now)
    check_predictions(now, codes, classifier.task)
    if not classifier.task.numeric:
        demand(
            np.array_equal(golden.predicted, now.predicted), "it predicts another class for a golden row than it did"
        )
        demand(np.array_equal(golden.decided, codes), "it decides on a golden row for another class than it did")
        return _same_scores(golden, now, tolerance)
    predicted = _same(golden.predicted, now.predicted, tolerance, "predicts", "prediction")
    decided = _same(golden.decided, codes, tolerance, "predicts", "prediction")
    return _same_scores(golden, now, tolerance) and predicted and decided


def _same_scores(golden: Golden, now: Predictions, tolerance: Tolerance) -> bool:
    demand((golden.scores is None) == (now.scores is None), "it has scores where it had none, or none where it had")
    if golden.scores is None or now.scores is None:
        return True
    return _same(golden.scores, now.scores, tolerance, "scores", "score")


def _same(before: NDArray[Any], now: NDArray[Any], tolerance: Tolerance, does: str, what: str) -> bool:
    """Refuse other numbers than before; whether they agree bit for bit."""
    demand(before.shape == now.shape, f"it gives other {what}s than it did")
    demand(bool(np.isfinite(now).all()), f"it gives a {what} that is no number")
    scale = max(1e-300, float(np.abs(before).max()))
    apart = float(np.abs(before - now).max()) / scale
    within = apart <= tolerance.relative
    demand(within, f"it {does} a golden row otherwise than it did (by {apart:.1e} of the largest {what})")
    return bool(np.array_equal(before, now))
