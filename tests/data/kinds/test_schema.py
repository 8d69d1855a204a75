"""Input schemas of both kinds: later instances are checked, and a few are written beside a model."""

import json
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest

from tenfold.data.kinds import Kind, find_kind
from tenfold.errors import DataError, ModelError


@pytest.mark.parametrize("name", ["images", "table"])
def test_training_rows_pass_their_own_schema_and_survive_json(name, request):
    data = request.getfixturevalue(name)
    schema = data.traits.schema(data.X)
    again = find_kind(schema.as_dict()["kind"]).read_schema(json.loads(json.dumps(schema.as_dict())))
    assert again == schema
    X, notes = schema.check(schema.instances(data.X))
    assert notes == ()
    assert (data.traits.ids(X) == data.ids).all()


@pytest.mark.parametrize("name", ["images", "table"])
def test_a_few_rows_read_back_as_they_were(name, request):
    data = request.getfixturevalue(name)
    schema = data.traits.schema(data.X)
    few = schema.few_rows(data.X, 5)
    assert few.shape[0] == 5
    again, _ = schema.check(schema.read_rows(json.loads(json.dumps(schema.plain_rows(few)))))
    assert data.traits.ids(again).tolist() == data.traits.ids(few).tolist()


def test_few_rows_of_large_images_and_long_texts_stay_small():
    large = np.zeros((9, 400, 400), np.uint8)
    assert len(find_kind("image").schema(large).few_rows(large, 8)) == 1
    long = pd.DataFrame({"text": pd.Series(["x" * 2_000_000] * 3, dtype=object)})
    assert find_kind("table").schema(long).few_rows(long, 2)["text"].str.len().sum() <= 1_000_000


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros((0, 4, 4)), "no rows to predict"),
        (np.zeros((4, 4)), r"image\[np.newaxis\]"),
        (np.zeros((2, 16)), r"give X.reshape\(-1, 4, 4\)"),
        (pd.DataFrame({"a": [1]}), "the data are a table"),
        ("digits.npz", "a name or a path"),
        ([[1], [1, 2]], "different lengths"),
        (np.full((1, 4, 4), 0.5), "whole numbers 0 to 255"),
    ],
)
def test_rows_that_are_no_such_images_are_refused(images, rows, message):
    with pytest.raises(DataError, match=message):
        images.traits.schema(images.X).instances(rows)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (np.zeros((2, 3)), "columns of text: 'colour'"),
        ({"a": 1}, "no columns of this model"),
        ({"number": [1, 2]}, "several values"),
        ([], "no rows to predict"),
        (np.zeros((2, 4, 4)), "the data are images"),
    ],
)
def test_rows_that_are_no_such_table_are_refused(table, rows, message):
    with pytest.raises(DataError, match=message):
        table.traits.schema(table.X).instances(rows)


def test_a_row_by_column_or_by_position_is_a_table():
    schema = find_kind("table").schema(pd.DataFrame({"a": [1.5], "b": [2]}))
    for row in ({"b": 2, "a": 1.5}, pd.Series({"a": 1.5, "b": 2}), [[1.5, 2]], [{"a": 1.5, "b": 2}]):
        X, _ = schema.check(schema.instances(row))
        assert X.to_dict("records") == [{"a": 1.5, "b": 2}]


@pytest.mark.parametrize("plain", [{"kind": "image", "shape": [0, 4], "dtype": "uint8"}, {"kind": "table"}])
def test_a_damaged_schema_is_refused(plain):
    with pytest.raises((ValueError, KeyError)):
        find_kind(plain["kind"]).read_schema(plain)


def test_a_kind_without_a_schema_says_so(images):
    bare = {field.name: getattr(find_kind("image"), field.name) for field in fields(Kind)[:11]}
    with pytest.raises(ModelError, match="no input schema"):
        Kind(**bare).schema(images.X)
