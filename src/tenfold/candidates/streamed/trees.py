"""Boosted trees fitted on a sample of a stream that fits in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.setting import Setting
from tenfold.candidates.streamed.model import StreamedModel
from tenfold.candidates.streamed.preparation import BlockPreparation, coded_from
from tenfold.candidates.streamed.training import Training

__all__ = ["boosting", "boosting_seconds"]

_SAMPLE_VALUES = 2_000_000
"""Numbers of a sample in memory: 16 MB, of which the trees make two copies."""


def boosting(training: Training) -> StreamedModel:
    """Fit the candidate `boosting` on a sample that fits in memory, its texts coded by all rows."""
    transformer = coded_from(training.columns, training.store, training.moments)
    prepared = BlockPreparation(transformer, training.store)
    model = _trees(training, prepared.texts)
    most = min(_SAMPLE_VALUES // max(prepared.width, 1), training.rows)
    X, y = np.empty((most + most // 10 + 1000, prepared.width)), []
    n_rows = 0
    for rows in training.sample(most):
        some = prepared.matrix(rows.numbers, rows.codes)[: len(X) - n_rows]
        X[n_rows : n_rows + len(some)] = some
        n_rows += len(some)
        y.append(rows.y[: len(some)])
    model.fit(X[:n_rows], np.concatenate(y))
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), n_rows, training.rows)


def _trees(training: Training, texts: int) -> Any:
    """Return the model of the candidate `boosting`, its last columns being codes of texts."""
    columns = training.columns
    setting = training.setting_of(_width(columns), training.rows)
    model = clone(resolve("boosting", setting).pipeline.steps[-1][1])
    numbers = len(columns.numbers)
    return model.set_params(categorical_features=list(range(numbers, numbers + texts)) or None)


def _width(columns: Any) -> int:
    return max(len(columns.numbers) + len(columns.categories), 1)


def boosting_seconds(setting: Setting, rows: int, queries: int) -> float:
    """Return seconds for a sample of 200,000 rows of ten values."""
    sampled = min(rows, _SAMPLE_VALUES // max(setting.values, 1))
    return (0.5 + 7e-7 * sampled * setting.values + 6e-6 * queries) * setting.detectors
