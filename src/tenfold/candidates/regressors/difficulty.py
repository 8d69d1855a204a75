"""How far off a regressor is likely to be on each row, learnt from its errors on rows that it had not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import Pipeline

from tenfold.candidates.needs import boosting_pipeline
from tenfold.candidates.setting import Setting
from tenfold.data.dataset import Dataset

__all__ = [
    "FEWEST_ROWS",
    "WithDifficulty",
    "difficulties_out_of_fold",
    "difficulty_pipeline",
    "fitted_difficulty",
]

FEWEST_ROWS = 500
"""Fewer errors tell their mean, and hardly on what it depends."""

_ROUNDS = 60
_LEAVES = 15
_LEAST_SHARE = 0.05

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class WithDifficulty:
    """
    A fitted regressor, and what tells how far off it is likely to be.

    Parameters
    ----------
    pipeline : Pipeline
    difficulty : Pipeline
        Predicts the size of its errors, above 0.
    """

    pipeline: Pipeline
    difficulty: Pipeline

    @property
    def steps(self) -> Any:
        """Steps of the regressor."""
        return self.pipeline.steps

    def __getitem__(self, part: slice) -> Pipeline:
        """Return some steps of the regressor."""
        return self.pipeline[part]

    def predict(self, X: Any) -> Floats:
        """Predict quantities, shape (n,) or (n, targets)."""
        return np.asarray(self.pipeline.predict(X), np.float64)

    def difficulties(self, X: Any) -> Floats:
        """Predict the size of the errors, shape (n,) or (n, targets)."""
        return np.asarray(self.difficulty.predict(X), np.float64)


def difficulty_pipeline(setting: Setting) -> Pipeline:
    """
    Return an unfitted pipeline that learns sizes of errors: boosting of few small trees, which predict above 0.

    Lei, G'Sell, Rinaldo, Tibshirani and Wasserman (2018), Distribution-free predictive inference for regression,
    Journal of the American Statistical Association 113:1094, section 5.2, scale intervals so.
    """
    model: Any = HistGradientBoostingRegressor(
        loss="gamma",
        learning_rate=0.1,
        max_iter=_ROUNDS,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=max(20, min(100, setting.rows // 50)),
        early_stopping=False,
        categorical_features=list(setting.traits.coded(setting.layout)) or None,
        random_state=setting.seed,
    )
    return boosting_pipeline(setting, MultiOutputRegressor(model) if setting.quantities > 1 else model)


def sizes_of(errors: Floats) -> Floats:
    """
    Return sizes of errors to learn from: at least a twentieth of their mean, so that none is without any.

    Examples
    --------
    >>> sizes_of(np.array([0.0, -2.0])).tolist()
    [0.05, 2.0]
    """
    sizes = np.abs(errors)
    least: Floats = np.maximum(sizes, _LEAST_SHARE * sizes.mean(axis=0))
    return least


def difficulties_out_of_fold(pipeline: Pipeline, training: Dataset, errors: Floats, folds: NDArray[np.int16]) -> Floats:
    """
    Let the size of each row's error be predicted from the errors of the other folds.

    Parameters
    ----------
    pipeline : Pipeline
        Unfitted, of `difficulty_pipeline`.
    training : Dataset
        Of n rows.
    errors : ndarray of float64, shape (n,) or (n, targets)
        Out of fold.
    folds : ndarray of int16, shape (n,)
    """
    sizes, found = sizes_of(errors), np.empty_like(errors)
    for number in np.unique(folds):
        learn, held_out = np.flatnonzero(folds != number), np.flatnonzero(folds == number)
        fitted = clone(pipeline).fit(training.take(learn).X, sizes[learn])
        found[held_out] = fitted.predict(training.take(held_out).X)
    return found


def fitted_difficulty(pipeline: Pipeline, X: Any, errors: Floats) -> Pipeline:
    """Fit on the sizes of all errors."""
    fitted: Pipeline = clone(pipeline).fit(X, sizes_of(errors))
    return fitted
