import datetime as dt
import decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenfold.data.sources import load
from tenfold.errors import DataError, LimitError


def saved(tmp_path, **columns):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), path)
    return str(path)


def test_types_become_numbers_or_text(tmp_path):
    path = saved(
        tmp_path,
        i=pa.array([1, 2], pa.int32()),
        gaps=pa.array([1, None], pa.uint8()),
        f=pa.array([0.5, None], pa.float32()),
        money=pa.array([decimal.Decimal("1.50"), None]),
        flag=[True, None],
        day=[dt.date(2020, 1, 2), None],
        word=["NA", None],
        kind=pa.array(["a", "b"]).dictionary_encode(),
        big=[2**60 + 1, 2],
        none=pa.nulls(2),
        y=["01", None],
    )
    data = load(path, target="y")
    assert data.y.tolist() == ["01", ""]
    types = dict(data.X.dtypes.astype(str))
    assert [types[n] for n in ("i", "gaps", "f", "money")] == ["int64", "float64", "float64", "float64"]
    texts = {n: data.X[n].tolist() for n in ("flag", "day", "word", "kind", "big", "none")}
    assert texts == {
        "flag": ["True", None],
        "day": ["2020-01-02", None],
        "word": ["NA", None],
        "kind": ["a", "b"],
        "big": [str(2**60 + 1), "2"],
        "none": [None, None],
    }


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1, None], ["1", ""]),
        ([1.0, 2.5], ["1.0", "2.5"]),
        ([True, False], ["True", "False"]),
        (["1", "01"], ["1", "01"]),
    ],
)
def test_labels_become_their_text(tmp_path, values, labels):
    assert load(saved(tmp_path, x=[1, 2], y=values), target="y").y.tolist() == labels


def test_the_index_of_pandas_is_no_feature(tmp_path):
    path = saved(tmp_path, x=[1, 2], y=["a", "b"], __index_level_0__=[5, 6])
    assert load(path, target="y").feature_names == ("x",)


@pytest.mark.parametrize("column", [[[1], [2]], [{"a": 1}, {"a": 2}], [b"a", b"b"]])
def test_nested_and_binary_columns_are_refused_by_name(tmp_path, column):
    with pytest.raises(DataError, match="column 'bad'"):
        load(saved(tmp_path, bad=column, y=["a", "b"]), target="y")


def test_a_dictionary_bomb_is_counted_before_it_is_blown_up(tmp_path):
    word = "x" * 1_000_000
    column = pa.DictionaryArray.from_arrays(pa.array(np.zeros(5_000, np.int32)), [word])
    path = saved(tmp_path, bomb=column, y=["a"] * 5_000)
    with pytest.raises(LimitError, match="over the limit"):
        load(path, target="y")


def test_no_rows_are_refused(tmp_path):
    with pytest.raises(DataError, match="no rows"):
        load(saved(tmp_path, x=pa.array([], pa.int64()), y=pa.array([], pa.string())), target="y")


def test_a_file_cut_anywhere_is_refused(tmp_path):
    path = tmp_path / "a.parquet"
    saved(tmp_path, x=list(range(50)), y=["a"] * 50)
    whole = path.read_bytes()
    for end in range(5, len(whole), len(whole) // 60):
        path.write_bytes(whole[:end])
        with pytest.raises(DataError, match=r"a\.parquet"):
            load(str(path), target="y")


def test_a_missing_target_is_suggested(tmp_path):
    with pytest.raises(DataError, match="Did you mean 'label'"):
        load(saved(tmp_path, x=[1], label=["a"]), target="lable")
