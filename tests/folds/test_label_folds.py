"""Folds of several labels: scikit-learn's where they serve, spread label by label where they do not."""

import numpy as np
import pytest
from sklearn.model_selection import KFold

from tenfold.errors import DataError
from tenfold.folds.assign import assign_folds
from tenfold.tasks import LabelTask

TASK = LabelTask(("a", "b"))


def test_in_order_of_the_rows_as_scikit_learn_cuts_them():
    indicators = np.random.default_rng(0).integers(0, 2, (90, 2))
    folds = assign_folds(indicators, TASK, 3)
    for number, (_, held_out) in enumerate(KFold(3).split(indicators)):
        assert (folds[held_out] == number).all()


def test_a_label_that_a_fold_would_miss_is_spread():
    indicators = np.zeros((90, 2), int)
    indicators[:9, 0] = 1
    indicators[::2, 1] = 1
    folds = assign_folds(indicators, TASK, 3)
    for fold in range(3):
        assert 0 < indicators[folds == fold].mean(axis=0).min() < 1


def test_shuffled_folds_depend_on_the_seed_alone():
    indicators = np.random.default_rng(0).integers(0, 2, (90, 2))
    one, same, other = (assign_folds(indicators, TASK, 3, shuffle=True, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_groups_stay_in_one_fold():
    indicators = np.random.default_rng(0).integers(0, 2, (90, 2))
    groups = np.arange(90) // 3
    folds = assign_folds(indicators, TASK, 3, groups=groups)
    assert all(len(set(folds[groups == g].tolist())) == 1 for g in range(30))


def test_a_label_true_in_fewer_rows_than_folds_is_refused():
    indicators = np.zeros((30, 2), int)
    indicators[:2, 0] = 1
    indicators[::2, 1] = 1
    with pytest.raises(DataError, match="label 'a' is true in 2 training rows, fewer than the 3 folds"):
        assign_folds(indicators, TASK, 3)
    with pytest.raises(DataError, match="label 'a' is not true in 2 training rows"):
        assign_folds(1 - indicators, TASK, 3)


def test_a_label_that_one_group_holds_alone_is_refused():
    indicators = np.zeros((30, 2), int)
    indicators[:6, 0] = 1
    indicators[::2, 1] = 1
    groups = np.maximum(np.arange(30) - 5, 0)
    with pytest.raises(DataError, match="label 'a' is true in 1 group of training rows"):
        assign_folds(indicators, TASK, 2, groups=groups)
