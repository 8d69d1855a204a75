"""Fitted classifiers, small enough to be saved and loaded hundreds of times."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.dummy import DummyClassifier
from sklearn.ensemble import ExtraTreesClassifier, HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, OrdinalEncoder, StandardScaler, TargetEncoder
from sklearn.svm import SVC, LinearSVC

from tenfold import models
from tenfold.candidates.scores import class_predictions
from tenfold.data.kinds.kind import find_kind
from tenfold.decision.decision import Decision
from tenfold.models import SGDClassifier as OwnSGD
from tenfold.record.bundle import Classifier
from tenfold.task import Task
from tenfold.tasks import ClassTask

DIGITS = ClassTask(tuple("0123456789"))
FIVES = ClassTask(("not 5", "5"), positive="5", one_vs_rest="5")


def at(threshold: float | None = None) -> Decision:
    """Give a decision at a threshold, or the classifier's own."""
    return Decision("test", "argmax" if threshold is None else "threshold", threshold)


def digit_table(rows: int = 400) -> tuple[pd.DataFrame, np.ndarray]:
    X, y = load_digits(return_X_y=True)
    return pd.DataFrame(X[:rows], columns=[f"pixel {i}" for i in range(64)]), y[:rows].astype(np.int64)


def mixed_table(rows: int = 300) -> pd.DataFrame:
    """Numbers with gaps and text with gaps, as a reader gives them."""
    random = np.random.default_rng(7)
    port = np.array(["S", "C", "Q", None], dtype=object)[random.integers(0, 4, rows)]
    age = random.normal(30, 10, rows)
    age[::7] = np.nan
    return pd.DataFrame({"age": age, "class": random.integers(1, 4, rows), "port": pd.Series(port, dtype=object)})


def _table_pipeline(encoder: Any, model: Any) -> Pipeline:
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    return make_pipeline(ColumnTransformer([("n", numbers, ["age", "class"]), ("t", encoder, ["port"])]), model)


PIPELINES: dict[str, Any] = {
    "baseline": make_pipeline(DummyClassifier(strategy="most_frequent")),
    "sgd": make_pipeline(StandardScaler(), SGDClassifier(random_state=1)),
    "sgd-own": make_pipeline(StandardScaler(), OwnSGD(random_state=1)),
    "sgd-own-averaged": make_pipeline(StandardScaler(), OwnSGD(loss="log_loss", average=True, random_state=1)),
    "sgd-log": make_pipeline(StandardScaler(), SGDClassifier(loss="log_loss", random_state=1)),
    "sgd-ovo": make_pipeline(StandardScaler(), OneVsOneClassifier(SGDClassifier(random_state=1))),
    "sgd-ovr": make_pipeline(StandardScaler(), OneVsRestClassifier(SGDClassifier(random_state=1))),
    "nystroem": make_pipeline(MinMaxScaler(), Nystroem(n_components=20, random_state=1), SGDClassifier(random_state=1)),
    "logistic": make_pipeline(StandardScaler(), LogisticRegression()),
    "linear-svm": make_pipeline(StandardScaler(), LinearSVC(random_state=1)),
    "svm": make_pipeline(PCA(20), SVC(break_ties=True)),
    "svm-ovr": make_pipeline(PCA(20), OneVsRestClassifier(SVC())),
    "own-svm": make_pipeline(PCA(20), models.GaussianSVC()),
    "own-svm-ovr": make_pipeline(PCA(20), OneVsRestClassifier(models.GaussianSVC(class_weight="balanced"))),
    "forest": make_pipeline(RandomForestClassifier(5, random_state=1)),
    "extra-trees": make_pipeline(ExtraTreesClassifier(5, random_state=1)),
    "knn": make_pipeline(KNeighborsClassifier(algorithm="brute")),
    "knn-distance": make_pipeline(PCA(20), KNeighborsClassifier(3, weights="distance", algorithm="brute")),
    "own-knn": make_pipeline(models.KNeighborsClassifier()),
    "own-knn-distance": make_pipeline(PCA(20), models.KNeighborsClassifier(3, weights="distance")),
    "boosting": make_pipeline(HistGradientBoostingClassifier(learning_rate=0.5, max_iter=4, random_state=1)),
    "bayes": make_pipeline(GaussianNB()),
    "mixed-bayes": make_pipeline(models.MixedNaiveBayes(categorical=[0, 1])),
    "calibrated": make_pipeline(CalibratedClassifierCV(LinearSVC(random_state=1), cv=3)),
    "calibrated-isotonic": make_pipeline(CalibratedClassifierCV(GaussianNB(), method="isotonic", cv=3)),
}

TABLE_PIPELINES: dict[str, Any] = {
    "one-hot": _table_pipeline(
        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=5, sparse_output=False), LogisticRegression()
    ),
    "target": _table_pipeline(TargetEncoder(random_state=1), RandomForestClassifier(5, random_state=1)),
    "boosting": make_pipeline(
        ColumnTransformer(
            [
                ("n", "passthrough", ["age", "class"]),
                ("t", OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan), ["port"]),
            ]
        ),
        HistGradientBoostingClassifier(max_iter=4, categorical_features=[2], random_state=1),
    ),
}


def classifier_of(pipeline: Any, X: Any, codes: Any, task: Task, rule: Decision | None = None) -> Classifier:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = clone(pipeline).fit(X, codes)
    probabilities = class_predictions(fitted, X.iloc[:2], len(task.classes)).probabilities
    schema = find_kind("table").schema(X)
    return Classifier(fitted, task, rule or at(), probabilities, schema, {"dataset": "digits", "seed": 1})


def offered(name: str, task: Task = DIGITS) -> tuple[Classifier, pd.DataFrame]:
    """Give a fitted classifier of the list by name, and instances for it."""
    if name.startswith("table:"):
        X = mixed_table()
        return classifier_of(TABLE_PIPELINES[name[6:]], X, (X["class"] > 1).to_numpy(np.int64), FIVES), X
    X, y = digit_table()
    codes = y if task is DIGITS else (y == 5).astype(np.int64)
    return classifier_of(PIPELINES[name], X, codes, task), X


NAMES = [*PIPELINES, *(f"table:{name}" for name in TABLE_PIPELINES)]


@pytest.fixture(scope="session")
def fives() -> tuple[Classifier, pd.DataFrame]:
    return offered("sgd", FIVES)
