"""The denoisers: exactly what scikit-learn gives, and that they hold what they promise."""

import copy

import numpy as np
import pytest
from scipy.ndimage import median_filter
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import Pipeline

from tenfold.data.sources import load
from tenfold.errors import LimitError, UsageError
from tenfold.models.denoising import KNeighborsDenoiser, RidgeDenoiser
from tenfold.models.denoising.statistics import vote
from tenfold.models.neighbours import NeighbourSearch
from tenfold.tasks.images.candidates import restored_images
from tenfold.tasks.images.catalogue import CATALOGUE, entry_of
from tenfold.tasks.images.noise import parse_noise

PIXELS = load_digits().images.astype(np.uint8)
NOISY = parse_noise("uniform:0:6").on(PIXELS, 16, [3])
LEARN, ASK = slice(0, 600), slice(600, 700)


def _flat(images):
    return images.reshape(len(images), -1).astype(np.float64)


def _restored(name, learn=LEARN, ask=ASK):
    return entry_of(name).estimator().fit(NOISY[learn], PIXELS[learn]).predict(NOISY[ask])


def test_knn_is_scikit_learns_vote_over_every_pixel():
    model = KNeighborsClassifier().fit(_flat(NOISY[LEARN]), PIXELS[LEARN].reshape(600, -1))
    np.testing.assert_array_equal(_restored("knn").reshape(100, -1), model.predict(_flat(NOISY[ASK])))


def test_knn_on_mnist_is_scikit_learns_vote_over_every_pixel(real_data):
    X = load("mnist", data_dir=real_data / "mnist").X
    noisy = parse_noise("uniform:0:100").on(X[:1_020], 255, [1])
    model = KNeighborsClassifier().fit(_flat(noisy[:1_000]), X[:1_000].reshape(1_000, -1))
    found = entry_of("knn").estimator().fit(noisy[:1_000], X[:1_000]).predict(noisy[1_000:])
    np.testing.assert_array_equal(found.reshape(20, -1), model.predict(_flat(noisy[1_000:])))


def test_knn_mean_is_scikit_learns_regression():
    model = KNeighborsRegressor().fit(_flat(NOISY[LEARN]), PIXELS[LEARN].reshape(600, -1))
    np.testing.assert_allclose(_restored("knn:mean").reshape(100, -1), model.predict(_flat(NOISY[ASK])))


def nearest_rows(rows, queries, k):
    return NeighbourSearch(rows).nearest(queries, k)[1]


def test_equal_votes_go_to_the_smallest_value_as_in_scikit_learn():
    """Five neighbours at one place: pixels of 2:2:1 votes and of five different values."""
    noisy = np.array([[0], [1], [2], [3], [4], [100]], np.int16)
    clean = np.array([[9, 5], [3, 4], [9, 3], [3, 2], [7, 1], [0, 0]], np.uint8)
    model = KNeighborsClassifier().fit(noisy, clean)
    found = vote(clean[nearest_rows(noisy, np.array([[2]], np.int16), 5)])
    assert found.tolist() == model.predict([[2]]).tolist() == [[3, 1]]


def test_distances_are_not_rounded():
    """Two rows whose squared distances differ by 1 in 1e8: float32 sums could not tell them apart."""
    rng = np.random.default_rng(0)
    near = rng.integers(0, 355, 784).astype(np.int16)
    query = (near + 354) % 709
    query[0] = near[0]
    far = near.copy()
    far[0] += 1
    for order in ([near, far], [far, near]):
        found = nearest_rows(np.array(order, np.int16), query[None].astype(np.int16), 1)
        exact = [((row.astype(np.int64) - query) ** 2).sum() for row in order]
        assert found[0, 0] == int(np.argmin(exact))


def test_fewer_images_than_neighbours_all_vote():
    found = entry_of("knn").estimator().fit(NOISY[:3], PIXELS[:3]).predict(NOISY[5:6])
    np.testing.assert_array_equal(found[0].reshape(-1), vote(PIXELS[None, :3].reshape(1, 3, -1))[0])


def test_ridge_is_scikit_learns_ridge_of_all_pixels():
    model = Ridge(alpha=1.0).fit(_flat(NOISY[LEARN]), _flat(PIXELS[LEARN]))
    np.testing.assert_allclose(_restored("ridge").reshape(100, -1), model.predict(_flat(NOISY[ASK])), atol=1e-3)


def test_ridge_refuses_images_of_too_many_pixels():
    images = np.zeros((3, 65, 64), np.uint8)
    with pytest.raises(LimitError, match="4,160 values an image"):
        entry_of("ridge").estimator().fit(images.astype(np.int16), images)


def test_the_median_filter_sets_the_brightness_right():
    filtered = median_filter(NOISY[LEARN], size=(1, 3, 3), mode="nearest")
    brighter = filtered.mean() - PIXELS[LEARN].mean()
    expected = median_filter(NOISY[ASK], size=(1, 3, 3), mode="nearest") - brighter
    np.testing.assert_allclose(_restored("median"), expected)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_denoiser_is_an_ordinary_estimator(name):
    model = entry_of(name).estimator()
    twin = clone(model)
    assert twin.get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        twin.predict(NOISY[ASK])
    pipeline = Pipeline([("model", twin)]).fit(NOISY[LEARN], PIXELS[LEARN])
    np.testing.assert_array_equal(pipeline.predict(NOISY[ASK]), _restored(name))
    assert pipeline.predict(NOISY[ASK]).dtype == np.float64
    assert not hasattr(model, "image_shape_")


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_denoiser_is_carried_to_another_process_without_its_search(name):
    model = entry_of(name).estimator().fit(NOISY[LEARN], PIXELS[LEARN])
    expected = model.predict(NOISY[ASK])
    assert "_search" not in model.__getstate__()
    np.testing.assert_array_equal(copy.deepcopy(model).predict(NOISY[ASK]), expected)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_second_fit_forgets_the_first(name):
    model = entry_of(name).estimator().fit(NOISY[ASK], PIXELS[ASK])
    model.predict(NOISY[ASK])
    np.testing.assert_array_equal(model.fit(NOISY[LEARN], PIXELS[LEARN]).predict(NOISY[ASK]), _restored(name))


@pytest.mark.parametrize("name", CATALOGUE)
@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (NOISY[:3], PIXELS[:2], "of shape"),
        (NOISY[:0], PIXELS[:0], "no images"),
        (NOISY[:3].astype(float), PIXELS[:3], "noisy images of type float64"),
        (NOISY[:3], PIXELS[:3].astype(np.int64), "clean images of type int64"),
        (NOISY[0], PIXELS[0], "give \\(n, height, width\\)"),
        (NOISY[:3, ..., None], PIXELS[:3, ..., None], "give \\(n, height, width\\)"),
    ],
    ids=range(6),
)
def test_images_that_do_not_fit_are_refused(name, X, y, message):
    with pytest.raises(ValueError, match=message):
        entry_of(name).estimator().fit(X, y)


@pytest.mark.parametrize("name", CATALOGUE)
def test_images_of_another_shape_are_not_predicted(name):
    model = entry_of(name).estimator().fit(NOISY[:9], PIXELS[:9])
    with pytest.raises(ValueError, match="it was fitted on images of shape \\(8, 8\\)"):
        model.predict(NOISY[:9, :7])


@pytest.mark.parametrize(
    "model",
    [
        RidgeDenoiser(alpha=0),
        RidgeDenoiser(alpha=np.nan),
        KNeighborsDenoiser(0),
        KNeighborsDenoiser(101),
        KNeighborsDenoiser(statistic="mode"),
    ],
    ids=repr,
)
def test_parameters_out_of_range_are_refused(model):
    with pytest.raises(ValueError, match="give"):
        model.fit(NOISY[:9], PIXELS[:9])


@pytest.mark.parametrize("name", CATALOGUE)
def test_colour_and_one_pixel_images_keep_their_shape(name):
    for shape in ((5, 4, 3), (1, 1)):
        clean = np.random.default_rng(0).integers(0, 256, (12, *shape)).astype(np.uint8)
        noisy = parse_noise("gaussian:20").on(clean, 255, [0])
        model = entry_of(name).estimator().fit(noisy, clean)
        assert restored_images(name, model, noisy, 255).shape == noisy.shape


def test_what_is_restored_lies_between_black_and_white_but_the_baseline_is_left_alone():
    noisy = parse_noise("gaussian:9").on(PIXELS[LEARN], 16, [0])
    for name in CATALOGUE:
        found = restored_images(name, entry_of(name).estimator().fit(noisy, PIXELS[LEARN]), noisy[:50], 16)
        if name == "baseline":
            np.testing.assert_array_equal(found, noisy[:50])
        else:
            assert found.min() >= 0
            assert found.max() <= 16


def test_an_unknown_denoiser_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'ridge'"):
        entry_of("rigde")
