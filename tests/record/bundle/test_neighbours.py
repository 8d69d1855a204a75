"""Neighbours by any metric that is a word are saved; what would need code or sparse arrays is refused in a line."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.pipeline import make_pipeline

from tenfold.errors import ModelError
from tenfold.models import KNeighborsClassifier, SGDClassifier
from tenfold.record.bundle import load, save
from tests.record.bundle.conftest import DIGITS, classifier_of, digit_table


def city_blocks(a, b):
    return float(np.abs(a - b).sum())


@pytest.mark.parametrize(
    "options",
    [{"p": 1}, {"p": 3}, {"metric": "chebyshev", "algorithm": "kd_tree"}, {"metric": "cosine"}, {"metric": "l2"}],
    ids=str,
)
def test_neighbours_by_another_metric_come_back(options, tmp_path):
    X, y = digit_table(120)
    classifier = classifier_of(make_pipeline(KNeighborsClassifier(3, **options)), X, y, DIGITS)
    save(classifier, tmp_path / "model", golden=X, codec="skops")
    np.testing.assert_array_equal(load(tmp_path).scores(X), classifier.scores(X))


@pytest.mark.parametrize(
    "options",
    [{"metric": city_blocks}, {"metric": "minkowski", "metric_params": {"w": np.ones(64)}}],
    ids=["code", "w"],
)
def test_a_metric_that_is_no_word_is_refused(options, tmp_path):
    X, y = digit_table(120)
    classifier = classifier_of(make_pipeline(KNeighborsClassifier(3, **options)), X, y, DIGITS)
    with pytest.raises(ModelError) as refusal:
        save(classifier, tmp_path / "model", golden=X, codec="skops")
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "model").exists() or not any((tmp_path / "model").iterdir())


@pytest.mark.parametrize("kind", ["sparse rows", "sparse weights"])
def test_what_is_sparse_is_refused(kind, tmp_path):
    X, y = digit_table(120)
    classifier = classifier_of(make_pipeline(KNeighborsClassifier(3)), X, y, DIGITS)
    sparse = KNeighborsClassifier(3).fit(csr_matrix(X.to_numpy(np.float64)), y)
    thin = SGDClassifier(max_iter=2, tol=None).fit(X.to_numpy(np.float64), y).sparsify()
    classifier.model.steps[-1] = ("model", sparse if kind == "sparse rows" else thin)
    with pytest.raises(ModelError) as refusal:
        save(classifier, tmp_path / "model", golden=X, codec="skops")
    assert "\n" not in str(refusal.value)
    print(refusal.value)
