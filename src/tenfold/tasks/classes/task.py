"""The task of telling classes apart: each row has one of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.candidates.scores import Predictions, class_predictions, own_predictions, scores_by_column
from tenfold.candidates.setting import Setting
from tenfold.data.holdout.draw import stratified_draw
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule, refuse_quantity_rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import DataError, UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.comparison.paired import influence_on, paired_difference
from tenfold.figures.evaluate import Evaluation, evaluate
from tenfold.figures.metrics import metric_keys
from tenfold.figures.rows import Rows, checked_rows
from tenfold.folds.assign import stratified_folds
from tenfold.program.program import Program
from tenfold.program.values import ValueType
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.candidates.entry import Candidate

__all__ = ["ClassTask"]

_RARE_SHARE = 0.2


@dataclass(frozen=True)
class ClassTask:
    """
    One class a row.

    Parameters
    ----------
    classes : tuple of str
        Class names in the order of their codes; ``(negative, positive)`` of a detector.
    positive : str, optional
        The class that a detector detects; always ``classes[1]``. Without one the classes are all alike.
    one_vs_rest : str, optional
        The class of a source with more classes that was set against all the rest.

    Examples
    --------
    >>> task = ClassTask(("not 5", "5"), positive="5", one_vs_rest="5")
    >>> task.type, task.encode(np.array(["5", "0", "3"], dtype=object))
    ('binary', array([1, 0, 0]))
    >>> task.decode(np.array([1, 0])).tolist()
    ['5', 'not 5']
    """

    classes: tuple[str, ...]
    positive: str | None = None
    one_vs_rest: str | None = None

    several = False
    exclusive = True
    numeric = False
    headline = "accuracy"

    @property
    def type(self) -> str:
        """``binary`` where one class is detected, else ``multiclass``."""
        return "multiclass" if self.positive is None else "binary"

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the score columns: the positive class alone of a detector, else every class."""
        return self.classes if self.positive is None else self.classes[1:]

    @property
    def score_columns(self) -> tuple[str, ...]:
        """Columns of the scores in a file of predictions."""
        return tuple(f"score:{name}" for name in self.score_names)

    @property
    def usual_decision(self) -> Decision:
        """What a model predicts by itself."""
        return Decision("argmax", "argmax", positive=self.positive)

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of all figures, in order."""
        return metric_keys(self)

    @property
    def ranking_keys(self) -> tuple[str, ...]:
        """Keys of the figures that can order candidates: all."""
        return self.metric_keys

    @property
    def summary(self) -> str:
        """How many classes there are, or which is detected."""
        return f"{len(self.classes)} classes" if self.positive is None else f"'{shown(self.positive)}' to detect"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": self.type, **asdict(self), "classes": list(self.classes)}

    def encode(self, labels: NDArray[Any]) -> NDArray[np.int64]:
        """
        Turn labels as text, shape (n,), into class codes.

        Raises
        ------
        DataError
            A label is none of the classes.
        """
        if self.one_vs_rest is not None:
            return np.asarray(labels == self.one_vs_rest, dtype=np.int64)
        codes = self._codes(labels)
        if (codes < 0).any():
            unknown = min(labels[codes < 0].tolist())
            raise DataError(
                f"label '{shown(unknown)}' is none of the {len(self.classes)} classes of the training data",
                do="check the labels, or train again with this class",
            )
        return codes

    def _codes(self, names: NDArray[Any]) -> NDArray[np.int64]:
        """The code of each name, -1 where it is none of the classes."""
        code = {name: c for c, name in enumerate(self.classes)}
        return np.array([code.get(name, -1) for name in names.tolist()], np.int64)

    def decode(self, y: NDArray[Any]) -> NDArray[Any]:
        """Turn class codes, shape (n,), into class names as text."""
        return np.asarray(np.array(self.classes, dtype=object)[y])

    def to_columns(self, prefix: str, y: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return one column of class names."""
        return {prefix: self.decode(y)}

    def from_columns(self, prefix: str, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.int64]:
        """Read the codes of a column of class names; raises ValueError where one is none of the classes."""
        codes = self._codes(columns[prefix])
        if (codes < 0).any():
            raise ValueError(f"'{shown(columns[prefix][codes < 0][0])}' is none of the {len(self.classes)} classes")
        return codes

    def draw_test(
        self, y: NDArray[Any], share: float, seed: int, groups: NDArray[np.int64] | None
    ) -> NDArray[np.bool_]:
        """Mark the rows of a test part with every class in its share."""
        return stratified_draw(y, share, seed, groups)

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
        """Return the fold that holds each row out, every class in each fold (`stratified_folds`)."""
        return stratified_folds(y, self.classes, k, groups=groups, shuffle=shuffle, seed=seed, source=source)

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
        """Return the classes that a fitted pipeline predicts, and its scores."""
        return class_predictions(pipeline, X, len(self.classes))

    def lower(self, pipeline: Any, input_type: ValueType) -> Program:
        """Return a fitted pipeline as a program of the same predictions, see `tenfold.program.lowering`."""
        from tenfold.program.lowering import lower_classes

        return lower_classes(pipeline, input_type, len(self.classes))

    def default_metric(self, y: NDArray[Any], weight: NDArray[Any] | None = None) -> str:
        """Return accuracy, or average precision where the class to detect is rare and accuracy misleads."""
        rare = self.positive is not None and float(np.average(y == 1, weights=weight)) < _RARE_SHARE
        return "average_precision" if rare else "accuracy"

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
        """Return every figure with its interval, see `tenfold.figures.evaluate.evaluate`."""
        return evaluate(
            self,
            y,
            predicted,
            scores,
            probabilities=probabilities,
            fold=fold,
            sample_weight=sample_weight,
            seed=seed,
            resamples=resamples,
        )

    def checked_rows(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None,
        *,
        probabilities: bool,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> Rows:
        """Return rows in the form that `value` and `difference` take."""
        return checked_rows(
            self, y, predicted, scores, probabilities=probabilities, fold=fold, sample_weight=sample_weight
        )

    def value(self, rows: Rows, metric: str) -> float | None:
        """Return one figure, None where it is undefined."""
        return influence_on(self, rows, metric).value

    def difference(self, first: Rows, second: Rows, metric: str) -> Difference | None:
        """Return the paired difference of a figure of two candidates."""
        return paired_difference(self, first, second, metric)

    def refuse_rule(self, rule: Rule, run: Path | None = None) -> None:
        """Refuse a rule about a threshold where there is no one class to detect."""
        refuse_quantity_rule(rule, run)
        if rule.kind != "argmax" and self.positive is None:
            raise UsageError(
                f"the rule '{rule.text}' needs one class to detect, there are {len(self.classes)} classes",
                where=run,
                do="name one with --positive"
                if run is None
                else "make a run with --positive CLASS, then decide that one",
            )

    def decide(
        self, rule: Rule, y: NDArray[Any], predicted: NDArray[Any], scores: ArrayLike | None, *, probabilities: bool
    ) -> Decision:
        """Return the decision that a rule chooses on these scores."""
        return choose_decision(rule, y, scores, probabilities=probabilities, classes=self.classes)

    def apply(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return predictions at a decision: where there is a threshold, by that."""
        decided = decision.apply(predictions.scores, predictions.predicted)
        return replace(predictions, predicted=decided)

    def revert(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return the model's own predictions: of a detector by its scores, more than a half, or more than 0."""
        return own_predictions(predictions, by_scores=self.positive is not None)

    def answer_columns(self, at: Predictions) -> dict[str, NDArray[Any]]:
        """Return what is written of predictions at a decision: what is predicted, and the scores."""
        return self.to_columns("predicted", at.predicted) | scores_by_column(self.score_columns, at.scores)
