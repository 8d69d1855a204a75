"""Programs to be changed: lowered from small fitted pipelines, all operations among them, with rows for each."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import VotingClassifier
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import (
    KBinsDiscretizer,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    TargetEncoder,
)
from sklearn.svm import SVC, SVR, LinearSVC
from sklearn.tree import DecisionTreeClassifier

from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.models import KNeighborsRegressor
from tenfold.models.cells.columns import DateParts, MissingMarkers, WrittenNumbers
from tenfold.models.texts import TextCells, WordMarks, WordStems
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_classes, lower_images, lower_labels, lower_quantities, unknown_part
from tenfold.program.program import Program
from tenfold.program.values import Images
from tenfold.tasks.images.catalogue import CATALOGUE as DENOISERS
from tests.program.proof import input_of, rows_of
from tests.record.bundle.conftest import PIPELINES, TABLE_PIPELINES, digit_table, mixed_table

DIGIT_ROWS = 150


def makers() -> dict[str, Callable[[], Program]]:
    """Return what fits and lowers each program, by name: ``digits-…``, ``images-…``, ``labels-…``, ``noisy-…`` …"""
    named: dict[str, Callable[[], Program]] = {}
    for name, pipeline in PIPELINES.items():
        named[f"digits-{name}"] = lambda pipeline=pipeline: _of_digits(pipeline)
    for name in ("logistic", "forest", "linear-svm", "sgd-ovr"):
        named[f"two-{name}"] = lambda name=name: _of_digits(PIPELINES[name], classes=2)
        named[f"absent-{name}"] = lambda name=name: _of_digits(PIPELINES[name], absent=(3, 9))
        named[f"single-{name}"] = lambda name=name: _of_digits(PIPELINES[name], dtype=np.float32)
        named[f"images-{name}"] = lambda name=name: _of_images(PIPELINES[name])
    named["digits-svm-votes"] = lambda: _of_digits(make_pipeline(SVC()))
    named["digits-bernoulli"] = lambda: _of_digits(make_pipeline(BernoulliNB(binarize=5.0)))
    named["digits-network"] = lambda: _of_digits(make_pipeline(MLPClassifier((6,), max_iter=20, random_state=1)))
    named["digits-power"] = lambda: _of_digits(make_pipeline(PowerTransformer(), LinearSVC(random_state=1)))
    named["digits-voting"] = lambda: _of_digits(make_pipeline(VotingClassifier(_voters())))
    named["two-sgd-huber"] = lambda: _of_digits(make_pipeline(SGDClassifier(loss="modified_huber")), classes=2)
    named["only-linear-svm"] = lambda: _of_digits(PIPELINES["linear-svm"], absent=tuple(range(2, 10)))
    named["labels-linear-svm"] = lambda: _of_labels(LinearSVC(random_state=1))
    named["labels-logistic"] = lambda: _of_labels(PIPELINES["logistic"][-1])
    for name, regressor in _regressors().items():
        named[f"digits-quantities-{name}"] = lambda regressor=regressor: _of_quantities(regressor)
    for name in DENOISERS:
        named[f"noisy-{name}"] = lambda name=name: _of_noisy_images(name)
    for name, pipeline in TABLE_PIPELINES.items():
        named[f"table-{name}"] = lambda pipeline=pipeline: _of_table(pipeline)
    for name, preparation in _preparations().items():
        named[f"table-{name}"] = lambda preparation=preparation: _of_table(
            make_pipeline(preparation, LogisticRegression())
        )
    named["table-texts-stems"] = _of_stems
    for name, vectorizer in _vectorizers().items():
        named[f"table-texts-{name}"] = lambda vectorizer=vectorizer: _of_table(_of_texts(vectorizer))
    return named


def _regressors() -> dict[str, Any]:
    """All operations that only regressors become."""
    return {
        "knn": KNeighborsRegressor(3, weights="distance"),
        "power": TransformedTargetRegressor(Ridge(), transformer=PowerTransformer()),
        "svr": TransformedTargetRegressor(SVR(), func=np.log1p, inverse_func=np.expm1),
    }


def _of_stems() -> Program:
    X = mixed_table()
    X["port"] = X["port"].map({"S": "sailing Walked", "C": "cargoes", "Q": "quays"}).astype(object)
    X["port"] = X["port"].where(X["port"].notna(), None)
    words = make_pipeline(TextCells(), WordStems("english"), TfidfVectorizer())
    parts = ColumnTransformer([("t", words, ["port"])], sparse_threshold=1.0)
    return _fitted(make_pipeline(parts, LogisticRegression()), X, (X["class"] > 1).to_numpy(np.int64), 2)


def _vectorizers() -> dict[str, Any]:
    """All operations on texts."""
    return {
        "weights": TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True),
        "hashes": HashingVectorizer(n_features=32, analyzer="char_wb", ngram_range=(1, 2)),
    }


def _of_texts(vectorizer: Any) -> Any:
    numbers = make_pipeline(SimpleImputer(), TruncatedSVD(1))
    parts = [
        ("t", make_pipeline(TextCells(), WordMarks(), vectorizer), ["port"]),
        ("n", numbers, ["age", "class"]),
    ]
    columns = ColumnTransformer(parts, sparse_threshold=1.0)
    votes = [("counts", LogisticRegression()), ("presence", BernoulliNB())]
    return make_pipeline(columns, VotingClassifier(votes, voting="soft"))


def _numbers_and_codes() -> Any:
    codes = make_pipeline(OneHotEncoder(handle_unknown="ignore"))
    return ColumnTransformer([("n", SimpleImputer(), ["age", "class"]), ("t", codes, ["port"])], sparse_threshold=0)


def _preparations() -> dict[str, Any]:
    """All operations on tables."""
    filled = make_pipeline(SimpleImputer(missing_values=None, strategy="most_frequent"), OneHotEncoder(drop="first"))
    numbers = make_pipeline(SimpleImputer(), PolynomialFeatures(), MinMaxScaler(clip=True), Normalizer())
    bins = make_pipeline(SimpleImputer(missing_values=-1.0), KBinsDiscretizer(3))
    means = TargetEncoder(cv=2)
    written = make_pipeline(WrittenNumbers("comma"), SimpleImputer(keep_empty_features=True))
    dates = make_pipeline(DateParts(), SimpleImputer(keep_empty_features=True))
    known = make_pipeline(MissingMarkers((("port", ("S", "?")), ("class", ("3",)))), _numbers_and_codes())
    return {
        "products": ColumnTransformer(
            [("n", numbers, ["age"]), ("t", means, ["port", "class"]), ("f", filled, ["port"])]
        ),
        "power": ColumnTransformer([("p", make_pipeline(PowerTransformer(), SimpleImputer()), ["age", "class"])]),
        "bins": ColumnTransformer([("b", bins, ["class"]), ("o", OrdinalEncoder(), ["port", "class"])]),
        "cells": ColumnTransformer([("w", written, ["port"]), ("d", dates, ["port"])]),
        "markers": known,
        "marks": ColumnTransformer([("m", make_union(SimpleImputer(), MissingIndicator()), ["age", "class"])]),
    }


@cache
def programs(names: tuple[str, ...] | None = None) -> dict[str, Program]:
    """Return all that can be lowered, or those of some names."""
    return _lowered({name: make for name, make in makers().items() if names is None or name in names})


def small_programs() -> dict[str, Program]:
    """Return programs of a few columns and classes."""
    X, y = _digits(60)
    few, codes = X[:, 20:24], (y % 3).astype(np.int64)
    named: dict[str, Callable[[], Program]] = {}
    for name, pipeline in PIPELINES.items():
        if not any(part in repr(pipeline) for part in ("PCA", "Nystroem")):
            named[f"digits-{name}"] = lambda pipeline=pipeline: _fitted(pipeline, few, codes, 3)
    images = make_pipeline(FlattenPixels(unit=True), PIPELINES["logistic"][-1])
    named["images-logistic"] = lambda: _fitted(images, few.astype(np.uint8).reshape(-1, 2, 2), codes, 3)
    named["noisy-knn"] = lambda: _of_noisy_images("knn", 12)
    named |= {name: make for name, make in makers().items() if name.startswith("table")}
    return _lowered(named)


def _lowered(named: dict[str, Callable[[], Program]]) -> dict[str, Program]:
    lowered = {}
    for name, make in named.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                lowered[name] = make()
            except NotLoweredError:
                continue
    return lowered


def rows_for(name: str) -> list[Any]:
    """Return rows for the program of this name: usual ones, and such as no training data hold."""
    return [rows_of(X) for X in _instances(name.partition("-")[0])]


def _instances(kind: str) -> Iterator[Any]:
    if kind == "table":
        table = mixed_table(40)
        yield table
        strange = table.iloc[:8].reset_index(drop=True)
        strange["age"] = [1e150, -1e150, np.nan, 0.0, -0.0, 1e-300, 1.0, 2.0]
        strange["port"] = ["?", None, "", "\x00", "Q" * 5_000, "Q", "-1.234,5 kg", "29.2.2024 23:59"]
        yield strange
        return
    X = digit_table(40)[0].to_numpy()
    if kind == "noisy":
        yield X.astype(np.int16).reshape(-1, 8, 8)
        yield np.array([-(2**15), 2**15 - 1], np.int16).repeat(64).reshape(2, 8, 8)
        return
    if kind == "images":
        yield X.astype(np.uint8).reshape(-1, 8, 8)
        yield np.full((2, 8, 8), 255, np.uint8)
        return
    yield X.astype(np.float32 if kind == "single" else np.float64)
    strange = np.tile(X[:6], 1)
    strange[0], strange[1], strange[2, 5], strange[3, 0], strange[4] = 1e300, -1e300, np.nan, np.inf, 1e-320
    with np.errstate(all="ignore"):
        yield strange.astype(np.float32 if kind == "single" else np.float64)


def _voters() -> list[tuple[str, Any]]:
    return [("bayes", GaussianNB()), ("linear", LinearSVC(random_state=1)), ("tree", DecisionTreeClassifier())]


def _refuse_unknown(pipeline: Any) -> None:
    """No fit for nothing."""
    why = unknown_part(pipeline)
    if why is not None:
        raise NotLoweredError(why)


def _digits(rows: int = DIGIT_ROWS) -> tuple[Any, Any]:
    table, y = digit_table(rows)
    return table.to_numpy(), y


def _of_quantities(regressor: Any) -> Program:
    X, y = _digits()
    return lower_quantities(clone(regressor).fit(X, y), input_of(X))


def _of_digits(pipeline: Any, *, classes: int = 10, absent: tuple[int, ...] = (), dtype: Any = np.float64) -> Program:
    X, y = _digits()
    codes = y if classes > 2 else (y == 5).astype(np.int64)
    present = ~np.isin(codes, absent)
    return _fitted(pipeline, X[present].astype(dtype), codes[present], classes)


def _fitted(pipeline: Any, X: Any, codes: Any, classes: int) -> Program:
    _refuse_unknown(pipeline)
    return lower_classes(clone(pipeline).fit(X, codes), input_of(X), classes)


def _of_images(pipeline: Any) -> Program:
    X, y = _digits()
    images = X.astype(np.uint8).reshape(-1, 8, 8)
    return _fitted(make_pipeline(FlattenPixels(unit=True), *pipeline), images, y, 10)


def _of_noisy_images(name: str, rows: int = DIGIT_ROWS) -> Program:
    clean = _digits(rows)[0].astype(np.uint8).reshape(-1, 8, 8)
    noisy = clean + np.random.default_rng(1).integers(-6, 7, clean.shape).astype(np.int16)
    return lower_images(DENOISERS[name].estimator().fit(noisy, clean), Images((8, 8)))


def _of_labels(model: Any) -> Program:
    X, y = _digits()
    labels = np.column_stack([y > 6, y % 2 == 1, np.isin(y, (0, 6, 8, 9))]).astype(np.int64)
    fitted = make_pipeline(OneVsRestClassifier(clone(model))).fit(X, labels)
    return lower_labels(fitted, input_of(X), 3)


def _of_table(pipeline: Any) -> Program:
    X = mixed_table()
    return _fitted(pipeline, X, (X["class"] > 1).to_numpy(np.int64), 2)
