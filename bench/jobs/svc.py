"""Support vector machine with a Gaussian kernel."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.agreement import equally_accurate
from bench.data import digits
from bench.job import Contender, Job, Prepared, Size

__all__ = ["SVC"]

_LEAST_RUNS = 3


def tenfold(size: Size) -> Prepared:
    """LIBSVM on chunks of the rows."""
    from tenfold.models import GaussianSVC

    return _fitted(GaussianSVC, size)


def scikit_learn(size: Size) -> Prepared:
    """LIBSVM."""
    from sklearn import svm

    return _fitted(svm.SVC, size)


def intelex(size: Size) -> Prepared:
    """The same class by scikit-learn-intelex."""
    from sklearnex import svm

    return _fitted(svm.SVC, size)


def _fitted(machine: Any, size: Size) -> Prepared:
    training, test = digits(size)
    rows, queries = (part.rows(np.float32) / np.float32(255) for part in (training, test))
    return Prepared(lambda seed: machine().fit(rows, training.codes).predict(queries), np.asarray, test.codes)


SVC = Job(
    "svc",
    "SVC: {queries} images by a machine of {rows}, pixels 0 to 1",
    "fit and predict with the defaults on float32; Tenfold fits by LIBSVM on chunks of the rows",
    (
        Contender("scikit-learn", scikit_learn, once=True),
        Contender("Tenfold", tenfold),
        Contender("intelex", intelex, needs="sklearnex", once=True),
    ),
    equally_accurate,
    Size(60_000, 10_000),
    Size(3_000, 1_000),
    _LEAST_RUNS,
)
