"""Classifiers made of others: the program predicts as they do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier, VotingClassifier
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV, Perceptron, RidgeClassifierCV, SGDClassifier
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.multioutput import ClassifierChain, MultiOutputClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from tenfold import models
from tenfold.models.chain import OrderedChain
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes
from tenfold.program.operations import find_operation
from tenfold.program.refusal import Refused
from tenfold.program.values import Classes, Labels, Matrix
from tests.program.operations.test_linear import fit, rows
from tests.program.proof import SINGLE, assert_same_classes, assert_same_labels

KNN = models.KNeighborsClassifier
LOG = LogisticRegression()
HISTOGRAM = HistGradientBoostingClassifier(max_iter=4, min_samples_leaf=5)
GRADIENT = GradientBoostingClassifier(n_estimators=4, random_state=1)
ENSEMBLES = {
    "pairs-sgd": OneVsOneClassifier(SGDClassifier(random_state=1)),
    "pairs-own-sgd": OneVsOneClassifier(models.SGDClassifier(random_state=1)),
    "pairs-logistic": OneVsOneClassifier(LOG),
    "pairs-knn": OneVsOneClassifier(KNN(4)),
    "pairs-svm": OneVsOneClassifier(SVC()),
    "pairs-bayes": OneVsOneClassifier(GaussianNB()),
    "pairs-boosting": OneVsOneClassifier(HISTOGRAM),
    "rest-boosting": OneVsRestClassifier(HISTOGRAM),
    "rest-gradient": OneVsRestClassifier(GRADIENT),
    "calibrated-boosting": CalibratedClassifierCV(HISTOGRAM, cv=3),
    "rest-knn": OneVsRestClassifier(KNN(3)),
    "rest-bayes": OneVsRestClassifier(GaussianNB()),
    "calibrated": CalibratedClassifierCV(LinearSVC(random_state=1), cv=3),
    "calibrated-one": CalibratedClassifierCV(LOG, cv=3, ensemble=False),
    "calibrated-isotonic": CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=3),
    "calibrated-knn": CalibratedClassifierCV(KNN(7), method="isotonic", cv=3),
    "calibrated-rest": CalibratedClassifierCV(OneVsRestClassifier(LOG), cv=3),
    "temperature": CalibratedClassifierCV(LOG, method="temperature", cv=3),
    "hard": VotingClassifier([("a", LOG), ("b", GaussianNB()), ("c", LinearSVC(random_state=1)), ("d", KNN(1))]),
    "hard-weights": VotingClassifier([("a", LOG), ("b", "drop"), ("c", KNN(1))], weights=[1, 5, 2]),
    "soft": VotingClassifier([("a", LOG), ("b", GaussianNB())], voting="soft"),
    "soft-weights": VotingClassifier([("a", LOG), ("b", KNN(3))], voting="soft", weights=[0.2, 3]),
    "grid": GridSearchCV(LOG, {"C": [0.1, 1.0]}, cv=3),
    "random": RandomizedSearchCV(SVC(), {"C": [0.1, 1.0]}, n_iter=1, cv=3, random_state=1),
    "discriminant": LinearDiscriminantAnalysis(),
    "perceptron": Perceptron(random_state=1),
    "ridge": RidgeClassifierCV(),
    "logistic-cv": LogisticRegressionCV(Cs=[0.1, 1.0], cv=3, l1_ratios=(0,), use_legacy_attributes=False),
}


@pytest.mark.parametrize("classes", [2, 3, 10])
@pytest.mark.parametrize("name", ENSEMBLES)
def test_an_ensemble_predicts_as_its_pipeline(name: str, classes: int) -> None:
    for seed in range(3 if classes == 3 else 1):
        X, y = crowded(seed, classes)
        assert_same_classes(fit(make_pipeline(StandardScaler(), ENSEMBLES[name]), X[:-30], y[:-30]), X, classes)


def crowded(seed: int, classes: int, dtype: type = np.float64) -> tuple[np.ndarray, np.ndarray]:
    """Rows of which each class has enough for three folds."""
    X, y = rows(seed, classes, dtype)
    more = np.random.default_rng(seed + 100).permutation(
        np.concatenate([np.arange(len(y)), np.arange(classes), np.arange(classes)])
    )
    return X[more], y[more]


@pytest.mark.parametrize("name", ENSEMBLES)
@pytest.mark.parametrize("present", [(0, 1), (1, 3), (0, 2, 3)])
def test_classes_that_were_absent(name: str, present: tuple[int, ...]) -> None:
    X, y = crowded(6, 4)
    some = np.isin(y, present)
    assert_same_classes(fit(make_pipeline(StandardScaler(), ENSEMBLES[name]), X[some], y[some]), X, 4)


@pytest.mark.parametrize("name", sorted(set(ENSEMBLES) - {"hard"}))
def test_single_precision(name: str) -> None:
    X, y = crowded(7, 3, np.float32)
    assert_same_classes(fit(make_pipeline(StandardScaler(), ENSEMBLES[name]), X, y), X, 3, SINGLE)


def test_a_fold_without_a_class() -> None:
    X, y = crowded(8, 4)
    order = np.argsort(y == 3, kind="stable")
    X, y = X[order], y[order]
    folds = [(np.arange(90), np.arange(90, len(y))), (np.arange(60, len(y)), np.arange(60))]
    model = CalibratedClassifierCV(GaussianNB(), cv=folds)
    assert_same_classes(fit(make_pipeline(StandardScaler(), model), X, y), X, 4)


def test_a_classifier_that_was_fitted_before_it_was_calibrated() -> None:
    X, y = rows(9, 3)
    model = CalibratedClassifierCV(FrozenEstimator(LinearSVC(random_state=1).fit(X[:80], y[:80])))
    assert_same_classes(fit(make_pipeline(model), X[80:], y[80:]), X, 3)


LABELS = {
    "rest": OneVsRestClassifier(LOG),
    "rest-svm": OneVsRestClassifier(LinearSVC(random_state=1)),
    "rest-boosting": OneVsRestClassifier(HISTOGRAM),
    "rest-gradient": OneVsRestClassifier(GRADIENT),
    "chain-boosting": ClassifierChain(HISTOGRAM, chain_method="decision_function"),
    "own-chain-boosting": OrderedChain(HISTOGRAM, random_state=1),
    "outputs-boosting": MultiOutputClassifier(HISTOGRAM),
    "own-chain": OrderedChain(LOG, random_state=1),
    "own-chain-svm": OrderedChain(models.GaussianSVC(), random_state=1),
    "own-chain-knn": OrderedChain(KNN(3), random_state=1),
    "own-chain-sgd": OrderedChain(models.SGDClassifier(random_state=1), random_state=1),
    "chain": ClassifierChain(LOG, order="random", random_state=1),
    "chain-probabilities": ClassifierChain(LOG, chain_method="predict_proba"),
    "chain-decision": ClassifierChain(LinearSVC(random_state=1), chain_method="decision_function"),
    "chain-svm": ClassifierChain(SVC(), order=[2, 0, 1]),
    "outputs": MultiOutputClassifier(LOG),
    "outputs-svm": MultiOutputClassifier(SVC()),
    "outputs-knn": MultiOutputClassifier(KNN(4)),
}


@pytest.mark.parametrize("name", LABELS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_several_labels(name: str, dtype: type) -> None:
    for seed in range(2):
        X, y = rows(seed, 3, dtype)
        Y = np.column_stack([y == 0, y > 0, X[:, 1] > 0]).astype(np.int64)
        pipeline = fit(make_pipeline(StandardScaler(), LABELS[name]), X[:-20], Y[:-20])
        assert_same_labels(pipeline, X, 3, SINGLE if dtype == np.float32 else 1e-12)


@pytest.mark.parametrize("name", ["chain", "outputs", "rest"])
def test_labels_of_a_table_of_numbers(name: str) -> None:
    X, y = rows(5, 3)
    Y = np.column_stack([y == 0, y > 0, X[:, 1] > 0]).astype(np.int64)
    table = pd.DataFrame(X, columns=list("abcdef"))
    assert_same_labels(fit(make_pipeline(LABELS[name]), table, Y), table, 3)


@pytest.mark.parametrize(
    "model", [OneVsRestClassifier(LOG), OneVsRestClassifier(LinearSVC()), MultiOutputClassifier(KNN(2))]
)
def test_labels_that_all_rows_have_or_none(model: object) -> None:
    X, y = rows(3, 3)
    Y = np.column_stack([y > 0, y < 3, y > 3]).astype(np.int64)
    assert_same_labels(fit(make_pipeline(StandardScaler(), model), X, Y), X, 3)


@pytest.mark.parametrize(
    ("model", "what"),
    [
        (CalibratedClassifierCV(GaussianNB(), method="temperature", cv=3), "by a temperature"),
        (GridSearchCV(LOG, {"C": [1.0]}, cv=3, refit=False), "refitted no best"),
        (VotingClassifier([("a", DummyClassifier(strategy="stratified"))]), "stratified"),
    ],
)
def test_what_is_not_lowered_is_said(model: object, what: str) -> None:
    X, y = crowded(6, 3)
    pipeline = fit(make_pipeline(model), X, y)
    with pytest.raises(NotLoweredError, match=what):
        lower_classes(pipeline, Matrix("float64", 6), 3)


TWO = (Matrix("float64", 2), Matrix("float64", 2))


@pytest.mark.parametrize(
    ("name", "inputs", "arrays", "fault"),
    [
        ("average", TWO, {"weights": np.ones(3)}, "more or fewer weights"),
        ("average", TWO, {"weights": np.zeros(2)}, "no sum above 0"),
        ("average", TWO, {"weights": np.array([1e308, 1e308])}, "no sum above 0"),
        ("average", (Matrix("float64", 2), Matrix("float64", 3)), {"weights": np.ones(2)}, "2 and 3 columns"),
        ("majority", (Classes(2), Classes(3)), {"weights": np.ones(2)}, "different classes"),
        ("majority", (Classes(2),), {"weights": np.ones(2)}, "more or fewer weights"),
        ("labels", (Classes(3),), {}, "one of many classes"),
        ("pair_votes", (Labels(4),), {}, "no number of classes in pairs"),
        ("pair_scores", (Matrix("float64", 3), Labels(1)), {}, "other pairs"),
        ("isotonic", (Matrix("float64", 2),), {"scores": np.zeros(1), "values": np.zeros(1)}, "one column"),
        ("isotonic", (Matrix("float64", 1),), {"scores": np.zeros(2), "values": np.zeros(2)}, "out of order"),
        ("isotonic", (Matrix("float64", 1),), {"scores": np.zeros(0), "values": np.zeros(0)}, "out of order"),
    ],
)
def test_what_does_not_fit_together_is_refused(
    name: str, inputs: tuple[object, ...], arrays: dict[str, np.ndarray], fault: str
) -> None:
    with pytest.raises(Refused, match=fault):
        find_operation(name).check(inputs, {}, arrays)
