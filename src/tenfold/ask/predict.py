"""A saved model asked about new instances, and its answers as a table that is safe to open anywhere."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from math import isnan
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
from numpy.typing import NDArray

from tenfold.ask.flags import completed, extrapolations, flag_column, flags_of
from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.output import data_stream
from tenfold.record.bundle import Classifier
from tenfold.storage import writing
from tenfold.text import near, shown

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = [
    "answer_columns", "answer_file", "answer_table", "csv_text", "harmless", "two_columns", "write_answers",
]  # fmt: skip

Columns = Mapping[str, NDArray[Any]]
"""Columns by name, shape (n,) each: whole numbers, float64 (NaN is missing), bool, or text (None is missing)."""

_ROWS_AT_ONCE = 10_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def answer_table(
    classifier: Classifier, data: Dataset, *, strict: bool = False
) -> tuple[Columns, tuple[str, ...], dict[str, int]]:
    """
    Return the instances with the class predicted for each, the scores, and the threshold in force.

    Parameters
    ----------
    classifier : Classifier
    data : Dataset
        Without labels; of the model's kind.
    strict : bool
        Refuse rows with a value unlike those of the training rows, and a table without one of its columns.

    Returns
    -------
    table : mapping of str to ndarray
        The columns of the input (of images and messages: row, file and id), then ``predicted``, ``score:<class>``,
        ``threshold``; of several labels ``predicted:<label>``, ``score:<label>`` and ``threshold:<label>``; of
        quantities ``predicted``, ``low`` and ``high``; ``flags``
        where a row has any, such as ``unseen: deck``.
    notes : tuple of str
        What the reader must know, such as columns that were not needed.
    flags : dict of str to int
        How many rows have each flag.

    Raises
    ------
    DataError
        A flag, where `strict`.
    """
    X, absent = completed(classifier, data, strict)
    answers, notes = classifier.predictions_and_notes(X, data.source)
    marks = flags_of(classifier, X, absent, data.source, strict)
    marks |= extrapolations(classifier, classifier.in_force(answers).predicted)
    columns = answer_columns(classifier, answers) | flag_column(marks, len(data))
    table: dict[str, NDArray[Any]] = {}
    for name, values in _instances(data).items():
        free = name
        while free in columns or free in table:
            free = f"{free} (input)"
        table[free] = values
    lacking = (f"there is no column '{shown(name)}': it counts as empty in every row" for name in absent)
    return table | columns, (*lacking, *notes), {flag: int(rows.sum()) for flag, rows in marks.items()}


def two_columns(table: Columns, identifier: str | None, label: str | None) -> Columns:
    """
    Return the answers as they are asked for: under another name, or beside one column of the input alone.

    Parameters
    ----------
    table : mapping of str to ndarray
        As `answer_table` gives it.
    identifier : str, optional
        The column of the input that stands before the predictions, and nothing else.
    label : str, optional
        Name of the column of predictions.

    Raises
    ------
    UsageError
        No such column, both of one name, or several labels.

    Examples
    --------
    >>> list(two_columns({"id": np.array([7]), "a": np.array([1]), "predicted": np.array(["x"])}, "id", "kind"))
    ['id', 'kind']
    """
    if "predicted" not in table:
        raise UsageError("this model predicts several labels a row", do="leave out --id and --label")
    if identifier is not None and identifier not in table:
        names = [name for name in table if name != "predicted"]
        raise UsageError(f"--id {shown(identifier)}: there is no such column.{near(identifier, names)}")
    name = label or "predicted"
    others = [identifier] if identifier is not None else [one for one in table if one != "predicted"]
    if name in others:
        raise UsageError(f"--label {shown(name)} is the name of another column", do="give another name")
    if identifier is not None:
        return {identifier: table[identifier], name: table["predicted"]}
    return {name if one == "predicted" else one: values for one, values in table.items()}


def answer_columns(classifier: Classifier, answers: Predictions) -> dict[str, NDArray[Any]]:
    """Return what is written of some answers: the class predicted, the scores, the threshold in force."""
    n = len(answers.predicted)
    columns = classifier.task.answer_columns(classifier.in_force(answers))
    return columns | {name: np.full(n, value) for name, value in _thresholds(classifier).items()}


def _thresholds(classifier: Classifier) -> dict[str, float]:
    decision = classifier.decision
    if decision.thresholds is not None:
        names = (f"threshold:{name}" for name in classifier.task.classes)
        return dict(zip(names, decision.thresholds, strict=True))
    return {} if decision.threshold is None else {"threshold": decision.threshold}


def _instances(data: Dataset) -> Columns:
    if data.feature_names:
        return {str(name): data.X[name].to_numpy() for name in data.X.columns}
    return {"row": data.rows, **({} if data.files is None else {"file": data.files}), "id": data.ids}


def write_answers(table: Columns, out: Path) -> None:
    """
    Write answers as CSV or Parquet by the name of the file, whole or not at all.

    Raises
    ------
    UsageError
        Neither ``.csv`` nor ``.parquet``.
    """
    with answer_file(out) as write:
        write(table)


@contextmanager
def answer_file(out: Path | None) -> Iterator[Callable[[Columns], None]]:
    """
    Give what writes answers part by part into a file, whole or not at all.

    Parameters
    ----------
    out : Path or None
        CSV or Parquet by its name; None for CSV on standard output, where nothing comes before all is there.

    Raises
    ------
    UsageError
        Neither ``.csv`` nor ``.parquet``.
    """
    if out is None:
        with TemporaryFile("w+", encoding="utf-8", errors="surrogateescape", newline="") as file:
            yield _csv_parts(file)
            file.seek(0)
            stream = data_stream()
            while text := file.read(1 << 20):
                stream.write(text)
        return
    if out.suffix not in {".csv", ".parquet"}:
        raise UsageError("answers are written as .csv or .parquet", where=out)
    with writing(out) as draft:
        if out.suffix == ".parquet":
            with _parquet_parts(draft) as write:
                yield write
            return
        with draft.open("w", encoding="utf-8", newline="") as file:
            yield _csv_parts(file)


def csv_text(table: Columns) -> str:
    r"""
    Return a table as CSV that is safe to open in a spreadsheet, byte for byte what pandas' ``to_csv`` writes of it.

    Text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP ASVS 5.0, 1.2.10).

    Examples
    --------
    >>> csv_text({"name": np.array(["=1+1", None], object), "x": np.array([np.nan, 2.0])}).splitlines()
    ['name,x', "'=1+1,", ',2.0']
    """
    text = io.StringIO(newline="")
    _write_csv(table, text)
    return text.getvalue()


def _csv_parts(file: TextIO) -> Callable[[Columns], None]:
    parts = count()
    return lambda table: _write_csv(table, file, head=next(parts) == 0)


def _write_csv(table: Columns, file: TextIO, *, head: bool = True) -> None:
    writer = csv.writer(file, lineterminator=os.linesep)
    if head:
        writer.writerow(map(_quoted, table))
    rows = len(next(iter(table.values())))
    for start in range(0, rows, _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        writer.writerows(zip(*(_cells(values[part]) for values in table.values()), strict=True))


def _cells(values: NDArray[Any]) -> Iterator[Any]:
    """Values as `csv` writes them: numbers in the shortest form that reads back to the same bits, missing as none."""
    plain = values.tolist()
    if values.dtype.kind == "f":
        return (None if isnan(value) else value for value in plain)
    return map(_quoted, plain)


@contextmanager
def _parquet_parts(path: Path) -> Iterator[Callable[[Columns], None]]:
    # Here and below: whoever writes CSV need not load pyarrow.
    import pyarrow as pa
    import pyarrow.parquet as pq

    with ExitStack() as stack:
        writers: list[pq.ParquetWriter] = []

        def write(table: Columns) -> None:
            part = pa.Table.from_arrays([_arrow_array(values) for values in table.values()], list(table))
            if not writers:
                writers.append(stack.enter_context(pq.ParquetWriter(path, part.schema)))
            writers[0].write_table(part)

        yield write


def _arrow_array(values: NDArray[Any]) -> pa.Array:
    """
    A column as pyarrow takes it, missing values as null, made of its buffers: `pyarrow.array` would load pandas.

    See https://arrow.apache.org/docs/format/Columnar.html#physical-memory-layout.
    """
    import pyarrow as pa

    if values.dtype.kind in "OU":
        texts = [None if value is None else value.encode() for value in values.tolist()]
        ends = np.cumsum([0, *(len(text or b"") for text in texts)], dtype=np.int64)
        present, form = np.array([text is not None for text in texts]), pa.large_string()
        content = [pa.py_buffer(ends), pa.py_buffer(b"".join(text or b"" for text in texts))]
    else:
        present, form = ~np.isnan(values), pa.from_numpy_dtype(values.dtype)
        content = [pa.py_buffer(_bits(values) if values.dtype == bool else np.ascontiguousarray(values))]
    return pa.Array.from_buffers(form, len(values), [None if present.all() else pa.py_buffer(_bits(present)), *content])


def _bits(values: NDArray[np.bool_]) -> NDArray[np.uint8]:
    return np.packbits(values, bitorder="little")


def harmless(table: pd.DataFrame) -> pd.DataFrame:
    """
    Put an apostrophe before text that a spreadsheet would take for a formula, as `csv_text` does.

    Examples
    --------
    >>> import pandas as pd
    >>> harmless(pd.DataFrame({"name": ["=1+1", "Ada"], "x": [-1, 2]}))["name"].tolist()
    ["'=1+1", 'Ada']
    """
    # Only here: whoever predicts images need not load pandas.
    from pandas.api.types import is_numeric_dtype

    from tenfold.data.kinds.table.content import with_columns

    text = [name for name in table if not is_numeric_dtype(table[name])]
    safe = with_columns(table, {str(name): table[name].map(_quoted, na_action="ignore") for name in text})
    return safe.rename(columns={name: _quoted(name) for name in table})


def _quoted(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
