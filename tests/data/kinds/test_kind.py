"""Kinds of data: found by name, registered, and what both kinds that Tenfold comes with have in common."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tenfold.data.dataset import Dataset
from tenfold.data.kinds import find_augmentation, find_kind, is_built_in, known_kinds, register_kind
from tenfold.data.kinds.storage import STORED_FILES
from tenfold.errors import DataError, UsageError


def test_an_unknown_kind_is_refused_with_the_nearest_name():
    with pytest.raises(UsageError, match=r"no kind of data 'imges'.*image"):
        Dataset("d", "imges", np.zeros((1, 2, 2), np.uint8), None, source="memory")


@pytest.mark.parametrize("name", ["image", "table", "", "a b", "../x", "Ümlaut"])
def test_a_kind_is_registered_under_a_plain_name_of_its_own(name):
    with pytest.raises(UsageError):
        register_kind(replace(find_kind("image"), name=name))


def test_a_registered_kind_is_found_and_can_be_replaced():
    first = register_kind(replace(find_kind("table"), name="sheet-of-rows"))
    assert find_kind("sheet-of-rows") is first
    second = register_kind(replace(first, nouns=("line", "lines")))
    assert find_kind("sheet-of-rows") is second
    assert second in known_kinds()
    assert [is_built_in(name) for name in ("image", "table", "sheet-of-rows")] == [True, True, False]


def test_an_augmentation_is_found_by_its_name():
    kind, way = find_augmentation("shift")
    assert (kind.name, way.copies) == ("image", 5)
    assert find_augmentation("twist") is None


@pytest.mark.parametrize("name", ["images", "table"])
def test_instances_survive_storage(name, request, tmp_path):
    data = request.getfixturevalue(name)
    storage = data.traits.storage
    storage.write(tmp_path, data.X)
    assert {path.name for path in tmp_path.iterdir()} == set(storage.files) <= set(STORED_FILES)
    again = replace(data, X=storage.open(tmp_path))
    assert again.fingerprint == data.fingerprint


@pytest.mark.parametrize("name", ["images", "table"])
def test_a_layout_survives_json_and_values_are_finite_numbers(name, request):
    data = request.getfixturevalue(name)
    layout = data.traits.layout(data.X)
    if layout is not None:
        assert data.traits.read_layout({key: list(names) for key, names in vars(layout).items()}) == layout
    assert data.values().shape[0] == len(data)
    assert np.isfinite(data.values()).all()
    assert data.traits.width(data.X, layout) > 0
    assert data.traits.text(data.X, 3)


@pytest.mark.parametrize(
    ("kind", "X"),
    [
        ("image", np.full((2, 4, 4), "a")),
        ("image", np.zeros((2, 4), np.uint8)),
        ("image", np.zeros((2, 4, 4, 4), np.uint8)),
        ("image", pd.DataFrame({"a": [1]})),
        ("table", np.zeros((2, 4))),
    ],
)
def test_instances_of_another_kind_are_refused(kind, X):
    with pytest.raises(DataError):
        Dataset("d", kind, X, None, source="memory")


def test_columns_that_are_not_used_are_left_out(table, images):
    assert table.without(["colour", "not there"]).feature_names == ("number", "whole")
    assert images.without(["colour"]).X is images.X


def test_pictures_are_of_images_alone(table, images):
    assert images.pictures(np.array([1, 2])).shape == (2, 4, 4)
    assert table.pictures() is None
    assert images.table is None
    assert table.table is table.X
