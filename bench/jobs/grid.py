"""A grid of k-NN settings, cross-validated."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.data import Digits, digits
from bench.job import FIRST_NEIGHBOURS, Contender, Job, Prepared, Size
from bench.machine import processors

__all__ = ["GRID"]

_FOLDS = 5
_SPACE: dict[str, tuple[Any, ...]] = {"n_neighbors": (3, 4, 5), "weights": ("uniform", "distance")}


def tenfold(size: Size) -> Prepared:
    """The tuned candidate on every fold, side by side as workers do them, and the choice among its settings."""
    from tenfold.candidates.catalogue import resolve
    from tenfold.candidates.search import tuned
    from tenfold.candidates.setting import Setting
    from tenfold.data.dataset import Dataset
    from tenfold.figures.comparison.tuning import chosen_setting
    from tenfold.folds.result import assembled
    from tenfold.folds.unit import fit_and_predict
    from tenfold.tasks import ClassTask

    training, _ = digits(size)
    folds, codes = _folds(training), training.codes
    data = Dataset("mnist", "image", training.images, None, source="mnist")
    task = ClassTask(tuple("0123456789"))
    candidate = tuned(resolve("knn", Setting("image", len(codes), 784, classes=10)), "grid")

    def work(seed: int) -> Any:
        with ThreadPoolExecutor(processors()) as pool:
            parts = list(
                pool.map(lambda fold: fit_and_predict(candidate, data, codes, folds, fold, task), range(_FOLDS))
            )
        results = [assembled("knn", folds, setting) for setting in zip(*parts, strict=True)]
        tuning, _ = chosen_setting(task, codes, candidate.settings, results, how="grid", metric="accuracy")
        return tuning

    return Prepared(work, lambda found: _answers([trial.folds for trial in found.trials], found.chosen))


def scikit_learn(size: Size) -> Prepared:
    """GridSearchCV on float32 with the same folds."""
    from sklearn.model_selection import GridSearchCV, PredefinedSplit
    from sklearn.neighbors import KNeighborsClassifier

    training, _ = digits(size)
    rows, cv = training.rows(np.float32), PredefinedSplit(_folds(training))
    search = GridSearchCV(KNeighborsClassifier(algorithm="brute"), _SPACE, cv=cv, refit=False)

    def answers(found: Any) -> NDArray[Any]:
        scores = [found.cv_results_[f"split{fold}_test_score"] for fold in range(_FOLDS)]
        return _answers(np.transpose(scores), found.best_index_)

    return Prepared(lambda seed: search.fit(rows, training.codes), answers)


def _folds(training: Digits) -> NDArray[np.int16]:
    from sklearn.model_selection import StratifiedKFold

    folds = np.empty(len(training.codes), np.int16)
    for number, (_, held_out) in enumerate(StratifiedKFold(_FOLDS).split(training.codes, training.codes)):
        folds[held_out] = number
    return folds


def _answers(scores: Any, chosen: int) -> NDArray[np.float64]:
    """The score of every setting on every fold, then the number of the setting chosen."""
    return np.append(np.asarray(scores, np.float64), chosen)


GRID = Job(
    "knn-grid",
    "k-NN grid: k of 3, 4, 5 by two weights, 5 folds of {rows}",
    "every setting on every fold, and the choice; Tenfold's folds side by side; GridSearchCV's products in all threads",
    (Contender("scikit-learn", scikit_learn, once=True), Contender("Tenfold", tenfold, first=FIRST_NEIGHBOURS)),
    equally_answered,
    Size(60_000, 0),
    Size(6_000, 0),
)
