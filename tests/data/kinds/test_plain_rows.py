"""A few rows that are taken at once: as a program is given them when each column is read on its own."""

from __future__ import annotations

import decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tenfold.data.kinds.table import schema as schemas
from tenfold.data.kinds.table.content import program_rows
from tenfold.data.kinds.table.plain_rows import plain_columns
from tenfold.data.kinds.table.schema import Column, TableSchema
from tenfold.errors import DataError

SCHEMA = TableSchema((Column("n", "number"), Column("t", "text")))
NUMBERS: list[Any] = [
    1, -2.5, 2**53 + 1, 2**62, np.nan, np.inf, None, True, "3", 1j, np.float32(0.1), np.int8(3), pd.NA,
    decimal.Decimal(2),
]  # fmt: skip
TEXTS: list[Any] = ["a", "", "é\x00", None, np.nan, 7, 7.0, 7.5, True, pd.NA, pd.NaT, np.str_("x"), b"x"]


def outcome(work: Any) -> Any:
    """The columns and notes, or the words of the refusal."""
    try:
        columns, notes = work()
    except DataError as fault:
        return str(fault)
    return {name: (cells.dtype.name, cells.tolist()) for name, cells in columns.items()}, notes


def by_columns(X: pd.DataFrame) -> Any:
    checked, notes = SCHEMA.check(X, "x.csv", 4)
    return program_rows(checked), notes


@pytest.mark.parametrize("number", NUMBERS, ids=repr)
@pytest.mark.parametrize("dtype", [object, None])
def test_rows_taken_at_once_are_those_read_by_column(number: Any, dtype: Any) -> None:
    for text in TEXTS:
        cells = {"more": [1], "t": pd.Series([text], dtype=dtype), "n": pd.Series([number], dtype=dtype)}
        X = pd.DataFrame(cells)
        at_once, each = outcome(lambda X=X: SCHEMA.program_columns(X, "x.csv", 4)), outcome(lambda X=X: by_columns(X))
        np.testing.assert_equal(at_once, each)
        if isinstance(at_once, tuple):
            assert all(cell is None or type(cell) in {str, np.str_} for cell in at_once[0]["t"][1])


@pytest.mark.parametrize("dtype", ["int64", "float32", "Int64", "uint64", "category", "bool"])
def test_columns_of_any_type_give_the_same(dtype: str) -> None:
    X = pd.DataFrame({"n": pd.Series([1, 0]).astype(dtype), "t": pd.Series(["u", "v"], dtype="string")})
    np.testing.assert_equal(outcome(lambda: SCHEMA.program_columns(X)), outcome(lambda: by_columns_of(X)))


def by_columns_of(X: pd.DataFrame) -> Any:
    checked, notes = SCHEMA.check(X)
    return program_rows(checked), notes


def test_usual_rows_are_taken_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schemas, "_values", None)
    X = pd.DataFrame({"t": ["a", None], "n": [1, 2], "more": [0.5, np.nan]})
    columns, notes = SCHEMA.program_columns(X)
    assert columns["n"].tolist() == [1.0, 2.0]
    assert columns["t"].tolist() == ["a", None]
    assert notes == ("column 'more' is not used by this model",)


def test_what_needs_a_closer_look_is_left_alone() -> None:
    assert plain_columns({"n": "number", "t": "text"}, pd.DataFrame({"n": [np.inf], "t": ["a"]})) is None
    assert plain_columns({"n": "number", "t": "text"}, pd.DataFrame({"n": [1.0], "t": [3]})) is None


def test_many_rows_are_read_by_column_to_the_same_values() -> None:
    X = pd.DataFrame({"n": np.arange(30), "t": pd.Series(["a", None, "b"] * 10, dtype=object)})
    few = [SCHEMA.program_columns(X.iloc[row : row + 1])[0] for row in range(30)]
    whole = SCHEMA.program_columns(X)[0]
    for name, cells in whole.items():
        assert cells.tolist() == [one[name][0] for one in few]
