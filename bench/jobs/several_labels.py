"""k-NN on two labels an image, out of fold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.data import Digits, digits
from bench.job import FIRST_NEIGHBOURS, Contender, Job, Prepared, Size

__all__ = ["SEVERAL_LABELS"]


def tenfold(size: Size) -> Prepared:
    """Bytes as they are."""
    from tenfold.models import KNeighborsClassifier

    return _out_of_fold(KNeighborsClassifier(), digits(size)[0], np.uint8)


def scikit_learn(size: Size) -> Prepared:
    """Brute force on float32."""
    from sklearn.neighbors import KNeighborsClassifier

    return _out_of_fold(KNeighborsClassifier(algorithm="brute"), digits(size)[0], np.float32)


def _out_of_fold(model: Any, training: Digits, dtype: Any) -> Prepared:
    from sklearn.model_selection import cross_val_predict

    rows, labels = training.rows(dtype), _labels(training.codes)
    return Prepared(lambda seed: cross_val_predict(model, rows, labels, cv=3), np.asarray)


def _labels(codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Large (7 or more) and odd."""
    return np.stack([codes >= 7, codes % 2 == 1], axis=1)


SEVERAL_LABELS = Job(
    "knn-labels",
    "k-NN on two labels, 3 folds of {rows}",
    "fits and predictions of `cross_val_predict`, k = 5; Tenfold on bytes, scikit-learn on float32",
    (Contender("scikit-learn", scikit_learn), Contender("Tenfold", tenfold, first=FIRST_NEIGHBOURS)),
    equally_answered,
    Size(60_000, 0),
    Size(6_000, 0),
)
