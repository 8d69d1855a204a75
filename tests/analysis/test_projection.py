"""Maps of rows, and means of images."""

import numpy as np
import pytest
from sklearn.datasets import load_digits
from sklearn.neighbors import NearestNeighbors

from tenfold.analysis.averages import averages_of
from tenfold.analysis.projection import project


def test_means_are_those_of_numpy():
    X, y = load_digits(return_X_y=True)
    images = X.reshape(-1, 8, 8).astype(np.uint8)
    for one in averages_of(images, y):
        assert one.mean == pytest.approx(images[y == one.code].mean(axis=0))
        assert one.spread == pytest.approx(images[y == one.code].std(axis=0), abs=1e-9)


def test_images_larger_than_the_room_are_averaged_in_parts(monkeypatch):
    monkeypatch.setattr("tenfold.analysis.averages._PIXELS_AT_ONCE", 40)
    X = np.random.default_rng(0).integers(0, 256, (23, 4, 4, 3)).astype(np.uint8)
    (one,) = averages_of(X, np.zeros(23, np.int64))
    assert one.mean == pytest.approx(X.mean(axis=0))
    assert one.spread == pytest.approx(X.std(axis=0), abs=1e-9)


@pytest.mark.parametrize("method", ["PCA", "t-SNE"])
def test_a_map_repeats(method):
    X = load_digits().data[:120].astype(np.float32)
    one, other = (project(X, method=method, seed=3) for _ in range(2))
    assert one.places.shape == (120, 2)
    assert np.array_equal(one.places, other.places)


def test_a_map_keeps_digits_of_one_kind_together():
    X, y = load_digits(return_X_y=True)
    places = project(X[:400].astype(np.float32), method="t-SNE").places
    near = NearestNeighbors(n_neighbors=2).fit(places).kneighbors(places)[1][:, 1]
    assert (y[:400][near] == y[:400]).mean() > 0.9


@pytest.mark.parametrize("values", [np.zeros((9, 3)), np.zeros((9, 0)), np.arange(3.0)[:, None]])
def test_rows_that_do_not_differ_or_are_too_few_have_no_map(values):
    assert project(values.astype(np.float32)) is None


def test_a_map_of_one_column_is_a_line():
    assert project(np.arange(9.0, dtype=np.float32)[:, None]).places[:, 1].tolist() == [0.0] * 9
