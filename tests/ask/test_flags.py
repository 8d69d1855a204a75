"""Rows unlike those that a model was trained on, and predictions as two columns."""

import numpy as np
import pandas as pd
import pytest

from tenfold.ask.predict import two_columns
from tenfold.data.kinds.table.schema import TableSchema
from tenfold.errors import UsageError

TABLE = pd.DataFrame({"age": [1.0, 80.0, np.nan, 5.0], "deck": pd.Series(["A", "A", "B", "B"], dtype=object)})


def test_an_unseen_category_and_a_number_out_of_range_are_marked_after_reading_the_schema_back():
    schema = TableSchema.from_dict(TableSchema.of(TABLE).as_dict())
    rows = pd.DataFrame({"age": [81.0, 5.0, np.nan], "deck": pd.Series(["A", "C", None], dtype=object)})
    marks = {flag: mask.tolist() for flag, mask in schema.flags(rows).items()}
    assert marks == {("out of range", "age"): [True, False, False], ("unseen", "deck"): [False, True, False]}


def test_texts_that_do_not_recur_are_not_written_down():
    assert TableSchema.of(pd.DataFrame({"name": pd.Series(["Ann", "Bo"], dtype=object)})).columns[0].values is None


def test_a_missing_column_is_filled_in_but_not_a_table_without_any():
    schema = TableSchema.of(TABLE)
    assert schema.completed(TABLE[["age"]])[1] == ("deck",)
    assert schema.completed(pd.DataFrame({"else": [1]}))[1] == ()
    assert schema.completed(TABLE[["age"]].assign(dekc="A"))[1] == ()  # written wrongly, not missing


def test_two_columns_need_one_that_is_there():
    with pytest.raises(UsageError, match="no such column"):
        two_columns({"a": np.array([1]), "predicted": np.array(["x"])}, "b", None)
