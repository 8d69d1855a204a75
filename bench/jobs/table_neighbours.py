"""The five nearest neighbours of rows of a table vote: few values a row, where a tree can rule most rows out."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.job import Contender, Job, Prepared, Size
from bench.jobs.neighbours import elected

__all__ = ["TABLE_NEIGHBOURS"]

_K, _VALUES, _CLASSES = 5, 8, 10
_FIRST = Size(5_000, 2_000)


@lru_cache(maxsize=1)
def _table(size: Size) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Rows, their classes, and the rows to be answered: five values that tell, and three that follow from them."""
    from sklearn.datasets import make_classification

    X, y = make_classification(
        size.rows + size.queries,
        _VALUES,
        n_informative=5,
        n_redundant=3,
        n_classes=_CLASSES,
        n_clusters_per_class=1,
        random_state=42,
    )
    return X[: size.rows], y[: size.rows].astype(np.int64), X[size.rows :]


def tenfold(size: Size) -> Prepared:
    """Growing the tree, where it is worth one, is part of what is timed."""
    from tenfold.models import KNeighborsClassifier

    return _estimated(KNeighborsClassifier(_K), size)


def scikit_learn(size: Size) -> Prepared:
    """As it comes: by its own k-d tree, in all threads."""
    from sklearn.neighbors import KNeighborsClassifier

    return _estimated(KNeighborsClassifier(_K, n_jobs=-1), size)


def intelex(size: Size) -> Prepared:
    """The same class by scikit-learn-intelex."""
    from sklearnex.neighbors import KNeighborsClassifier

    return _estimated(KNeighborsClassifier(_K, n_jobs=-1), size)


def faiss(size: Size) -> Prepared:
    """A flat index of float32, and the vote as scikit-learn takes it."""
    import faiss as library

    rows, codes, queries = _table(size)

    def work(seed: int) -> NDArray[Any]:
        index = library.IndexFlatL2(_VALUES)
        index.add(rows.astype(np.float32))
        return elected(codes[index.search(queries.astype(np.float32), _K)[1]])

    return Prepared(work, np.asarray)


def _estimated(model: Any, size: Size) -> Prepared:
    rows, codes, queries = _table(size)
    return Prepared(lambda seed: model.fit(rows, codes).predict(queries), np.asarray)


TABLE_NEIGHBOURS = Job(
    "knn-table",
    "k-NN on a table: {queries} rows against {rows} of 8 values, k = 5",
    "fit and predict on float64; scikit-learn as it comes, by its k-d tree in all threads; FAISS by a flat index",
    (
        Contender("scikit-learn", scikit_learn, first=_FIRST),
        Contender("Tenfold", tenfold, first=_FIRST),
        Contender("FAISS", faiss, needs="faiss", rounded=True, first=_FIRST),
        Contender("intelex", intelex, needs="sklearnex", first=_FIRST),
    ),
    equally_answered,
    Size(100_000, 20_000),
    Size(20_000, 5_000),
)
