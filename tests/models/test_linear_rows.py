import numpy as np
import pytest
from numba import njit
from scipy.sparse import csr_matrix

from tenfold.models import SGDClassifier
from tenfold.models.grid import on_grid
from tenfold.models.linear.rows import add_row, dot_row, is_grid, prefetch_row, read_row, rows_of


@njit
def _times_then_plus(rows, i, W, factor):
    room = np.empty(W.shape[1], W.dtype)
    prefetch_row(rows, i)
    read_row(rows, i, room)
    product = dot_row(rows, i, room, W, 1)
    add_row(rows, i, room, factor, W, 1)
    return product


def whole(n=5000, d=53):
    return np.random.default_rng(0).integers(0, 256, (n, d)).astype(np.float64)


@pytest.mark.parametrize(
    ("X", "parts", "bytes_"),
    [
        (whole(), 2, True),
        (whole() / 255, 2, True),
        (whole().astype(np.float32) / 255, 2, True),
        (whole() / np.arange(1, 54) - 3, 3, True),
        (whole() + 7.5, 3, True),
        (((whole() - 93.7) / 71.3).astype(np.float32), 3, True),
        (whole() * np.pi + whole(), 2, True),
        (whole() ** 1.1, 1, False),
        (whole(40), 1, False),
        (csr_matrix(whole() * (whole() > 200)), 3, False),
    ],
    ids=["whole", "share", "single", "columns", "shifted", "rounded", "another step", "none", "small", "sparse"],
)  # fmt: skip
def test_a_row_is_the_same_however_it_is_held(X, parts, bytes_):
    rows = rows_of(X)
    assert (len(rows), is_grid(rows)) == (parts, bytes_)
    W = np.random.default_rng(1).normal(size=(3, X.shape[1])).astype(np.float32 if bytes_ else np.float64)
    dense = X.toarray() if hasattr(X, "toarray") else X
    for i in (0, 17, len(dense) - 1):
        before = W.copy()
        product = _times_then_plus(rows, i, W, 0.25)
        assert product == pytest.approx(before[1] @ dense[i], rel=1e-5, abs=float(2e-4 * np.abs(dense[i]).max()))
        assert W[1] == pytest.approx(before[1] + 0.25 * dense[i], rel=1e-5, abs=1e-4)
        assert np.array_equal(W[[0, 2]], before[[0, 2]])


def test_a_value_that_few_rows_have_makes_the_grid_finer():
    X = np.tile(np.arange(64.0), (8192, 1)) * 2.0 - 5
    X[::2] += 4.0
    X[8191, 5] += 1.0
    codes, lowest, step = on_grid(X)
    assert (step[5], step[6]) == (1.0, 4.0)
    assert np.array_equal(lowest + step * codes, X)


def test_a_value_beyond_255_steps_is_no_byte():
    X = whole()
    X[4321, 9] = 256.0
    assert len(rows_of(X)) == 1
    X[4321, 9] = -1.0
    assert len(rows_of(X)) == 1


def test_nothing_at_all_is_held_as_bytes():
    codes, lowest, step = on_grid(np.zeros((4096, 64)))
    assert not codes.any()
    assert not lowest.any()
    assert (step == 1.0).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("highest", [1e-320, 1e-45, 1e-9, 5e-5, 5e-4, 1e30, 1e300])
@pytest.mark.filterwarnings("error")
def test_values_of_any_size_are_kept(highest, dtype):
    with np.errstate(over="ignore"):
        X = np.minimum((np.random.default_rng(0).random((8192, 64)) * highest).astype(dtype), np.finfo(dtype).max)
    found = on_grid(X)
    if found is not None:
        codes, lowest, step = found
        assert np.abs(lowest + step * codes - X).max() <= 1e-3 * (X.max() - X.min())


def test_a_column_that_varies_little_beside_large_ones_is_kept():
    X = whole(8192)
    X[:, 7] = np.random.default_rng(1).random(8192) * 1e-5
    assert on_grid(X) is None
    X[:, 7] = 0.0
    assert on_grid(X) is not None
    X[1, 7] = 1e-5
    codes, lowest, step = on_grid(X)
    assert lowest[7] + step[7] * codes[1, 7] == 1e-5


@pytest.mark.parametrize("size", [1e-4, 1.0, 1e4])
def test_values_of_any_size_are_learnt(size):
    X = np.random.default_rng(0).random((8192, 64)).astype(np.float32)
    y = X[:, 0] > X[:, 1]
    rate = {"learning_rate": "constant", "eta0": 0.1 / size**2, "alpha": 0, "fit_intercept": False}
    model = SGDClassifier(loss="log_loss", max_iter=5, tol=None, random_state=0, **rate).fit(X * np.float32(size), y)
    assert model.score(X * np.float32(size), y) > 0.95
