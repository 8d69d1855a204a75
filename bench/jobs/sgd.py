"""Linear classifiers by stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from bench.agreement import equally_accurate
from bench.data import digits
from bench.job import Contender, Job, Prepared, Size
from bench.machine import processors

__all__ = ["SGD_BINARY", "SGD_BINARY_FOLDS", "SGD_RAW", "SGD_SCALED", "own", "theirs"]

_LEAST_RUNS, _FOLDS = 3, 3
Make = Callable[..., Any]


def own(seed: int, *, n_jobs: int | None = None, **parameters: Any) -> Any:
    """Give Tenfold's classifier, all classes in one pass, divided among threads."""
    from tenfold.models import SGDClassifier

    return SGDClassifier(random_state=seed, n_jobs=n_jobs or processors(), **parameters)


def theirs(seed: int, *, n_jobs: int | None = None, **parameters: Any) -> Any:
    """Give scikit-learn's classifier, classes in threads."""
    from sklearn.linear_model import SGDClassifier

    return SGDClassifier(random_state=seed, n_jobs=n_jobs or processors(), **parameters)


def detector(make: Make, size: Size) -> Prepared:
    """Fit one class against the rest; the test images are answered untimed."""
    training, test = digits(size)
    rows, queries, is_five = training.rows(np.float32), test.rows(np.float32), training.codes == 5
    return Prepared(
        lambda seed: make(seed).fit(rows, is_five),
        lambda fitted: fitted.predict(queries).astype(np.int64),
        (test.codes == 5).astype(np.int64),
    )


def out_of_fold(make: Make, size: Size, *, scaled: bool = False, fives: bool = False) -> Prepared:
    """Fit and answer three stratified folds side by side, all classes or 5 against the rest, scaled where asked."""
    from joblib import parallel_config
    from sklearn.model_selection import cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    training, _ = digits(size)
    rows = training.rows(np.float32)
    codes = (training.codes == 5).astype(np.int64) if fives else training.codes

    def work(seed: int) -> Any:
        model = make_pipeline(StandardScaler(), make(seed, n_jobs=1)) if scaled else make(seed, n_jobs=1)
        with parallel_config(backend="threading"):
            return cross_val_predict(model, rows, codes, cv=_FOLDS, n_jobs=_FOLDS)

    return Prepared(work, np.asarray, codes)


def _ten_classes(name: str, title: str, detail: str, *, scaled: bool) -> Job:
    return Job(
        name,
        title,
        detail,
        (
            Contender("scikit-learn", partial(out_of_fold, theirs, scaled=scaled), once=True),
            Contender("Tenfold", partial(out_of_fold, own, scaled=scaled)),
        ),
        equally_accurate,
        Size(60_000, 0),
        Size(3_000, 0),
        _LEAST_RUNS,
    )


SGD_BINARY = Job(
    "sgd-binary",
    "SGD, 5 against the rest, raw pixels: fit on {rows}",
    "fit alone, float32; accuracy on {queries} test images",
    (Contender("scikit-learn", partial(detector, theirs)), Contender("Tenfold", partial(detector, own))),
    equally_accurate,
    Size(60_000, 10_000),
    Size(6_000, 2_000),
    _LEAST_RUNS,
)
SGD_BINARY_FOLDS = Job(
    "sgd-binary-folds",
    "SGD, 5 against the rest, raw pixels, 3 folds of {rows}",
    "fits and predictions of `cross_val_predict`, float32, folds side by side; accuracy out of fold",
    (
        Contender("scikit-learn", partial(out_of_fold, theirs, fives=True)),
        Contender("Tenfold", partial(out_of_fold, own, fives=True)),
    ),
    equally_accurate,
    Size(60_000, 0),
    Size(6_000, 0),
    _LEAST_RUNS,
)
SGD_RAW = _ten_classes(
    "sgd-raw",
    "SGD, 10 classes, raw pixels, 3 folds of {rows}",
    "fits and predictions of `cross_val_predict`, float32, folds side by side; accuracy out of fold",
    scaled=False,
)
SGD_SCALED = _ten_classes(
    "sgd-scaled",
    "SGD, 10 classes, scaled, 3 folds of {rows}",
    "the same with `StandardScaler` fitted in each fold",
    scaled=True,
)
