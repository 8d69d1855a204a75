"""Golden rows: a few instances stored with their answers, asked again at every load."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import with_columns
from tenfold.record.bundle.classifier import Classifier
from tenfold.record.bundle.refusal import demand
from tenfold.record.bundle.schema import InputSchema, Instances

__all__ = ["Golden", "ask", "compare", "few_rows", "golden_from_dict"]

TOLERANCE = 1e-9
"""Relative; another processor may add in another order."""

_VALUES = 200_000
_CHARACTERS = 1_000_000
_MOST_ROWS = 1_000
"""Each is asked at every load."""


@dataclass(frozen=True, eq=False)
class Golden:
    """
    Instances and what the classifier answered when it was written.

    Parameters
    ----------
    X : ndarray of uint8 or DataFrame, m rows
    scores : ndarray of float64, shape (m,) or (m, k), or None
    predicted : ndarray of int64, shape (m,), of several labels (m, k)
        The pipeline's own answers.
    decided : ndarray of int64, of the same shape
        Class codes with the decision applied.
    """

    X: Instances
    scores: NDArray[np.float64] | None
    predicted: NDArray[np.int64]
    decided: NDArray[np.int64]

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON: floats in the shortest form that reads back to the same bits."""
        rows = _plain_table(self.X) if isinstance(self.X, pd.DataFrame) else self.X.tolist()
        scores = None if self.scores is None else self.scores.tolist()
        return {
            "rows": rows,
            "scores": scores,
            "predicted": self.predicted.tolist(),
            "decided": self.decided.tolist(),
        }


def few_rows(X: Instances, count: int) -> Instances:
    """
    Take about `count` rows, evenly spread, so that the file stays small: fewer of large images, long texts cut.

    A text is as it comes back from JSON, which joins two halves of a character that stand side by side.
    """
    values = max(1, int(np.prod(X.shape[1:])))
    kept = max(1, min(count, len(X), _VALUES // values))
    rows = np.linspace(0, len(X) - 1, kept).round().astype(np.int64)
    return _short(X.iloc[rows].reset_index(drop=True)) if isinstance(X, pd.DataFrame) else X[rows]


def _short(table: pd.DataFrame) -> pd.DataFrame:
    longest = max(1, _CHARACTERS // max(1, table.size))
    texts = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    return with_columns(table, {str(name): _cut(table[name], longest) for name in texts})


def _cut(cells: pd.Series[Any], longest: int) -> pd.Series[Any]:
    cut = [json.loads(json.dumps(cell[:longest])) if isinstance(cell, str) else cell for cell in cells.tolist()]
    return pd.Series(cut, index=cells.index, dtype=object)


def ask(classifier: Classifier, X: Instances) -> Golden:
    """Let a classifier answer, and keep rows and answers."""
    checked, _ = classifier.schema.check(X)
    said = classifier.answers(checked)
    decided = np.asarray(classifier.decision.apply(said.scores, said.predicted), np.int64)
    return Golden(checked, said.scores, said.predicted, decided)


def golden_from_dict(plain: Any, schema: InputSchema) -> Golden:
    """Read what `Golden.as_dict` gave; raises ValueError, KeyError or TypeError where it is none."""
    X = _read_table(plain["rows"], schema) if schema.kind == "table" else np.array(plain["rows"], np.uint8)
    scores = None if plain["scores"] is None else np.array(plain["scores"], np.float64)
    predicted, decided = (np.array(plain[key], np.int64) for key in ("predicted", "decided"))
    demand(len(X) and len(X) == len(predicted) == len(decided), "its golden rows and answers are not as many")
    demand(len(X) <= _MOST_ROWS, f"it has {len(X):,} golden rows, over the limit of {_MOST_ROWS}")
    return Golden(schema.check(X)[0], scores, predicted, decided)


def compare(then: Golden, now: Predictions, decided: NDArray[np.int64], classes: int) -> bool:
    """
    Refuse a model that no longer answers its golden rows as it did.

    Returns
    -------
    bool
        The scores agree bit for bit, not only within the tolerance.

    Raises
    ------
    Refused
        A label differs, or a score by more than 1e-9 of the largest.
    """
    demand(bool(((decided >= 0) & (decided < classes)).all()), "it answers a golden row with an unknown class")
    demand(np.array_equal(then.predicted, now.predicted), "it answers a golden row with another class than it did")
    demand(np.array_equal(then.decided, decided), "it decides on a golden row for another class than it did")
    demand((then.scores is None) == (now.scores is None), "it has scores where it had none, or none where it had")
    if then.scores is None or now.scores is None:
        return True
    demand(then.scores.shape == now.scores.shape, "it gives other scores than it did")
    demand(bool(np.isfinite(now.scores).all()), "it gives a score that is no number")
    scale = max(1e-300, float(np.abs(then.scores).max()))
    apart = float(np.abs(then.scores - now.scores).max()) / scale
    demand(apart <= TOLERANCE, f"it scores a golden row otherwise than it did (by {apart:.1e} of the largest score)")
    return bool(np.array_equal(then.scores, now.scores))


def _plain_table(table: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): [_plain(cell) for cell in table[name].tolist()] for name in table}


def _plain(cell: Any) -> Any:
    return None if isinstance(cell, float) and math.isnan(cell) else cell


def _read_table(rows: dict[str, list[Any]], schema: InputSchema) -> pd.DataFrame:
    columns = {column.name: _read_cells(rows[column.name], column.type) for column in schema.columns}
    return pd.DataFrame(columns, columns=list(schema.names))


def _read_cells(cells: list[Any], kind: str) -> pd.Series[Any]:
    if kind == "text":
        return pd.Series(cells, dtype=object)
    whole = all(type(cell) is int for cell in cells)
    return pd.Series(cells, dtype=np.int64 if whole else np.float64)
