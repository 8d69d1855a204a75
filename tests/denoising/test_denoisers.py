"""The denoisers: exactly what scikit-learn gives, and that they hold what they promise."""

import numpy as np
import pytest
from scipy.ndimage import median_filter
from sklearn.datasets import load_digits
from sklearn.linear_model import Ridge
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor

from tenfold.data.sources import load
from tenfold.denoising.catalogue import CATALOGUE, entry_of
from tenfold.denoising.neighbours import vote
from tenfold.errors import LimitError, UsageError
from tenfold.models.neighbours import NeighbourSearch
from tenfold.tasks.images.candidates import restored_images
from tenfold.tasks.images.noise import parse_noise

PIXELS = load_digits().images.astype(np.uint8)
NOISY = parse_noise("uniform:0:6").on(PIXELS, 16, [3])
LEARN, ASK = slice(0, 600), slice(600, 700)


def _flat(images):
    return images.reshape(len(images), -1).astype(np.float64)


def _restored(name, learn=LEARN, ask=ASK):
    return entry_of(name).fit(NOISY[learn], PIXELS[learn]).restored(NOISY[ask])


def test_knn_is_scikit_learns_vote_over_every_pixel():
    model = KNeighborsClassifier().fit(_flat(NOISY[LEARN]), PIXELS[LEARN].reshape(600, -1))
    np.testing.assert_array_equal(_restored("knn").reshape(100, -1), model.predict(_flat(NOISY[ASK])))


def test_knn_on_mnist_is_scikit_learns_vote_over_every_pixel(real_data):
    X = load("mnist", data_dir=real_data / "mnist").X
    noisy = parse_noise("uniform:0:100").on(X[:1_020], 255, [1])
    model = KNeighborsClassifier().fit(_flat(noisy[:1_000]), X[:1_000].reshape(1_000, -1))
    found = entry_of("knn").fit(noisy[:1_000], X[:1_000]).restored(noisy[1_000:])
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
    found = entry_of("knn").fit(NOISY[:3], PIXELS[:3]).restored(NOISY[5:6])
    np.testing.assert_array_equal(found[0].reshape(-1), vote(PIXELS[None, :3].reshape(1, 3, -1))[0])


def test_ridge_is_scikit_learns_ridge_of_all_pixels():
    model = Ridge(alpha=1.0).fit(_flat(NOISY[LEARN]), _flat(PIXELS[LEARN]))
    np.testing.assert_allclose(_restored("ridge").reshape(100, -1), model.predict(_flat(NOISY[ASK])), atol=1e-3)


def test_ridge_refuses_images_of_too_many_pixels():
    images = np.zeros((3, 65, 64), np.uint8)
    with pytest.raises(LimitError, match="4,160 values an image"):
        entry_of("ridge").fit(images.astype(np.int16), images)


def test_the_median_filter_sets_the_brightness_right():
    filtered = median_filter(NOISY[LEARN], size=(1, 3, 3), mode="nearest")
    brighter = filtered.mean() - PIXELS[LEARN].mean()
    expected = median_filter(NOISY[ASK], size=(1, 3, 3), mode="nearest") - brighter
    np.testing.assert_allclose(_restored("median"), expected)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_arrays_of_a_denoiser_make_the_same_denoiser(name):
    model = entry_of(name).fit(NOISY[LEARN], PIXELS[LEARN])
    again = entry_of(name).read(model.arrays())
    np.testing.assert_array_equal(model.restored(NOISY[ASK]), again.restored(NOISY[ASK]))


@pytest.mark.parametrize("name", CATALOGUE)
def test_colour_and_one_pixel_images_keep_their_shape(name):
    for shape in ((5, 4, 3), (1, 1)):
        clean = np.random.default_rng(0).integers(0, 256, (12, *shape)).astype(np.uint8)
        noisy = parse_noise("gaussian:20").on(clean, 255, [0])
        model = entry_of(name).fit(noisy, clean)
        assert restored_images(name, model, noisy, 255).shape == noisy.shape


def test_what_is_restored_lies_between_black_and_white_but_the_baseline_is_left_alone():
    noisy = parse_noise("gaussian:9").on(PIXELS[LEARN], 16, [0])
    for name in CATALOGUE:
        found = restored_images(name, entry_of(name).fit(noisy, PIXELS[LEARN]), noisy[:50], 16)
        if name == "baseline":
            np.testing.assert_array_equal(found, noisy[:50])
        else:
            assert found.min() >= 0
            assert found.max() <= 16


def test_an_unknown_denoiser_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match="Did you mean 'ridge'"):
        entry_of("rigde")
