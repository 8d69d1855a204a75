"""The five nearest neighbours of new images vote."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.data import digits
from bench.job import FIRST_NEIGHBOURS, Contender, Job, Prepared, Size

__all__ = ["NEIGHBOURS", "elected"]

_K = 5


def tenfold(size: Size) -> Prepared:
    """Exact search among bytes; packing the training rows for it is part of what is timed."""
    from tenfold.models import KNeighborsClassifier

    training, test = digits(size)
    rows, queries = training.rows(), test.rows()
    return Prepared(lambda seed: KNeighborsClassifier(_K).fit(rows, training.codes).predict(queries), np.asarray)


def scikit_learn(size: Size) -> Prepared:
    """Brute force on float32, the faster of its two types."""
    from sklearn.neighbors import KNeighborsClassifier

    return _estimated(KNeighborsClassifier(_K, algorithm="brute"), size)


def intelex(size: Size) -> Prepared:
    """The same class by scikit-learn-intelex."""
    from sklearnex.neighbors import KNeighborsClassifier

    return _estimated(KNeighborsClassifier(_K, algorithm="brute"), size)


def faiss(size: Size) -> Prepared:
    """A flat index, and the vote as scikit-learn takes it."""
    import faiss as library

    training, test = digits(size)
    rows, queries, codes = training.rows(np.float32), test.rows(np.float32), training.codes

    def work(seed: int) -> NDArray[Any]:
        index = library.IndexFlatL2(rows.shape[1])
        index.add(rows)
        _, nearest = index.search(queries, _K)
        return elected(codes[nearest])

    return Prepared(work, np.asarray)


def _estimated(model: Any, size: Size) -> Prepared:
    training, test = digits(size)
    rows, queries = training.rows(np.float32), test.rows(np.float32)
    return Prepared(lambda seed: model.fit(rows, training.codes).predict(queries), np.asarray)


def elected(votes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Give the class of ten that has most votes, shape (m,), of votes (m, k); of equal ones the first."""
    return np.asarray((votes[:, :, None] == np.arange(10)).sum(axis=1).argmax(axis=1))


NEIGHBOURS = Job(
    "knn",
    "k-NN: {queries} images against {rows}, k = 5",
    "fit and predict; Tenfold on bytes, all others on float32; FAISS by a flat index",
    (
        Contender("scikit-learn", scikit_learn),
        Contender("Tenfold", tenfold, first=FIRST_NEIGHBOURS),
        Contender("FAISS", faiss, needs="faiss", rounded=True),
        Contender("intelex", intelex, needs="sklearnex", rounded=True),
    ),
    equally_answered,
    Size(60_000, 10_000),
    Size(6_000, 2_000),
)
