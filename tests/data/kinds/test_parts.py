"""Parts of instances that can be shuffled, and their values."""

import numpy as np
import pandas as pd
import pytest

from tenfold.data.kinds import Part, find_kind


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (28, 28), (30, 17), (224, 224)])
def test_patches_cover_an_image_once_and_are_sixty_four_at_most(shape):
    covered = np.zeros(shape, int)
    parts = find_kind("image").parts(np.zeros((1, *shape), np.uint8))
    for part in parts:
        top, left, bottom, right = part.patch
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()
    assert len(parts) <= 64


@pytest.mark.parametrize("shape", [(20, 8, 8), (20, 8, 8, 3)])
def test_shuffling_a_patch_changes_nothing_else_and_loses_no_value(shape):
    X = np.random.default_rng(0).integers(0, 256, shape).astype(np.uint8)
    kind = find_kind("image")
    found = kind.shuffle(X, kind.parts(X)[9], np.random.default_rng(1).permutation(20))
    assert not np.array_equal(found, X)
    outside = np.ones(shape, bool)
    outside[:, 1, 1] = False
    assert np.array_equal(found[outside], X[outside])
    assert sorted(map(tuple, found[:, 1, 1].reshape(20, -1))) == sorted(map(tuple, X[:, 1, 1].reshape(20, -1)))


def test_columns_keep_their_type_when_shuffled():
    X = pd.DataFrame({"n": [1, 2, 3], "t": pd.Series(["a", None, "b"], dtype=object), "f": [0.5, np.nan, 1.5]})
    for name in X:
        found = find_kind("table").shuffle(X, Part(name), np.array([2, 0, 1]))
        assert list(found.dtypes) == list(X.dtypes)
        assert list(found.columns) == list(X.columns)


def test_values_of_a_table_are_numbers_whatever_is_in_it():
    X = pd.DataFrame({"n": [1.0, np.nan, 3.0], "c": ["a", None, "b"], "k": [1, 1, 1], "none": [None] * 3})
    assert np.isfinite(find_kind("table").values(X)).all()
