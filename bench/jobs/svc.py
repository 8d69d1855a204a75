"""Support vector machine with a radial kernel: Tenfold has no kernel of its own here."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.agreement import equally_accurate
from bench.data import digits
from bench.job import Contender, Job, Prepared, Size

__all__ = ["SVC"]


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
    rows, queries = (part.rows(np.float64) / 255 for part in (training, test))
    return Prepared(
        lambda seed: machine().fit(rows, training.codes), lambda fitted: fitted.predict(queries), test.codes
    )


SVC = Job(
    "svc",
    "SVC with its defaults: fit on {rows}, pixels 0 to 1",
    "fit alone; accuracy on {queries} test images; Tenfold has no code of its own for it",
    (Contender("scikit-learn", scikit_learn, once=True), Contender("intelex", intelex, needs="sklearnex")),
    equally_accurate,
    Size(60_000, 10_000),
    Size(3_000, 1_000),
)
