"""Fitted trees predict: the program of arrays that a model is kept as, against the model that it was made of."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.data import digits
from bench.job import Contender, Job, Prepared, Size

__all__ = ["BOOSTING_PREDICTIONS", "FOREST_PREDICTIONS"]

_VALUES, _CLASSES = 20, 5
_DECIMALS = 12
"""Of the probabilities that are compared: the links of boosting take exponentials of two libraries."""


@lru_cache(maxsize=1)
def _forest(size: Size) -> tuple[Any, NDArray[np.uint8], int]:
    """A fitted forest of images, the images to be predicted, and the number of classes."""
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.pipeline import make_pipeline

    from tenfold.data.kinds.image.preparation import FlattenPixels

    training, test = digits(size)
    pipeline = make_pipeline(FlattenPixels(), RandomForestClassifier(random_state=42, n_jobs=-1))
    return pipeline.fit(training.images, training.codes), test.images, int(training.codes.max()) + 1


@lru_cache(maxsize=1)
def _boosting(size: Size) -> tuple[Any, NDArray[np.float64], int]:
    """Fitted histogram boosting of a table, a tenth of whose values are missing, and the rows to be predicted."""
    from sklearn.datasets import make_classification
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline

    count = size.rows + size.queries
    X, y = make_classification(count, _VALUES, n_informative=12, n_classes=_CLASSES, random_state=42)
    X[np.random.default_rng(42).random(X.shape) < 0.1] = np.nan
    pipeline = make_pipeline(HistGradientBoostingClassifier(early_stopping=False, random_state=42))
    return pipeline.fit(X[: size.rows], y[: size.rows]), X[size.rows :], _CLASSES


def scikit_learn(fitted: Any, n_jobs: int | None, size: Size) -> Prepared:
    """The fitted pipeline; a forest in so many threads, boosting in all."""
    pipeline, queries, _ = fitted(size)
    if "n_jobs" in pipeline[-1].get_params():
        pipeline[-1].set_params(n_jobs=n_jobs)
    return Prepared(lambda seed: pipeline.predict_proba(queries), _rounded)


def tenfold(fitted: Any, threads: int | None, size: Size) -> Prepared:
    """The program that it was lowered to, in so many threads, or in all."""
    from tenfold.models.threads import limited_to
    from tenfold.program.lowering import lower_classes
    from tenfold.program.values import Matrix, Pixels, ValueType

    pipeline, queries, classes = fitted(size)
    input_type: ValueType = Pixels(queries.shape[1:]) if queries.ndim > 2 else Matrix("float64", _VALUES, gaps=True)
    program = lower_classes(pipeline, input_type, classes)

    def work(seed: int) -> Any:
        if threads is None:
            return program.run(queries)["scores"]
        with limited_to(threads):
            return program.run(queries)["scores"]

    return Prepared(work, _rounded)


def _rounded(scores: Any) -> NDArray[np.float64]:
    rounded: NDArray[np.float64] = np.asarray(scores, np.float64).round(_DECIMALS)
    return rounded


FOREST_PREDICTIONS = Job(
    "forest-predict",
    "Predictions of a forest: {queries} images by 100 trees of {rows}",
    "probabilities of 10 classes, from uint8 images; the fit is not timed",
    (
        Contender("scikit-learn", partial(scikit_learn, _forest, None)),
        Contender("scikit-learn, all cores", partial(scikit_learn, _forest, -1)),
        Contender("Tenfold, one thread", partial(tenfold, _forest, 1), first=Size(1_000, 10_000)),
        Contender("Tenfold", partial(tenfold, _forest, None), first=Size(1_000, 10_000)),
    ),
    equally_answered,
    Size(60_000, 10_000),
    Size(3_000, 10_000),
)

BOOSTING_PREDICTIONS = Job(
    "boosting-predict",
    "Predictions of histogram boosting: {queries} rows by 100 rounds of {rows}",
    "probabilities of 5 classes, from float64 with a tenth missing, in all cores; the fit is not timed",
    (
        Contender("scikit-learn", partial(scikit_learn, _boosting, None)),
        Contender("Tenfold", partial(tenfold, _boosting, None), rounded=True, first=Size(1_000, 10_000)),
    ),
    equally_answered,
    Size(20_000, 10_000),
    Size(3_000, 10_000),
)
