"""A saved model asked about new instances, and its answers as a table that is safe to open anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tenfold.bundle import Classifier
from tenfold.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.storage import writing

__all__ = ["answer_table", "harmless", "write_answers"]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def answer_table(classifier: Classifier, data: Dataset) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """
    Give the instances with the class predicted for each, the scores, and the threshold in force.

    Parameters
    ----------
    classifier : Classifier
    data : Dataset
        Without labels; of the model's kind.

    Returns
    -------
    table : DataFrame
        The columns of the input (for images: row, file and id), then ``predicted``, ``score:<class>``, ``threshold``.
    notes : tuple of str
        What the reader must know, such as columns that were not needed.
    """
    answers, notes = classifier.answers_and_notes(data.X, data.source)
    decided = classifier.decision.apply(answers.scores, answers.predicted)
    columns: dict[str, Any] = {"predicted": classifier.task.decode(decided)}
    if answers.scores is not None:
        scores = answers.scores.reshape(len(data), -1)
        columns |= {f"score:{name}": scores[:, i] for i, name in enumerate(classifier.task.score_names)}
    if classifier.decision.threshold is not None:
        columns["threshold"] = np.full(len(data), classifier.decision.threshold)
    given = data.X if isinstance(data.X, pd.DataFrame) else _instances(data)
    clash = [name for name in given if name in columns]
    kept = given.rename(columns={name: f"{name} (input)" for name in clash})
    return pd.concat([kept.reset_index(drop=True), pd.DataFrame(columns)], axis=1), notes


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
    safe = table.assign(**{str(name): table[name].map(_quoted, na_action="ignore") for name in text})
    return safe.rename(columns={name: _quoted(name) for name in table})


def _quoted(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
