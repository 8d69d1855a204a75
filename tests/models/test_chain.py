"""The chain orders its labels by the rows it learns from, and answers as a chain must."""

from itertools import permutations

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.multioutput import ClassifierChain
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from tenfold.models.chain import OrderedChain


def rows(n=300, labels=3, seed=0):
    """Label 0 follows from X; label 1 is the exclusive or of label 0 and a column; the rest are noise."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, 4))
    first = X[:, 0] > 0
    noise = rng.random((n, labels - 2)) < 0.4
    return X, np.column_stack([first, first ^ (X[:, 1] > 0), noise]).astype(int)


@pytest.mark.parametrize("estimator", [LogisticRegression(), LinearSVC()])
def test_in_its_order_it_is_scikit_learns_chain(estimator):
    X, Y = rows()
    ours = OrderedChain(estimator, random_state=0).fit(X, Y)
    theirs = ClassifierChain(clone(estimator), order=ours.order_).fit(X, Y)
    assert np.array_equal(ours.predict(X), theirs.predict(X))
    method = "predict_proba" if hasattr(estimator, "predict_proba") else "decision_function"
    assert np.allclose(getattr(ours, method)(X), getattr(theirs, method)(X))
    assert not hasattr(ours, "decision_function" if method == "predict_proba" else "predict_proba")


@pytest.mark.parametrize("seed", range(4))
def test_its_order_has_most_rows_wholly_right_in_an_inner_cross_validation(seed):
    X, Y = rows(seed=seed)
    tree = DecisionTreeClassifier(max_depth=3, random_state=0)
    right = {}
    for order in permutations(range(3)):
        said = cross_val_predict(ClassifierChain(tree, order=list(order)), X, Y, cv=KFold(3))
        right[order] = (said == Y).all(axis=1).sum()
    chosen = OrderedChain(tree, random_state=0).fit(X, Y).order_
    assert right[tuple(chosen)] == max(right.values())
    assert len(set(right.values())) > 1


def test_it_repeats_and_leaves_its_parameters_alone():
    X, Y = rows(labels=5)
    chain = OrderedChain(LogisticRegression(), random_state=3)
    first, second = (clone(chain).fit(X, Y) for _ in range(2))
    assert first.order_ == second.order_
    assert sorted(first.order_) == list(range(5))
    assert chain.get_params()["estimator"] is chain.estimator


def test_missing_values_are_the_estimators_business():
    X, Y = rows()
    X[::5, 2] = np.nan
    said = OrderedChain(DecisionTreeClassifier(max_depth=2)).fit(X, Y).predict(X)
    assert said.shape == Y.shape
