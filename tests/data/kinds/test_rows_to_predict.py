"""Rows as people have them in Python: arrays, lists, a row, a data set; what does not fit gets one clear line."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.kinds.image.schema import ImageSchema
from tenfold.data.kinds.kind import Schema
from tenfold.data.kinds.table.schema import Column, TableSchema
from tenfold.errors import DataError

NUMBERS = TableSchema((Column("age", "number"), Column("fare", "number")))
MIXED = TableSchema((Column("age", "number"), Column("sex", "text")))
IMAGES = ImageSchema((2, 3))
FRAME = pd.DataFrame({"age": [22.0, 38.0], "fare": [7.25, 71.5]})


def checked(X: object, schema: Schema = NUMBERS) -> pd.DataFrame:
    rows, _ = schema.check(schema.instances(X))
    assert isinstance(rows, pd.DataFrame)
    return rows


@pytest.mark.parametrize(
    "X",
    [
        FRAME,
        FRAME.to_numpy(),
        FRAME.to_numpy(np.float32).tolist(),
        FRAME.to_numpy().astype(object),
        FRAME.to_dict("records"),
        FRAME.assign(more=1)[["more", "fare", "age"]],
    ],
)
def test_a_table_of_numbers_may_come_in_many_forms(X: object) -> None:
    pd.testing.assert_frame_equal(checked(X), FRAME)


@pytest.mark.parametrize("row", [FRAME.iloc[0], {"fare": 7.25, "age": 22}, FRAME.iloc[[0]].to_numpy()])
def test_one_row_may_come_in_many_forms(row: object) -> None:
    assert checked(row).to_dict("records") == [{"age": 22, "fare": 7.25}]


def test_columns_named_by_numbers_are_found() -> None:
    schema = TableSchema((Column("0", "number"), Column("1", "number")))
    assert checked(pd.DataFrame(FRAME.to_numpy()), schema).shape == (2, 2)


def test_a_gap_among_numbers_stays_one() -> None:
    assert checked([[1.0, None], [np.nan, 2.0]]).isna().to_numpy().tolist() == [[False, True], [True, False]]


@pytest.mark.parametrize(
    ("X", "schema", "message"),
    [
        ([], NUMBERS, "no rows to predict"),
        (FRAME[:0], NUMBERS, "no rows to predict"),
        (np.empty((0, 2)), NUMBERS, "no rows to predict"),
        (np.zeros((4, 3)), NUMBERS, "rows of 3 values, but this model was trained on 2 columns.*'age', 'fare'"),
        ([1.0, 2.0], NUMBERS, r"one dimension.*X\.reshape\(1, -1\)"),
        ([[1.0], [1.0, 2.0]], NUMBERS, "rows of different lengths"),
        ([[1.0, 2.0], [3.0, "x"]], NUMBERS, "row 2, column 'fare': text 'x'"),
        ([["1", "2"]], NUMBERS, "row 1, column 'age': text '1'"),
        (np.array([[1, 2]], "datetime64[D]"), NUMBERS, "row 1, column 'age'"),
        (np.array([[1j, 2]]), NUMBERS, "row 1, column 'age'"),
        (FRAME.astype(complex), NUMBERS, "row 1, column 'age'"),
        ([[np.inf, 2.0]], NUMBERS, "row 1, column 'age': an infinite number"),
        (np.zeros((2, 2, 2)), NUMBERS, "needs a table, the data are images"),
        (FRAME["age"], NUMBERS, "names are no columns of this model"),
        ({"age": [1, 2], "fare": [1, 2]}, NUMBERS, "give a data frame"),
        ("train.csv", NUMBERS, r"a name or a path.*tenfold\.load"),
        (Path("train.csv"), NUMBERS, "a name or a path"),
        (None, NUMBERS, "a NoneType is no rows"),
        (3, NUMBERS, "a int is no rows"),
        ([[1.0, "male"]], MIXED, "columns of text: 'sex'.*a data frame with the columns 'age', 'sex'"),
        (np.zeros((2, 3)), IMAGES, r"one image.*image\[np\.newaxis\]"),
        (np.zeros((5, 6)), IMAGES, r"X\.reshape\(-1, 2, 3\)"),
        (np.zeros((5, 3, 2), np.uint8), IMAGES, "images of 3 x 2 pixels, but this model was trained on 2 x 3"),
        (np.full((5, 2, 3), 0.5), IMAGES, "not whole numbers 0 to 255"),
        (FRAME, IMAGES, "needs images, the data are a table"),
        ([], IMAGES, "no rows to predict"),
    ],
)
def test_what_does_not_fit_is_named_with_what_to_give(X: object, schema: Schema, message: str) -> None:
    with pytest.raises(DataError, match=message):
        schema.check(schema.instances(X))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
def test_images_may_have_any_dtype_that_holds_their_bytes(dtype: type) -> None:
    X = np.arange(12).reshape(2, 2, 3).astype(dtype)
    images = IMAGES.instances(X)
    assert isinstance(images, np.ndarray)
    assert images.dtype == np.uint8
    assert images.tolist() == X.tolist()
