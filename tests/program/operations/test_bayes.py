"""Naive Bayes: the program has the probabilities of the pipeline, gaps and categories that it never met included."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.naive_bayes import BernoulliNB, ComplementNB, GaussianNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.models import MixedNaiveBayes
from tenfold.program.operations import find_operation
from tenfold.program.refusal import Refused
from tenfold.program.values import Matrix
from tests.program.operations.test_linear import rows
from tests.program.proof import SINGLE, assert_same_classes

PRIORS = {2: [0.0, 1.0], 3: [0.2, 0.0, 0.8], 10: [0.1] * 10}


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_normal_distributions(classes: int) -> None:
    for seed in range(3):
        X, y = rows(seed, classes)
        assert_same_classes(make_pipeline(GaussianNB()).fit(X[:-20], y[:-20]), X, classes)
        assert_same_classes(make_pipeline(GaussianNB(priors=PRIORS[classes])).fit(X, y), X, classes)


def test_rows_far_from_every_class() -> None:
    X, y = rows(1, 4)
    far = np.concatenate([X, X * 30, X * 1e4])
    assert_same_classes(make_pipeline(GaussianNB()).fit(X, y), far, 4)
    assert_same_classes(make_pipeline(MixedNaiveBayes()).fit(X, y), far, 4)


@pytest.mark.parametrize("present", [(0,), (0, 1), (1, 3), (0, 2, 3)])
@pytest.mark.parametrize("model", [GaussianNB(), MixedNaiveBayes()])
def test_classes_that_were_absent(present: tuple[int, ...], model: object) -> None:
    X, y = rows(6, 4)
    some = np.isin(y, present)
    assert_same_classes(make_pipeline(StandardScaler(), model).fit(X[some], y[some]), X, 4)


@pytest.mark.parametrize("model", [GaussianNB(), MixedNaiveBayes()])
def test_single_precision(model: object) -> None:
    X, y = rows(7, 3, np.float32)
    assert_same_classes(make_pipeline(StandardScaler(), model).fit(X, y), X, 3, SINGLE)


def mixed(seed: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and codes, some of them missing; the last rows have codes that the others do not."""
    X, y = rows(seed, classes)
    random = np.random.default_rng(seed)
    X[:, 2], X[:, 5] = (y + random.integers(0, 2, len(y))) % 3, random.integers(0, 4, len(y))
    X[random.random(X.shape) < 0.2] = np.nan
    X[-6:, 2] = 9, -1, 0.5, np.inf, 1e300, np.nan
    X[-7] = np.nan
    return X, y


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("categorical", [[2], [5, 2], [-1, 2], [], None, [0, 1, 2, 3, 4, 5]])
@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_numbers_and_categories_with_gaps(classes: int, categorical: list[int] | None, alpha: float) -> None:
    for seed in range(2):
        X, y = mixed(seed, classes)
        if categorical and len(categorical) == 6:
            X = np.abs(np.round(np.where(np.isinf(X), 0, X))) % 5
        if not categorical:
            X[-6:, 2] = 1.0
        X = np.where(np.isinf(X), 1e300, X)
        model = MixedNaiveBayes(categorical=categorical, alpha=alpha)
        assert_same_classes(make_pipeline(model).fit(X[:-7], y[:-7]), X, classes)


@pytest.mark.parametrize(
    "model", [MultinomialNB(), ComplementNB(), ComplementNB(norm=True), BernoulliNB(), BernoulliNB(binarize=2.0)]
)
@pytest.mark.parametrize("dtype", [np.uint8, np.float64])
def test_counts(model: object, dtype: type) -> None:
    for seed in range(3):
        random = np.random.default_rng(seed)
        y = np.concatenate([np.arange(4), random.integers(0, 4, 80)])
        X = random.poisson(1 + (np.arange(7) % 4 == y[:, None]) * 2).astype(dtype)
        for present in ((0, 1, 2, 3), (0, 2), (1,)):
            some = np.isin(y, present)
            assert_same_classes(make_pipeline(model).fit(X[some], y[some]), X, 4)


def test_counts_that_are_there_or_not() -> None:
    random = np.random.default_rng(0)
    X, y = random.integers(0, 2, (60, 5)).astype(np.float64), np.arange(60) % 3
    assert_same_classes(make_pipeline(BernoulliNB(binarize=None)).fit(X, y), X, 3)


ARRAYS = {
    "log_prior": np.zeros(2),
    "numbers": np.array([0]),
    "mean": np.zeros((2, 1)),
    "variance": np.ones((2, 1)),
    "categories": np.array([1]),
    "frequencies": np.zeros((1, 3, 2)),
}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"variance": np.zeros((2, 1))}, "varies by nothing"),
        ({"numbers": np.array([2])}, "not under 2"),
        ({"categories": np.array([-1])}, "under 0"),
        ({"categories": np.array([2])}, "not under 2"),
        ({"frequencies": np.zeros((1, 0, 2))}, "no frequencies"),
        ({"frequencies": np.zeros((2, 3, 2))}, "a size is"),
        ({"frequencies": np.full((1, 3, 2), np.nan)}, "no number"),
        ({"frequencies": None}, "lack frequencies"),
    ],
)
def test_what_does_not_fit_together_is_refused(change: dict[str, np.ndarray | None], fault: str) -> None:
    arrays = {name: values for name, values in (ARRAYS | change).items() if values is not None}
    with pytest.raises(Refused, match=fault):
        find_operation("naive_bayes").check((Matrix("float64", 2),), {"missing": "refused"}, arrays)


def test_gaps_are_refused_where_the_model_refuses_them() -> None:
    operation, gaps = find_operation("naive_bayes"), Matrix("float64", 2, gaps=True)
    with pytest.raises(Refused, match="nothing fills them"):
        operation.check((gaps,), {"missing": "refused"}, ARRAYS)
    part, _ = operation.check((gaps,), {"missing": "left out"}, ARRAYS)
    odd = np.array([[np.nan, np.nan], [np.inf, -np.inf], [1e308, 1e308], [0.0, -1.0]])
    assert np.isfinite(operation.bind(part)(odd)).all()
