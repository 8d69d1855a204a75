"""Regressors on tables: the mean of nearest neighbours, and lines by gradient descent."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered, equally_predicted
from bench.job import Contender, Job, Prepared, Size

__all__ = ["NEIGHBOUR_MEANS", "SGD_SEVERAL_TARGETS", "SGD_TARGET"]

_K, _VALUES = 5, 8
_FIRST = Size(5_000, 2_000)
Make = Callable[[], Any]


@lru_cache(maxsize=1)
def _table(size: Size) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Rows, their targets, and the rows to be answered: five values that tell, with a curve, and three that follow."""
    random = np.random.default_rng(42)
    causes = random.normal(size=(size.rows + size.queries, 5))
    X = np.hstack([causes, causes @ random.normal(size=(5, _VALUES - 5))])
    y = np.sin(causes[:, 0]) + causes[:, 1] * causes[:, 2] + 0.3 * random.normal(size=len(X))
    return X[: size.rows], y[: size.rows], X[size.rows :]


def own_neighbours() -> Any:
    """Growing the tree, where it is worth one, is part of what is timed."""
    from tenfold.models import KNeighborsRegressor

    return KNeighborsRegressor(_K)


def their_neighbours() -> Any:
    """As it comes: by its own k-d tree, in all threads."""
    from sklearn.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(_K, n_jobs=-1)


def intelex_neighbours() -> Any:
    """The same class by scikit-learn-intelex."""
    from sklearnex.neighbors import KNeighborsRegressor

    return KNeighborsRegressor(_K, n_jobs=-1)


def _estimated(make: Make, size: Size) -> Prepared:
    rows, targets, queries = _table(size)
    return Prepared(lambda seed: make().fit(rows, targets).predict(queries), np.asarray)


NEIGHBOUR_MEANS = Job(
    "knn-regressor",
    "k-NN regression on a table: {queries} rows against {rows} of 8 values, k = 5",
    "fit and predict on float64; scikit-learn as it comes, by its k-d tree in all threads; equal to the last bit",
    (
        Contender("scikit-learn", partial(_estimated, their_neighbours), first=_FIRST),
        Contender("Tenfold", partial(_estimated, own_neighbours), first=_FIRST),
        Contender("intelex", partial(_estimated, intelex_neighbours), needs="sklearnex", rounded=True, first=_FIRST),
    ),
    equally_answered,
    Size(100_000, 20_000),
    Size(20_000, 5_000),
)


_COLUMNS, _EPOCHS, _TARGETS = 50, 20, 10
_SAME_STEPS: dict[str, Any] = {"shuffle": False, "tol": None, "max_iter": _EPOCHS}


@lru_cache(maxsize=1)
def _line(size: Size, targets: int) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Scaled rows, their targets, which lines explain but for some noise, and the rows to be answered."""
    random = np.random.default_rng(42)
    X = random.normal(size=(size.rows + size.queries, _COLUMNS))
    Y = X @ random.normal(size=(_COLUMNS, targets)) + random.normal(size=(len(X), targets))
    return X[: size.rows], Y[: size.rows], X[size.rows :]


def own_descent(size: Size, targets: int) -> Prepared:
    """All targets in one pass over the rows, in one thread."""
    from tenfold.models import SGDRegressor

    return _descended(SGDRegressor(n_jobs=1, **_SAME_STEPS), size, targets)


def their_descent(size: Size, targets: int) -> Prepared:
    """One target after the other."""
    from sklearn.linear_model import SGDRegressor
    from sklearn.multioutput import MultiOutputRegressor

    one = SGDRegressor(**_SAME_STEPS)
    return _descended(MultiOutputRegressor(one) if targets > 1 else one, size, targets)


def _descended(model: Any, size: Size, targets: int) -> Prepared:
    rows, Y, queries = _line(size, targets)
    y = Y if targets > 1 else Y[:, 0]
    return Prepared(lambda seed: model.fit(rows, y), lambda fitted: np.asarray(fitted.predict(queries)))


def _descent(name: str, title: str, targets: int) -> Job:
    return Job(
        name,
        title,
        f"fit alone, {_EPOCHS} epochs in the order of the rows, so that all take the same steps; one thread",
        (
            Contender("scikit-learn", partial(their_descent, targets=targets)),
            Contender("Tenfold", partial(own_descent, targets=targets)),
        ),
        equally_predicted,
        Size(100_000, 1_000),
        Size(10_000, 1_000),
    )


SGD_TARGET = _descent("sgd-regressor", "SGD regression, {rows} rows of 50 values", 1)
SGD_SEVERAL_TARGETS = _descent("sgd-targets", "SGD regression of 10 targets, {rows} rows of 50 values", _TARGETS)
