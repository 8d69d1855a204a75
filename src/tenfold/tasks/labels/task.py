"""The task of telling which of several labels are true of a row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.candidates.scores import Predictions, label_predictions, own_predictions, scores_by_column
from tenfold.candidates.setting import Setting
from tenfold.data.holdout.iterative import deal_out
from tenfold.decision.decision import Decision
from tenfold.decision.labels import choose_label_decision
from tenfold.decision.rule import Rule, refuse_quantity_rule
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.evaluate import Evaluation
from tenfold.figures.labels.comparison import label_difference
from tenfold.figures.labels.evaluate import evaluate_labels, influence_of, label_metric_keys
from tenfold.figures.labels.rows import LabelRows, checked_label_rows
from tenfold.folds.labels import assign_label_folds
from tenfold.program.program import Program
from tenfold.program.values import ValueType
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.candidates.entry import Candidate

__all__ = ["LabelTask"]


@dataclass(frozen=True)
class LabelTask:
    """
    Several labels a row, each true or not.

    Parameters
    ----------
    classes : tuple of str
        Names of the labels.

    Examples
    --------
    >>> task = LabelTask(("large", "odd"))
    >>> task.encode(np.array([[True, False]])).tolist(), task.decode(np.array([[0, 1]])).tolist()
    ([[1, 0]], [[False, True]])
    """

    classes: tuple[str, ...]

    type = "multilabel"
    positive = None
    one_vs_rest = None
    several = True
    exclusive = False
    numeric = False
    headline = "exact_match"

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the score columns: the labels."""
        return self.classes

    @property
    def score_columns(self) -> tuple[str, ...]:
        """Columns of the scores in a file of predictions."""
        return tuple(f"score:{name}" for name in self.score_names)

    @property
    def usual_decision(self) -> Decision:
        """What a model predicts by itself."""
        return Decision("argmax", "argmax")

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of all figures, in order."""
        return label_metric_keys(self.classes)

    @property
    def ranking_keys(self) -> tuple[str, ...]:
        """Keys of the figures that can order candidates: all."""
        return self.metric_keys

    @property
    def summary(self) -> str:
        """How many labels there are, and the first of them."""
        few = ", ".join(shown(name, 24) for name in self.classes[:6])
        return f"{len(self.classes)} labels ({few}{', …' if len(self.classes) > 6 else ''})"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": self.type, "classes": list(self.classes), "positive": None, "one_vs_rest": None}

    def encode(self, labels: NDArray[Any]) -> NDArray[np.int64]:
        """Turn indicators, shape (n, k), of bool or number, into 0 and 1."""
        return labels.astype(np.int64)

    def decode(self, y: NDArray[Any]) -> NDArray[Any]:
        """Turn 0 and 1, shape (n, k), into bool."""
        return y.astype(bool)

    def to_columns(self, prefix: str, y: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return a column of bool for each label."""
        return {f"{prefix}:{name}": y[:, c] == 1 for c, name in enumerate(self.classes)}

    def from_columns(self, prefix: str, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
        """Read 0 and 1 for each label, shape (n, k)."""
        return np.column_stack([np.asarray(columns[f"{prefix}:{name}"], np.int64) for name in self.classes])

    def draw_test(
        self, y: NDArray[Any], share: float, seed: int, groups: NDArray[np.int64] | None
    ) -> NDArray[np.bool_]:
        """Mark the rows of a test part with every label in its share."""
        return np.asarray(deal_out(y, [1 - share, share], groups=groups, seed=seed) == 1)

    def draw_folds(
        self,
        y: NDArray[Any],
        k: int,
        *,
        groups: NDArray[Any] | None = None,
        shuffle: bool = False,
        seed: int = 42,
        source: str | None = None,
    ) -> NDArray[np.int16]:
        """Return the fold that holds each row out, every label both true and not in each."""
        return assign_label_folds(y, self.classes, k, groups=groups, shuffle=shuffle, seed=seed, source=source)

    def default_candidates(self, setting: Setting, folds: int) -> tuple[str, ...]:
        """Return the usual classifiers for this kind of data, see `tenfold.candidates.catalogue.default_names`."""
        # Here and below: whoever predicts with a saved model need not load the candidates, and scikit-learn with them.
        from tenfold.candidates.catalogue import default_names

        return default_names(setting, folds)

    def candidate(self, name: str, setting: Setting, trusted: Collection[str] = ()) -> Candidate:
        """Return the classifier of this name, see `tenfold.candidates.catalogue.resolve`."""
        from tenfold.candidates.catalogue import resolve

        return resolve(name, setting, trusted)

    def predict(self, pipeline: Any, X: Any) -> Predictions:
        """Return the labels that a fitted pipeline predicts, and its scores."""
        return label_predictions(pipeline, X)

    def lower(self, pipeline: Any, input_type: ValueType) -> Program:
        """Return a fitted pipeline as a program of the same predictions, see `tenfold.program.lowering`."""
        from tenfold.program.lowering import lower_labels

        return lower_labels(pipeline, input_type, len(self.classes))

    def default_metric(self, y: NDArray[Any], weight: NDArray[Any] | None = None) -> str:
        """Return the mean F1 over labels: a rare label counts as much as a frequent one."""
        return "f1_macro"

    def evaluate(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None,
        *,
        probabilities: bool,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
        seed: int = 0,
        resamples: int = 1000,
        decision: Decision | None = None,
    ) -> Evaluation:
        """Return every figure with its interval, see `tenfold.figures.labels.evaluate.evaluate_labels`."""
        rows = self.checked_rows(
            y, predicted, scores, probabilities=probabilities, fold=fold, sample_weight=sample_weight
        )
        return evaluate_labels(rows, seed=seed, resamples=resamples)

    def checked_rows(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None,
        *,
        probabilities: bool,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> LabelRows:
        """Return rows in the form that `value` and `difference` take."""
        if sample_weight is not None:
            raise ValueError("rows of several labels have no weights")
        return checked_label_rows(self.classes, y, predicted, scores, probabilities=probabilities, fold=fold)

    def value(self, rows: LabelRows, metric: str) -> float | None:
        """Return one figure, None where it is undefined."""
        return influence_of(rows, metric).value

    def difference(self, first: LabelRows, second: LabelRows, metric: str) -> Difference | None:
        """Return the paired difference of a figure of two candidates."""
        return label_difference(first, second, metric)

    def refuse_rule(self, rule: Rule, run: Path | None = None) -> None:
        """Accept any rule of classes: each label is one to detect."""
        refuse_quantity_rule(rule, run)

    def decide(
        self, rule: Rule, y: NDArray[Any], predicted: NDArray[Any], scores: ArrayLike | None, *, probabilities: bool
    ) -> Decision:
        """Return the decision that a rule chooses on these scores: a threshold for each label."""
        return choose_label_decision(rule, y, scores, probabilities=probabilities, labels=self.classes)

    def apply(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return predictions at a decision: where there are thresholds, by those."""
        decided = decision.apply(predictions.scores, predictions.predicted)
        return replace(predictions, predicted=decided)

    def revert(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return the model's own predictions: of a label by its scores, more than a half, or more than 0."""
        return own_predictions(predictions, by_scores=True)

    def answer_columns(self, at: Predictions) -> dict[str, NDArray[Any]]:
        """Return what is written of predictions at a decision: what is predicted, and the scores."""
        return self.to_columns("predicted", at.predicted) | scores_by_column(self.score_columns, at.scores)
