"""Weak spots of odd data, and of many rows."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tenfold.analysis.neighbours import NearDuplicates
from tenfold.analysis.weak_spots import PredictedInstances, weak_spots
from tenfold.data.dataset import Dataset
from tenfold.folds.nearest import NearestRows


def _instances(X, y, predicted, scores, nearby=None):
    labels = y.astype(str).astype(object)
    data = Dataset("d", "table" if isinstance(X, pd.DataFrame) else "image", X, labels, source="memory")
    return PredictedInstances(data, y, predicted, scores, True, 0.0, labels, (), nearby)


@pytest.mark.parametrize(
    "X",
    [
        np.random.default_rng(0).integers(0, 9, (8, 1, 1)).astype(np.uint8),
        np.zeros((8, 5, 5, 3), np.uint8),
        pd.DataFrame({"constant": [1.0] * 8, "missing": [np.nan] * 8, "words": [f"w{i}" for i in range(8)]}),
        pd.DataFrame({"missing": [None] * 8}),
    ],
)  # fmt: skip
def test_weak_spots_of_next_to_nothing_are_none_and_no_complaint(X):
    y = np.arange(8) // 2
    scores = np.full((8, 4), 0.25)
    found = weak_spots(_instances(X, y, (y + 1) % 4, scores))
    assert found.looked_at == 0
    assert sorted(found.hard.tolist()) == list(range(8))


def test_of_many_rows_all_are_compared_where_their_neighbours_are_known():
    n = 6_000
    X, y = np.zeros((n, 2, 2), np.uint8), np.arange(n) % 2
    nearby = NearestRows(np.roll(np.arange(n), 2)[:, None].repeat(2, 1), np.full((n, 2), 3.0))
    nearby.rows[7, 0], nearby.distances[7, 0] = 8, 1.0
    instances = _instances(X, y, y, None, nearby)
    found = weak_spots(instances)
    assert (found.compared, found.across_folds, found.close) == (n, True, 3.0)
    assert found.near_duplicates == [NearDuplicates(7, 8, 1.0)]
    assert not weak_spots(replace(instances, nearby=None)).across_folds
