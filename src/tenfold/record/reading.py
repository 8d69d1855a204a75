"""Whether the files of a run folder can be what they claim to be: what is damaged is named before anything is shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from tenfold.data.sources.npz import read_npz
from tenfold.errors import DataError
from tenfold.regular_files import open_regular, read_regular_json
from tenfold.storage import storage_faults
from tenfold.text import shown

__all__ = ["SCHEMA", "read_predictions", "read_run_arrays", "read_run_json"]

SCHEMA = 1
_AGAIN = "repeat the run"
_CLASSED = {"binary", "multiclass"}


def read_run_json(path: Path) -> dict[str, Any]:
    """
    Read a JSON file of a run: an object with a schema number that this version knows.

    Raises
    ------
    DataError
        The file is damaged, or written by a newer Tenfold.
    """
    with storage_faults(path):
        content = read_regular_json(path, within=path.parent, do=_AGAIN)
    if not isinstance(content, dict):
        raise DataError("damaged: not a JSON object", where=path, do=_AGAIN)
    schema = content.get("schema")
    if not isinstance(schema, int):
        raise DataError("damaged: no schema number", where=path, do=_AGAIN)
    if schema > SCHEMA:
        newer = f"written by a newer Tenfold (schema {schema}, known: {SCHEMA})"
        raise DataError(newer, where=path, do="update Tenfold, or repeat the run with this one")
    return content


def read_run_arrays(path: Path, folder: Path, do: str = _AGAIN) -> dict[str, NDArray[Any]]:
    """
    Read an ``.npz`` file of a run, by name of the array.

    Raises
    ------
    DataError
        Damaged, no regular file, or outside of the run's folder.
    """
    with storage_faults(path), open_regular(path, within=folder):
        try:
            return read_npz(path, within=folder)
        except DataError as fault:
            raise DataError("damaged: it cannot be read", where=path, do=do) from fault


def read_predictions(path: Path, metrics: Mapping[str, Any]) -> pd.DataFrame:
    """
    Read ``out_of_fold.parquet`` or ``test.parquet`` of a run.

    Parameters
    ----------
    path : Path
    metrics : mapping
        Content of the run's ``metrics.json``; of a task with one class a row the lines are checked against it.

    Raises
    ------
    DataError
        The file is damaged, has a class that the run does not know, or a score that is no finite number.
    """
    try:
        with open_regular(path, within=path.parent) as file:
            lines = pd.read_parquet(file)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise DataError(f"damaged: {shown(fault, 120)}", where=path, do=_AGAIN) from fault
    if metrics.get("task") in _CLASSED:
        _refuse_unsound(lines, metrics, path)
    return lines


def _refuse_unsound(lines: pd.DataFrame, metrics: Mapping[str, Any], path: Path) -> None:
    classes = metrics["classes"]
    scores = [f"score:{name}" for name in (classes[1:] if metrics["task"] == "binary" else classes)]
    for name in ("row", "id", "fold", "candidate", "true", "predicted", *scores):
        if name not in lines:
            raise DataError(f"damaged: no column '{shown(name)}'", where=path, do=_AGAIN)
    for name in ("true", "predicted"):
        strange = lines.loc[~lines[name].isin(classes), name]
        if len(strange):
            unknown = shown(strange.iloc[0])
            raise DataError(f"'{unknown}' is none of the {len(classes)} classes of the run", where=path, do=_AGAIN)
    _refuse_infinite(lines, scores, path)


def _refuse_infinite(lines: pd.DataFrame, scores: list[str], path: Path) -> None:
    places = np.argwhere(np.isinf(lines[scores].to_numpy(np.float64)))
    if len(places):
        at, column = places[0]
        line, name = lines.iloc[at], scores[column]
        raise DataError(
            f"candidate '{shown(line['candidate'], 40)}', row {line['row']}: the {shown(name, 60)} is {line[name]}, "
            "not a finite number",
            where=path, do=_AGAIN,
        )  # fmt: skip
