from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data.holdout import Ledger, open_test_part, row_groups, split
from tenfold.errors import DataError, UsageError
from tenfold.task import infer_task


def opened(test, tmp_path):
    return open_test_part(test, Ledger(tmp_path), "run", "test").data


def test_every_row_is_on_exactly_one_side(images, tmp_path):
    training, test = split(images, infer_task(images.y))
    rows = np.concatenate([training.rows, opened(test, tmp_path).rows])
    assert sorted(rows) == list(range(60))
    assert len(test) == 12


def test_classes_are_spread_evenly(images, tmp_path):
    _, test = split(images, infer_task(images.y))
    assert [int((opened(test, tmp_path).y == c).sum()) for c in "abc"] == [4, 4, 4]


def test_the_seed_decides_and_nothing_else(images):
    task = infer_task(images.y)
    keys = [split(images, task, seed=seed)[1].key for seed in (1, 1, 2)]
    assert keys[0] == keys[1] != keys[2]


def test_equal_rows_stay_on_one_side(images, tmp_path):
    X = images.X.copy()
    X[1::2] = X[::2]
    twins = replace(images, X=X, rows=images.rows)
    for seed in range(5):
        training, test = split(twins, infer_task(twins.y), seed=seed)
        assert not set(training.ids) & set(opened(test, tmp_path).ids)


@given(seed=st.integers(0, 99))
def test_a_group_stays_on_one_side(images, seed, tmp_path_factory):
    grouped = replace(images, groups=np.array([f"g{i // 4}" for i in range(60)], object))
    training, test = split(grouped, infer_task(grouped.y), seed=seed)
    assert not set(training.groups) & set(opened(test, tmp_path_factory.mktemp("ledger")).groups)


def test_groups_and_duplicates_join():
    from tenfold.data.dataset import Dataset

    X = np.array([1, 2, 2, 3], np.uint8).reshape(4, 1, 1)
    data = Dataset("x", "image", X, None, source="m", groups=np.array(["a", "a", "b", "c"], object))
    group = row_groups(data)
    assert group[0] == group[1] == group[2] != group[3]


def test_rows_that_are_all_different_need_no_groups(images):
    assert row_groups(images) is None


def test_the_source_decides_where_it_has_a_test_part(images, tmp_path):
    official = np.arange(60) >= 50
    training, test = split(replace(images, official_test=official), infer_task(images.y))
    assert training.rows.tolist() == list(range(50))
    assert np.shares_memory(training.X, images.X)
    assert opened(test, tmp_path).rows.tolist() == list(range(50, 60))


@pytest.mark.parametrize("size", [0, 1, -0.5, 2])
def test_a_share_that_is_none_is_refused(images, size):
    with pytest.raises(UsageError, match="--test-size"):
        split(images, infer_task(images.y), test_size=size)


def test_an_empty_side_is_refused(images):
    with pytest.raises(DataError, match="no rows"):
        split(replace(images, official_test=np.zeros(60, bool)), infer_task(images.y))


def test_the_sealed_part_shows_nothing(images):
    _, test = split(images, infer_task(images.y))
    assert not hasattr(test, "X")
    assert not hasattr(test, "y")
    assert repr(test).startswith("SealedTest(12 rows")
