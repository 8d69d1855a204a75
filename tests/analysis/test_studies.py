"""Importance and learning curve."""

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

from tenfold.analysis.importance import importances, parts_of
from tenfold.analysis.learning import learning_sizes, point_of, right_at
from tenfold.candidates.catalogue import resolve
from tenfold.candidates.setting import setting_of
from tenfold.dataset import Dataset
from tenfold.folds.assign import assign_folds
from tenfold.task import Task


def test_shuffling_a_useless_column_costs_nothing_and_the_useful_one_much():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"noise": rng.normal(size=400), "signal": rng.normal(size=400), "word": rng.choice(["a"], 400)})
    truth = (X["signal"] > 0).to_numpy()
    found = {one.part: one for one in importances(lambda Z: (Z["signal"] > 0).to_numpy() == truth, X)}
    assert found["noise"].drop == 0
    assert found["word"].drop == 0
    assert found["signal"].low < 0.5 < found["signal"].high


@pytest.mark.parametrize("shape", [(1, 1), (8, 8), (28, 28), (30, 17)])
def test_patches_cover_an_image_once(shape):
    covered = np.zeros(shape, int)
    for _, where in parts_of(np.zeros((1, *shape), np.uint8)):
        covered[where] += 1
    assert (covered == 1).all()


def test_only_the_patch_that_matters_costs_answers():
    X = np.zeros((60, 8, 8), np.uint8)
    X[::2, 3, 5] = 200
    truth = X[:, 3, 5] > 100
    found = list(importances(lambda Z: (Z[:, 3, 5] > 100) == truth, X))
    assert [one.part for one in found if one.drop > 0.2] == ["rows 3-3, columns 5-5"]


def test_more_rows_are_learnt_from_at_every_size_and_the_last_is_all():
    folds = np.arange(1000) % 5
    sizes = learning_sizes(folds)
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 800


def test_the_last_point_of_the_curve_is_the_run_itself():
    X, y = load_digits(return_X_y=True)
    data = Dataset(
        "digits", "image", X.reshape(-1, 8, 8).astype(np.uint8)[:600], y[:600].astype(str).astype(object), "d"
    )
    task = Task("multiclass", tuple("0123456789"))
    codes, setting = y[:600].astype(np.int64), setting_of(data, task)
    folds = assign_folds(codes, task, 3)
    candidate = resolve("knn", setting)
    right = {size: right_at(size, candidate, data, codes, folds, 10, 0) for size in (60, 400)}
    from tenfold.folds.unit import fit_and_answer

    whole = np.zeros(600, bool)
    for fold in range(3):
        said = fit_and_answer(candidate, data, codes, folds, fold, 10)
        whole[said.positions] = said.predicted == codes[said.positions]
    assert np.array_equal(right[400], whole)
    later = point_of(400, right[400], right[60])
    assert later.gain == pytest.approx(right[400].mean() - right[60].mean())
    assert later.gain_low > 0
