"""Instances are brought into the form of the training data, or refused by name."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tenfold.data.kinds.image.schema import ImageSchema
from tenfold.data.kinds.kind import Schema, find_kind
from tenfold.errors import DataError
from tests.record.bundle.conftest import mixed_table

SCHEMA = find_kind("table").schema(mixed_table())
IMAGES = ImageSchema((8, 8))


def test_columns_are_found_by_name_whatever_their_order() -> None:
    table = mixed_table(9)
    checked, notes = SCHEMA.check(table[["port", "age", "class"]])
    pd.testing.assert_frame_equal(checked, table)
    assert notes == ()


def test_a_column_too_many_is_ignored_with_a_note() -> None:
    _, notes = SCHEMA.check(mixed_table(3).assign(extra=1))
    assert notes == ("column 'extra' is not used by this model",)


def test_a_missing_column_is_named_with_its_near_miss() -> None:
    with pytest.raises(DataError, match=r"no column 'age'.*Did you mean 'Age'"):
        SCHEMA.check(mixed_table(3).rename(columns={"age": "Age"}), "new.csv")


def test_text_among_numbers_is_named_with_column_and_row() -> None:
    table = mixed_table(4)
    table["age"] = pd.Series(["22", None, "old", "7"], dtype=object)
    with pytest.raises(DataError, match=r"new\.csv, row 3, column 'age': text 'old'"):
        SCHEMA.check(table, "new.csv")


@pytest.mark.parametrize("cell", [True, float("inf"), "1"])
def test_values_that_are_no_numbers_are_refused(cell: object) -> None:
    table = mixed_table(2)
    table["age"] = pd.Series([1.0, cell], dtype=object)
    with pytest.raises(DataError, match="row 2, column 'age'"):
        SCHEMA.check(table)


def test_numbers_in_a_text_column_become_text() -> None:
    checked, notes = SCHEMA.check(mixed_table(3).assign(port=[1.0, np.nan, 2.5]))
    assert checked["port"].tolist() == ["1", None, "2.5"]
    assert notes == ("numbers of column 'port' are read as text",)


def test_a_number_column_without_any_value_stays_missing() -> None:
    checked, _ = SCHEMA.check(mixed_table(2).assign(age=pd.Series([None, None], dtype=object)))
    assert checked["age"].isna().all()
    assert checked["age"].dtype == np.float64


def test_a_column_that_stands_there_twice_is_refused() -> None:
    table = mixed_table(2)
    with pytest.raises(DataError, match="twice"):
        SCHEMA.check(pd.concat([table, table[["age"]]], axis=1))


@pytest.mark.parametrize("shape", [(2, 8, 9), (8, 8), (2, 8, 8, 3)])
def test_images_of_another_shape_are_refused_naming_both(shape: tuple[int, ...]) -> None:
    with pytest.raises(DataError, match="8 x 8"):
        IMAGES.check(np.zeros(shape, np.uint8))


def test_other_pixels_and_kinds_are_refused() -> None:
    with pytest.raises(DataError, match="uint8"):
        IMAGES.check(np.zeros((1, 8, 8)))
    with pytest.raises(DataError, match="are a table"):
        IMAGES.check(mixed_table(2))
    with pytest.raises(DataError, match="are images"):
        SCHEMA.check(np.zeros((1, 8, 8), np.uint8))


@pytest.mark.parametrize("schema", [SCHEMA, IMAGES])
def test_a_schema_reads_back_from_its_plain_form(schema: Schema) -> None:
    plain = schema.as_dict()
    assert find_kind(plain["kind"]).read_schema(plain) == schema
