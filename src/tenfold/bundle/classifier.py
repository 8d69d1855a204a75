"""A fitted pipeline together with everything that its answers depend on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.bundle.encoders import MOST_VALUES
from tenfold.bundle.schema import InputSchema, Instances
from tenfold.candidates.scores import Answers, answers
from tenfold.decision.decision import Decision
from tenfold.errors import ModelError, TenfoldError
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["Classifier"]

_VALUES_AT_ONCE = 1 << 28
"""Of prepared rows: 2 GiB as float64, more than the rows of any usual prediction take."""


@dataclass(frozen=True, eq=False)
class Classifier:
    """
    A fitted classifier that a person can ask: it checks what it is given and applies its decision.

    Parameters
    ----------
    pipeline : Pipeline
        Fitted on class codes 0..k-1.
    task : Task
    decision : Decision
    probabilities : bool
        Its scores are probabilities.
    schema : InputSchema
        What it must be given.
    provenance : mapping
        Where it came from (dataset, fingerprint, candidate, seed); plain values for JSON.
    """

    pipeline: Pipeline
    task: Task
    decision: Decision
    probabilities: bool
    schema: InputSchema
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def answers(self, X: Instances) -> Answers:
        """Give the pipeline's own answers and its scores, before the decision."""
        return self.answers_and_notes(X)[0]

    def answers_and_notes(
        self, X: Instances, where: str | None = None, start: int = 0
    ) -> tuple[Answers, tuple[str, ...]]:
        """Give the answers, and what the reader must know of how the rows, from a row of `where` on, were taken."""
        checked, notes = self.schema.check(X, where, start)
        return self._of_pipeline(checked, where), notes

    def _of_pipeline(self, X: Instances, where: str | None) -> Answers:
        """An encoder may raise on text that it has not met, as its author wished: that is no fault of this program."""
        try:
            rows = self._rows_at_once(X)
            parts = [self._of_rows(X[start : start + rows]) for start in range(0, max(len(X), 1), rows)]
        except (TenfoldError, MemoryError):
            raise
        except Exception as fault:
            what = f"the model fails on these rows ({type(fault).__name__}: {shown(fault, 160)})"
            raise ModelError(what, where=where, do="give rows like those it was trained on") from fault
        return parts[0] if len(parts) == 1 else _joined(parts)

    def _of_rows(self, X: Instances) -> Answers:
        return answers(self.pipeline, X, len(self.task.classes), self.task.type == "multilabel")

    def _rows_at_once(self, X: Instances) -> int:
        """
        All rows, unless what the preparation makes of them takes gigabytes: a text becomes thousands of columns.

        How wide a row becomes is seen on the first one, whatever the model says of itself.
        """
        few = max(1, _VALUES_AT_ONCE // MOST_VALUES)
        if len(X) <= few or not isinstance(X, pd.DataFrame) or len(self.pipeline.steps) == 1:
            return max(len(X), 1)
        width = int(self.pipeline[:-1].transform(X[:1]).shape[1])
        return max(few, _VALUES_AT_ONCE // max(width, 1))

    def scores(self, X: Instances) -> NDArray[np.float64] | None:
        """
        Give the score of the positive class, shape (n,), or of every class, shape (n, k); None without scores.

        Raises
        ------
        DataError
            The instances do not fit the schema.
        """
        return self.answers(X).scores

    def predict_codes(self, X: Instances) -> NDArray[np.int64]:
        """Give class codes, shape (n,), of several labels (n, k), with the decision applied."""
        said = self.answers(X)
        return np.asarray(self.decision.apply(said.scores, said.predicted), np.int64)

    def predict(self, X: Instances) -> NDArray[Any]:
        """Give class names as text, shape (n,), of several labels bool, shape (n, k), with the decision applied."""
        return self.task.decode(self.predict_codes(X))


def _joined(parts: Sequence[Answers]) -> Answers:
    """Join the answers to blocks of rows."""
    scores = [part.scores for part in parts if part.scores is not None]
    predicted = np.concatenate([part.predicted for part in parts])
    return Answers(predicted, np.concatenate(scores) if scores else None, parts[0].probabilities)
