"""What is wrong with the columns of a table: constant, empty, infinite, ids, or more of them than rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from tenfold.data.checks.cells import TEXT_OF_OTHER_THINGS, check_cells
from tenfold.data.checks.finding import Finding, first_rows, quoted

__all__ = [
    "check_columns",
    "constant_column",
    "empty_column",
    "id_column",
    "missing_values",
    "shortened",
]

_FEW_ROWS = 20
_ID_SHARE = 0.75
_LISTED = 10


def check_columns(
    table: pd.DataFrame, rows: NDArray[np.int64], words: Sequence[tuple[str, str, int, int]] = ()
) -> list[Finding]:
    """
    Check the columns of a table, each by itself.

    Parameters
    ----------
    table : DataFrame
        Features as in `Dataset.X`.
    rows : ndarray of int64, shape (n,)
        Position of each row in the source.
    words : sequence of (str, str, int, int)
        Words that were read as no value, as in `Dataset.read_as_missing`.
    """
    findings = check_cells(table, rows)
    explained = {
        finding.column for finding in findings if finding.level == "warning" and finding.code in TEXT_OF_OTHER_THINGS
    }
    for name in table.columns:
        column = table[name]
        findings += _empty(column) or _constant(column) or ([] if name in explained else _id_like(column))
        findings += _infinite(column, rows)
    return [*shortened(findings), *_missing_values(table, words), *_more_columns_than_rows(table)]


def shortened(findings: list[Finding]) -> list[Finding]:
    """Ten columns of a kind are named, the rest counted: 700 lines on blank pixels hide the one that matters."""
    kinds: dict[str, list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(finding.code, []).append(finding)
    short = []
    for code, alike in kinds.items():
        rest = len(alike) - _LISTED
        short += alike[:_LISTED]
        if rest > 0:
            what = f"{rest:,} more columns are like column {quoted(alike[0].column)} ({code})"
            short.append(Finding(alike[0].level, code, what, (), rest, do=alike[0].do))
    return short


def _empty(column: pd.Series[Any]) -> list[Finding]:
    return [] if column.notna().any() else [empty_column(str(column.name), len(column))]


def empty_column(name: str, rows: int) -> Finding:
    """Return the finding that a column has no value in any of so many rows."""
    what = f"column {quoted(name)} has no value in any row"
    return Finding("warning", "empty-column", what, (), rows, name, "drop it")


def _constant(column: pd.Series[Any]) -> list[Finding]:
    if len(column) < 2 or column.nunique(dropna=False) > 1:
        return []
    return [constant_column(str(column.name), column.iloc[0], len(column))]


def constant_column(name: str, value: Any, rows: int) -> Finding:
    """Return the finding that a column has this value in all of so many rows."""
    what = f"column {quoted(name)} has one value, {quoted(value)}, in every row"
    return Finding("warning", "constant-column", what, (), rows, name, "drop it")


def _id_like(column: pd.Series[Any]) -> list[Finding]:
    present = column.dropna()
    if len(present) < _FEW_ROWS:
        return []
    distinct = present.nunique()
    if not (_running_number(present, distinct) if present.dtype == np.int64 else _names(present, distinct)):
        return []
    return [id_column(str(column.name), f"{distinct:,}", len(present))]


def id_column(name: str, distinct: str, present: int) -> Finding:
    """Return the finding that a column looks like an id: so many different values in so many rows that have one."""
    what = f"column {quoted(name)} looks like an id: {distinct} different values in {present:,} rows"
    do = "drop it unless it means something for new rows too"
    return Finding("warning", "id-column", what, (), present, name, do)


def _running_number(values: pd.Series[Any], distinct: int) -> bool:
    """All different and filling their range, as a counter does; sorted amounts, times and years do not."""
    low, high = int(values.min()), int(values.max())
    years = low >= 1500 and high <= 2200
    return distinct == len(values) and not years and high - low + 1 <= 2 * len(values)


def _names(values: pd.Series[Any], distinct: int) -> bool:
    return not is_numeric_dtype(values.dtype) and distinct >= _ID_SHARE * len(values)


def _infinite(column: pd.Series[Any], rows: NDArray[np.int64]) -> list[Finding]:
    if column.dtype != np.float64:
        return []
    infinite = np.isinf(column.to_numpy())
    count = int(infinite.sum())
    if not count:
        return []
    what = f"column {quoted(column.name)} holds {count:,} infinite value{'s' if count > 1 else ''}"
    do = "replace them by numbers or empty cells"
    return [Finding("fatal", "infinite-values", what, first_rows(infinite, rows), count, str(column.name), do)]


def _missing_values(table: pd.DataFrame, words: Sequence[tuple[str, str, int, int]]) -> list[Finding]:
    as_word: dict[str, list[str]] = {}
    for column, word, count, row in words:
        as_word.setdefault(column, []).append(f"{quoted(word)} in {count:,} (first: row {row + 1:,})")
    missing = {str(name): int(count) for name, count in table.isna().sum().items()}
    return missing_values(missing, len(table), {name: " and ".join(words) for name, words in as_word.items()})


def missing_values(missing: Mapping[str, int], rows: int, spelling: Mapping[str, str] | None = None) -> list[Finding]:
    """
    Return which columns miss values, the most first; those without any value have a finding of their own.

    Parameters
    ----------
    missing : mapping of column to int
        Rows without a value.
    rows : int
    spelling : mapping of column to str, optional
        How that is written in the file, where not as an empty cell.
    """
    counts = {name: count for name, count in missing.items() if 0 < count < rows}
    counts = dict(sorted(counts.items(), key=lambda one: -one[1]))
    findings = [
        Finding(
            "note",
            "missing-values",
            f"column {quoted(name)} has no value in {count:,} of {rows:,} rows ({count / rows:.1%})"
            + (f", written {spelling[name]}" if spelling and name in spelling else ""),
            (),
            count,
            name,
            "leave it (gaps are filled inside each fold), or drop the column",
        )
        for name, count in list(counts.items())[:_LISTED]
    ]
    if len(counts) > _LISTED:
        what = f"{len(counts) - _LISTED:,} more columns have missing values"
        findings.append(Finding("note", "missing-values", what, (), len(counts) - _LISTED))
    return findings


def _more_columns_than_rows(table: pd.DataFrame) -> list[Finding]:
    rows, columns = table.shape
    if columns <= rows:
        return []
    what = f"{columns:,} columns for {rows:,} rows: a model can learn the rows by heart"
    return [Finding("note", "more-columns-than-rows", what, (), columns, do="prefer simple models, or add rows")]
