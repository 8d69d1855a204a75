"""A saved model asked about new instances, and its answers as a table that is safe to open anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.table.content import with_columns
from tenfold.errors import UsageError
from tenfold.record.bundle import Classifier
from tenfold.storage import writing

__all__ = ["answer_columns", "answer_table", "harmless", "write_answers"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def answer_table(classifier: Classifier, data: Dataset) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """
    Return the instances with the class predicted for each, the scores, and the threshold in force.

    Parameters
    ----------
    classifier : Classifier
    data : Dataset
        Without labels; of the model's kind.

    Returns
    -------
    table : DataFrame
        The columns of the input (for images: row, file and id), then ``predicted``, ``score:<class>``, ``threshold``;
        of several labels ``predicted:<label>``, ``score:<label>`` and ``threshold:<label>``.
    notes : tuple of str
        What the reader must know, such as columns that were not needed.
    """
    answers, notes = classifier.predictions_and_notes(data.X, data.source)
    columns = answer_columns(classifier, answers)
    rows = data.X if isinstance(data.X, pd.DataFrame) else _instances(data)
    clash = [name for name in rows if name in columns]
    renamed = rows.rename(columns={name: f"{name} (input)" for name in clash})
    return pd.concat([renamed.reset_index(drop=True), pd.DataFrame(columns)], axis=1), notes


def answer_columns(classifier: Classifier, answers: Predictions) -> dict[str, NDArray[Any]]:
    """Return what is written of some answers: the class predicted, the scores, the threshold in force."""
    n = len(answers.predicted)
    decided = classifier.decision.apply(answers.scores, answers.predicted)
    columns = _predicted_columns(classifier, classifier.task.decode(decided))
    if answers.scores is not None:
        scores = answers.scores.reshape(n, -1)
        columns |= {f"score:{name}": scores[:, i] for i, name in enumerate(classifier.task.score_names)}
    return columns | {name: np.full(n, value) for name, value in _thresholds(classifier).items()}


def _predicted_columns(classifier: Classifier, decoded: NDArray[Any]) -> dict[str, NDArray[Any]]:
    if not classifier.task.several:
        return {"predicted": decoded}
    return {f"predicted:{name}": decoded[:, c] for c, name in enumerate(classifier.task.classes)}


def _thresholds(classifier: Classifier) -> dict[str, float]:
    decision = classifier.decision
    if decision.thresholds is not None:
        names = (f"threshold:{name}" for name in classifier.task.classes)
        return dict(zip(names, decision.thresholds, strict=True))
    return {} if decision.threshold is None else {"threshold": decision.threshold}


def _instances(data: Dataset) -> pd.DataFrame:
    names = {} if data.files is None else {"file": pd.Series(data.files, dtype=object)}
    return pd.DataFrame({"row": data.rows, **names, "id": data.ids})


def write_answers(table: pd.DataFrame, out: Path) -> None:
    """
    Write answers as CSV or Parquet by the name of the file, whole or not at all.

    Raises
    ------
    UsageError
        Neither ``.csv`` nor ``.parquet``.
    """
    if out.suffix not in {".csv", ".parquet"}:
        raise UsageError("answers are written as .csv or .parquet", where=out)
    with writing(out) as draft:
        if out.suffix == ".csv":
            harmless(table).to_csv(draft, index=False)
        else:
            table.to_parquet(draft, index=False)


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """
    Put an apostrophe before text that a spreadsheet would take for a formula (OWASP ASVS 5.0, 1.2.10).

    Examples
    --------
    >>> harmless(pd.DataFrame({"name": ["=1+1", "Ada"], "x": [-1, 2]}))["name"].tolist()
    ["'=1+1", 'Ada']
    """
    text = [name for name in table if not pd.api.types.is_numeric_dtype(table[name])]
    safe = with_columns(table, {str(name): table[name].map(_quoted, na_action="ignore") for name in text})
    return safe.rename(columns={name: _quoted(name) for name in table})


def _quoted(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
