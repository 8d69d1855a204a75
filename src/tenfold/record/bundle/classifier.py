"""A fitted pipeline together with everything that its predictions depend on."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import Schema, find_kind
from tenfold.decision.decision import Decision
from tenfold.errors import UsageError
from tenfold.program.program import Program
from tenfold.record.bundle.prediction import predict_instances
from tenfold.record.bundle.task_rules import things_predicted
from tenfold.task import Task
from tenfold.text import shown

if TYPE_CHECKING:
    from sklearn.utils import Tags

__all__ = ["Classifier", "Rows"]

Rows = Any
"""A Dataset, or what the `instances` of a `tenfold.data.kinds.kind.Schema` takes."""

_NAMED = 6


@dataclass(frozen=True, eq=False, repr=False)
class Classifier:
    """
    A fitted classifier that checks the rows it is given and applies its decision.

    Rows are given as the training data were: an array of images of shape (n, height, width[, 3]); a data frame, whose
    further columns are left out; where all columns are numbers also an array of shape (n, columns), in the order of the
    training data (`feature_names_in_`).

    Parameters
    ----------
    model : Program or Pipeline
        A program of arrays; or, where there is none of it, a pipeline fitted on class codes 0..k-1.
    task : Task
    decision : Decision
    probabilities : bool
        Its scores are probabilities.
    schema : Schema
        What it must be given.
    provenance : mapping
        Where it came from (dataset, fingerprint, candidate, seed); plain values for JSON.
    """

    model: Any
    task: Task
    decision: Decision
    probabilities: bool
    schema: Schema
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<Classifier {'; '.join(self._summary_lines())}>"

    def _repr_html_(self) -> str:
        """Show the model in a notebook, a line each: what it is, what it predicts, what it must be given."""
        return "<ul>" + "".join(f"<li>{html.escape(line)}</li>" for line in self._summary_lines()) + "</ul>"

    def _summary_lines(self) -> list[str]:
        candidate, data = (shown(self.provenance.get(key) or "", 40) for key in ("candidate", "data"))
        names = [shown(name, 20) for name in self.task.classes]
        listed = ", ".join(names if len(names) <= _NAMED else [*names[: _NAMED - 1], "…", names[-1]])
        threshold = self.decision.threshold
        at = "" if threshold is None else f", threshold {threshold:.4g}"
        return [
            (candidate or _name_of(self.model)) + (f" on {data}" if data else ""),
            f"{len(names)} {things_predicted(self.task)}: {listed}",
            f"takes {self.schema.summary}",
            f"decides by {shown(self.decision.rule, 40)}{at}",
        ]

    def __sklearn_tags__(self) -> Tags:
        """Tell scikit-learn's scorers and displays that this is a classifier, or a regressor."""
        # Only here: whoever predicts need not load scikit-learn.
        from sklearn.utils import ClassifierTags, RegressorTags, Tags, TargetTags

        if self.task.numeric:
            return Tags("regressor", TargetTags(required=False), regressor_tags=RegressorTags())
        return Tags("classifier", TargetTags(required=False), classifier_tags=ClassifierTags())

    @property
    def classes_(self) -> NDArray[np.object_]:
        """Class names in the order of the columns of `predict_proba`, shape (k,); of several labels their names."""
        return np.array(self.task.classes, dtype=object)

    @property
    def feature_names_in_(self) -> NDArray[np.object_]:
        """Columns of a table in the order of the training data, shape (d,); of images none."""
        return np.array(self.schema.names, dtype=object)

    def predictions(self, X: Rows) -> Predictions:
        """Return the model's own predictions and its scores, before the decision."""
        return self.predictions_and_notes(X)[0]

    def predictions_and_notes(
        self, X: Rows, where: str | None = None, start: int = 0
    ) -> tuple[Predictions, tuple[str, ...]]:
        """
        Return predictions before the decision, and what a reader must know of how the rows were taken.

        Parameters
        ----------
        X : array-like, DataFrame or Dataset of n rows
        where : str, optional
            File that they came from, for messages.
        start : int
            Rows of that file before them, for messages.
        """
        instances = self.schema.instances(X.X if isinstance(X, Dataset) else X)
        return predict_instances(self.model, self.task, self.schema, find_kind(self._kind), instances, where, start)

    @cached_property
    def _kind(self) -> str:
        return str(self.schema.as_dict()["kind"])

    def decide(self, predictions: Predictions) -> NDArray[Any]:
        """Return class codes, shape (n,), of several labels (n, k), or quantities, with the decision applied."""
        return np.asarray(self.in_force(predictions).predicted)

    def in_force(self, predictions: Predictions) -> Predictions:
        """Return predictions with the decision applied; of quantities the scores are the ends of intervals."""
        at: Predictions = self.task.apply(self.decision, predictions)
        return at

    def scores(self, X: Rows) -> NDArray[np.float64] | None:
        """
        Return the score of the positive class, shape (n,), or of every class, shape (n, k); None without scores.

        Raises
        ------
        DataError
            The instances do not fit the schema.
        """
        return self.predictions(X).scores

    def predict_codes(self, X: Rows) -> NDArray[Any]:
        """Predict class codes, shape (n,), of several labels (n, k), or quantities, with the decision applied."""
        return self.decide(self.predictions(X))

    def predict(self, X: Rows) -> NDArray[Any]:
        """
        Predict classes or quantities, with the decision applied.

        Parameters
        ----------
        X : array-like, DataFrame or Dataset of n rows

        Returns
        -------
        ndarray
            Class names as text, shape (n,); of several labels bool, shape (n, k); quantities as float64, shape (n,), of
            several targets (n, k).

        Raises
        ------
        DataError
            The rows do not fit the schema; the message says what to give.
        """
        return self.task.decode(self.predict_codes(X))

    def predict_interval(self, X: Rows) -> NDArray[np.float64]:
        """
        Predict quantities as intervals, which hold the share of new values that the decision says.

        Parameters
        ----------
        X : array-like, DataFrame or Dataset of n rows

        Returns
        -------
        ndarray of float64, shape (n, 2), of several targets (n, 2 * k)
            The lower ends, then the upper ones.

        Raises
        ------
        DataError
            The rows do not fit the schema.
        UsageError
            The model predicts classes, or its decision gives no intervals.
        """
        if self.decision.interval is None:
            raise UsageError("this model gives no intervals", do="decide its run by coverage>=0.9")
        return np.asarray(self.in_force(self.predictions(X)).scores, np.float64)[:, : 2 * len(self.task.classes)]

    def predict_proba(self, X: Rows) -> NDArray[np.float64]:
        """
        Return the probability of each class, before the decision: a threshold may decide against the likelier class.

        Parameters
        ----------
        X : array-like, DataFrame or Dataset of n rows

        Returns
        -------
        ndarray of float64, shape (n, k)
            In the order of `classes_`; of several labels, each label's own.

        Raises
        ------
        DataError
            The rows do not fit the schema.
        UsageError
            The scores of this model are no probabilities.
        """
        if not self.probabilities:
            raise UsageError("the scores of this model are no probabilities", do="use decision_function")
        scores = self._known_scores(X)
        return np.column_stack([1 - scores, scores]) if scores.ndim == 1 else scores

    def decision_function(self, X: Rows) -> NDArray[np.float64]:
        """
        Return the scores that the decision is made on: of two classes the higher, the likelier the second.

        Parameters
        ----------
        X : array-like, DataFrame or Dataset of n rows

        Returns
        -------
        ndarray of float64, shape (n,) for two classes, else (n, k)
            Where they are no probabilities, two classes part at 0; else, as the decision in force may, at 0.5.

        Raises
        ------
        DataError
            The rows do not fit the schema.
        UsageError
            The model gives no scores.
        """
        return self._known_scores(X)

    def _known_scores(self, X: Rows) -> NDArray[np.float64]:
        scores = self.scores(X)
        if scores is None:
            raise UsageError("this model gives no scores, only classes", do="use predict")
        return scores


def _name_of(model: Any) -> str:
    return "program" if isinstance(model, Program) else type(model.steps[-1][1]).__name__
