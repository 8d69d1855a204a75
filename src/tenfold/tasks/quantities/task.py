"""The task of predicting quantities: numbers of which near misses are better than far ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.candidates.scores import Predictions
from tenfold.candidates.setting import Setting
from tenfold.data.holdout.draw import stratified_draw
from tenfold.decision.decision import Decision
from tenfold.decision.quantities import choose_quantity_decision
from tenfold.decision.rule import Rule
from tenfold.errors import DataError, UsageError
from tenfold.figures.comparison.difference import Difference
from tenfold.figures.evaluate import Evaluation
from tenfold.figures.quantities.estimates import (
    RANKING_KEYS,
    quantity_difference,
    quantity_estimates,
    quantity_influence,
    quantity_metric_keys,
)
from tenfold.figures.quantities.rows import QuantityRows, checked_quantity_rows
from tenfold.folds.assign import stratified_folds
from tenfold.program.program import Program
from tenfold.program.values import ValueType
from tenfold.tasks.quantities.numbers import numbers_of
from tenfold.tasks.quantities.strata import quantile_strata
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.candidates.entry import Candidate

__all__ = ["QuantityTask"]

_OF_TEST = 5


@dataclass(frozen=True)
class QuantityTask:
    """
    One number a row, or several.

    Parameters
    ----------
    classes : tuple of str
        Names of the targets.

    Examples
    --------
    >>> task = QuantityTask(("price",))
    >>> task.encode(np.array(["1.5", "2"], dtype=object)).tolist(), task.score_columns
    ([1.5, 2.0], ('low', 'high', 'difficulty'))
    """

    classes: tuple[str, ...]

    type = "quantities"
    positive = None
    one_vs_rest = None
    several = False
    exclusive = False
    numeric = True
    headline = "rmse"

    @property
    def score_names(self) -> tuple[str, ...]:
        """No scores: intervals follow from the decision."""
        return ()

    @property
    def score_columns(self) -> tuple[str, ...]:
        """Columns of the ends of intervals, and of the difficulty that their widths follow."""
        columns = ("low", "high", "difficulty")
        return columns if len(self.classes) == 1 else tuple(f"{one}:{name}" for one in columns for name in self.classes)

    @property
    def usual_decision(self) -> Decision:
        """The number that a model predicts, without an interval."""
        return Decision("value", "value")

    @property
    def metric_keys(self) -> tuple[str, ...]:
        """Keys of all figures, in order."""
        return quantity_metric_keys(self.classes)

    @property
    def ranking_keys(self) -> tuple[str, ...]:
        """Keys of the figures that can order candidates: neither bias nor what intervals are like."""
        return tuple(key for key in self.metric_keys if key.partition(":")[0] in RANKING_KEYS)

    @property
    def summary(self) -> str:
        """What is predicted."""
        if len(self.classes) == 1:
            return f"a quantity to predict ({shown(self.classes[0], 40)})"
        few = ", ".join(shown(name, 24) for name in self.classes[:6])
        return f"{len(self.classes)} quantities to predict ({few}{', …' if len(self.classes) > 6 else ''})"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": self.type, "classes": list(self.classes), "positive": None, "one_vs_rest": None}

    def encode(self, labels: NDArray[Any]) -> NDArray[np.float64]:
        """
        Turn numbers as text, shape (n,), or numbers, shape (n, k), into float64.

        Raises
        ------
        DataError
            One is no finite number; the message names the row.
        """
        if labels.dtype != object:
            return np.asarray(labels, np.float64)
        values = numbers_of(labels)
        odd = ~np.isfinite(values)
        if odd.any():
            place = np.argwhere(odd)[0]
            text = labels[tuple(place)]
            what = "no value" if text == "" else f"'{shown(text, 40)}' is no number that can be predicted"
            column = self.classes[place[1] if len(place) > 1 else 0]
            do = "correct it, or leave the row out"
            raise DataError(what, row=int(place[0]) + 1, column=column, do=do)
        return values

    def decode(self, y: NDArray[Any]) -> NDArray[Any]:
        """Return numbers as they are."""
        return y

    def to_columns(self, prefix: str, y: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Return a column of numbers for each target."""
        if len(self.classes) == 1:
            return {prefix: y}
        return {f"{prefix}:{name}": y[:, c] for c, name in enumerate(self.classes)}

    def from_columns(self, prefix: str, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.float64]:
        """Read numbers, shape (n,), of several targets (n, k); raises ValueError where one is not finite."""
        names = [prefix] if len(self.classes) == 1 else [f"{prefix}:{name}" for name in self.classes]
        values = np.column_stack([np.asarray(columns[name], np.float64) for name in names])
        if not np.isfinite(values).all():
            raise ValueError("a value is no finite number")
        return values[:, 0] if len(names) == 1 else values

    def draw_test(
        self, y: NDArray[Any], share: float, seed: int, groups: NDArray[np.int64] | None
    ) -> NDArray[np.bool_]:
        """Mark the rows of a test part with low, middle and high values in their shares."""
        strata, _ = quantile_strata(y, max(_OF_TEST, round(1 / min(share, 0.5))), groups)
        return stratified_draw(strata, share, seed, groups)

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
        """Return the fold that holds each row out, with low, middle and high values in each."""
        units = len(y) if groups is None else len(np.unique(groups))
        if units < k:
            one = "training row" if groups is None else "group of training rows that stay together, as equal ones do"
            what = (
                one
                if units == 1
                else one.replace("row", "rows", 1)
                if groups is None
                else one.replace("group", "groups")
            )
            raise DataError(
                f"{units} {what}, fewer than the {k} folds", where=source, do="add rows, or give a smaller --cv"
            )
        strata, count = quantile_strata(y, k, groups)
        names = tuple(map(str, range(count)))
        return stratified_folds(strata, names, k, groups=groups, shuffle=shuffle, seed=seed, source=source)

    def default_candidates(self, setting: Setting, folds: int) -> tuple[str, ...]:
        """Return the usual regressors for this kind of data, see `tenfold.candidates.catalogue.default_names`."""
        # Here and below: whoever predicts with a saved model need not load the candidates, and scikit-learn with them.
        from tenfold.candidates.catalogue import default_names

        return default_names(setting, folds)

    def candidate(self, name: str, setting: Setting, trusted: Collection[str] = ()) -> Candidate:
        """Return the regressor of this name, see `tenfold.candidates.catalogue.resolve`."""
        from tenfold.candidates.catalogue import resolve

        return resolve(name, setting, trusted)

    def predict(self, pipeline: Any, X: Any) -> Predictions:
        """Return the numbers that a fitted pipeline predicts."""
        predicted = self._shaped(pipeline.predict(X))
        difficulties = getattr(pipeline, "difficulties", None)
        return Predictions(predicted, None if difficulties is None else self._shaped(difficulties(X)), False)

    def _shaped(self, values: ArrayLike) -> NDArray[np.float64]:
        numbers = np.asarray(values, np.float64)
        return numbers.reshape(len(numbers) if len(self.classes) == 1 else (len(numbers), -1))

    def lower(self, pipeline: Any, input_type: ValueType) -> Program:
        """Return a fitted pipeline as a program of the same predictions, see `tenfold.program.lowering`."""
        from tenfold.program.lowering import lower_quantities

        difficulty = getattr(pipeline, "difficulty", None)
        return lower_quantities(getattr(pipeline, "pipeline", pipeline), input_type, difficulty)

    def default_metric(self, y: NDArray[Any], weight: NDArray[Any] | None = None) -> str:
        """Return RMSE; of several targets R², which has no unit."""
        return "rmse" if len(self.classes) == 1 else "r2"

    def evaluate(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None = None,
        *,
        probabilities: bool = False,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
        seed: int = 0,
        resamples: int = 1000,
        decision: Decision | None = None,
    ) -> Evaluation:
        """Return every figure with its interval; `scores` are the ends of intervals, which `decision` has chosen."""
        coverage = None if decision is None or decision.interval is None else decision.interval.coverage
        rows = self.checked_rows(
            y, predicted, _ends(scores, len(self.classes)), fold=fold, sample_weight=sample_weight, coverage=coverage
        )
        return Evaluation(quantity_estimates(rows), np.zeros((0, 0), np.int64), len(rows))

    def checked_rows(
        self,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None = None,
        *,
        probabilities: bool = False,
        fold: NDArray[Any] | None = None,
        sample_weight: ArrayLike | None = None,
        coverage: float | None = None,
    ) -> QuantityRows:
        """Return rows in the form that `value` and `difference` take."""
        if sample_weight is not None:
            raise UsageError("rows of quantities have no weights", do="leave sample_weight out")
        return checked_quantity_rows(self.classes, y, predicted, scores, coverage=coverage, fold=fold)

    def value(self, rows: QuantityRows, metric: str) -> float | None:
        """Return one figure, None where it is undefined."""
        return quantity_influence(rows, metric).value

    def difference(self, first: QuantityRows, second: QuantityRows, metric: str) -> Difference | None:
        """Return the paired difference of a figure of two candidates."""
        return quantity_difference(first, second, metric)

    def refuse_rule(self, rule: Rule, run: Path | None = None) -> None:
        """Refuse a rule about classes."""
        if rule.kind != "argmax" and not rule.is_of_quantities:
            raise UsageError(
                f"the rule '{rule.text}' is for classes, a quantity is predicted here",
                where=run,
                do="give coverage>=0.9, or cost under=3 over=1",
            )

    def decide(
        self,
        rule: Rule,
        y: NDArray[Any],
        predicted: NDArray[Any],
        scores: ArrayLike | None = None,
        *,
        probabilities: bool = False,
    ) -> Decision:
        """Return the interval, or the shift, that a rule chooses on these predictions."""
        return choose_quantity_decision(rule, y, predicted, None if scores is None else np.asarray(scores))

    def apply(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return predictions at a decision; as scores the ends of their intervals, then the difficulty."""
        predicted, difficulty = np.asarray(decision.apply(None, predictions.predicted)), predictions.scores
        if decision.interval is None:
            return Predictions(predicted, None, probabilities=False)
        difficulty = np.ones(predicted.shape) if difficulty is None else difficulty
        ends = decision.interval.ends(predicted, difficulty)
        return Predictions(predicted, np.hstack([ends, difficulty.reshape(len(ends), -1)]), probabilities=False)

    def revert(self, decision: Decision, predictions: Predictions) -> Predictions:
        """Return a model's own predictions from those at a decision."""
        predicted, difficulty = predictions.predicted, None
        if predictions.scores is not None and decision.interval is not None and decision.interval.scaled:
            difficulty = predictions.scores[:, 2 * len(self.classes) :].reshape(predicted.shape)
        if decision.shift is not None:
            predicted = predicted - (decision.shift[0] if predicted.ndim == 1 else np.array(decision.shift))
        return Predictions(predicted, difficulty, probabilities=False)

    def answer_columns(self, at: Predictions) -> dict[str, NDArray[Any]]:
        """Return what is written of predictions at a decision: the numbers, and the ends of their intervals."""
        ends = _ends(at.scores, len(self.classes))
        names = self.score_columns[: 2 * len(self.classes)]
        columns = {} if ends is None else dict(zip(names, np.asarray(ends).T, strict=True))
        return self.to_columns("predicted", at.predicted) | columns


def _ends(scores: ArrayLike | None, targets: int) -> NDArray[np.float64] | None:
    """The ends of intervals, without the difficulty behind them; None of difficulties alone."""
    columns = None if scores is None else np.asarray(scores, np.float64)
    if columns is None or columns.ndim == 1 or columns.shape[1] < 2 * targets:
        return None
    return columns[:, : 2 * targets]
