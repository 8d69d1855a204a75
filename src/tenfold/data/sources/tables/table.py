"""Tables from CSV or Parquet, split into typed features, targets and groups."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.sources.arrays import frame_of
from tenfold.data.sources.files import stem
from tenfold.data.sources.tables.column_types import (
    as_text,
    as_written,
    from_arrow,
    from_text,
    words_read_as_missing,
)
from tenfold.errors import DataError, UsageError
from tenfold.text import near, shown

__all__ = ["load_table", "refuse_absent"]

_TRUTH = {"True": "1", "False": "0", "true": "1", "false": "0"}


def load_table(
    path: Path,
    kind: str,
    *,
    target: str | None,
    group: str | None = None,
    labelled: bool = True,
    texts: Collection[str] = (),
) -> Dataset:
    """
    Load a table.

    Parameters
    ----------
    path : Path
    kind : {"csv", "parquet", "parts"}
        "parts" for a folder of Parquet files.
    target : str or None
        Label column, or several separated by commas: then `y` has a column for each, bool where all are 0 or 1 and
        float64 otherwise. May be None where `labelled` is false.
    group : str, optional
        Column of `Dataset.groups`.
    labelled : bool
        False for data without `y`; target and group columns are dropped where they exist.
    texts : collection of str
        Columns that stay as they are written, though each value be a number.

    Raises
    ------
    DataError
        No such column, no features left, or several targets that are not numbers.
    UsageError
        No target.
    """
    table = _read_file(path, kind)
    targets = _targets(target, table.column_names, path, labelled=labelled)
    if labelled and group is not None:
        refuse_absent(group, "group", table.column_names, path)
    features = [name for name in table.column_names if name not in targets and name != group]
    if not features:
        raise DataError("no column is left as a feature", where=path, do="give a file with more columns")
    y = _labels(table, targets, path) if labelled else None
    groups = as_text(table[group]) if group is not None and group in table.column_names else None
    names = tuple(targets) if labelled else ("label",)
    X = _typed(table, features, from_text if kind == "csv" else from_arrow, texts)
    missing = (
        [(name, *word) for name in features for word in words_read_as_missing(table[name])] if kind == "csv" else []
    )
    return Dataset(
        stem(path),
        "table",
        X,
        y,
        source=str(path),
        target_names=names,
        groups=groups,
        read_as_missing=tuple(missing),
    )


def _read_file(path: Path, kind: str) -> pa.Table:
    if kind == "csv":
        from tenfold.data.sources.tables.csv import read_csv

        return read_csv(path)
    if kind == "parts":
        from tenfold.data.sources.parts import read_parts

        return read_parts(path)
    from tenfold.data.sources.tables.parquet import read_parquet

    return read_parquet(path)


def _targets(target: str | None, columns: list[str], path: Path, *, labelled: bool) -> list[str]:
    """Return the target columns; a column whose own name has a comma takes precedence."""
    if target is None:
        if labelled:
            raise UsageError(
                "which column is the label?", where=path, do=f"give --target, one of {_names_in_words(columns)}"
            )
        return []
    names = [target] if target in columns else [name.strip() for name in target.split(",")]
    if labelled:
        for name in names:
            refuse_absent(name, "target", columns, path)
    if len(set(names)) < len(names):
        raise UsageError(f"a column stands twice in --target {shown(target)}", where=path, do="name each once")
    return names


def refuse_absent(name: str, option: str, columns: list[str], path: Path) -> None:
    """Refuse a column of an option that the table does not have, with a suggestion."""
    if name not in columns:
        raise DataError(
            f"no column '{shown(name)}'.{near(name, columns)} The columns are {_names_in_words(columns)}",
            where=path,
            do=f"give one of them as --{option}",
        )


def _names_in_words(columns: list[str]) -> str:
    few = ", ".join(shown(name, 24) for name in columns[:8])
    return few if len(columns) <= 8 else f"{few} and {len(columns) - 8:,} more"


def _labels(table: pa.Table, targets: list[str], path: Path) -> NDArray[Any]:
    if len(targets) == 1:
        return as_text(table[targets[0]])
    columns = [_numbers(as_text(table[name]), name, path) for name in targets]
    values = np.stack(columns, axis=1)
    return values.astype(bool) if np.isin(values, (0, 1)).all() else values


def _numbers(texts: NDArray[np.object_], column: str, path: Path) -> NDArray[np.float64]:
    values = np.empty(len(texts))
    for i, text in enumerate(texts):
        try:
            values[i] = float(_TRUTH.get(text, text))
        except ValueError:
            values[i] = np.nan
        if not np.isfinite(values[i]):
            raise DataError(
                f"data row {i + 1} holds '{shown(text)}'; of several targets each must be a number",
                where=path,
                column=column,
                do="give 0 and 1, or fill or drop the row",
            )
    return values


def _typed(
    table: pa.Table, features: list[str], as_feature: Callable[[pa.ChunkedArray], NDArray[Any]], texts: Collection[str]
) -> pd.DataFrame:
    readers = {
        name: as_written if name in texts and pa.types.is_string(table[name].type) else as_feature for name in features
    }
    return frame_of({name: read(table[name]) for name, read in readers.items()})
