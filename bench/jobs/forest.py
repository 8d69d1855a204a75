"""A random forest, out of fold: Tenfold leaves it to scikit-learn, and this says how others would do."""

from __future__ import annotations

from typing import Any

import numpy as np

from bench.agreement import equally_accurate
from bench.data import digits
from bench.job import Contender, Job, Prepared, Size
from bench.machine import processors

__all__ = ["FOREST"]


def scikit_learn(size: Size) -> Prepared:
    """What Tenfold's candidate is."""
    from sklearn.ensemble import RandomForestClassifier

    return _out_of_fold(RandomForestClassifier, size)


def intelex(size: Size) -> Prepared:
    """The same class by scikit-learn-intelex."""
    from sklearnex.ensemble import RandomForestClassifier

    return _out_of_fold(RandomForestClassifier, size)


def _out_of_fold(forest: Any, size: Size) -> Prepared:
    from sklearn.model_selection import cross_val_predict

    training, _ = digits(size)
    rows, is_five = training.rows(np.float32), (training.codes == 5).astype(np.int64)

    def work(seed: int) -> Any:
        return cross_val_predict(forest(random_state=seed, n_jobs=processors()), rows, is_five, cv=3)

    return Prepared(work, np.asarray, is_five)


FOREST = Job(
    "forest",
    "Forest of 100 trees, 5 against the rest, 3 folds of {rows}",
    "fits and predictions of `cross_val_predict`, float32; Tenfold's forest is scikit-learn's, so it takes no part",
    (Contender("scikit-learn", scikit_learn), Contender("intelex", intelex, needs="sklearnex")),
    equally_accurate,
    Size(60_000, 0),
    Size(3_000, 0),
)
