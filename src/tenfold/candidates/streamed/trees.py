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

__all__ = ["SAMPLE_VALUES", "boosting", "boosting_seconds", "trees_for"]

SAMPLE_VALUES = 2_000_000
"""Numbers of a sample in memory: 16 MB, of which the trees make two copies."""


def boosting(training: Training) -> StreamedModel:
    """Fit the candidate `boosting` on a sample that fits in memory, its texts coded by all rows."""
    transformer = coded_from(training.columns, training.store, training.moments)
    prepared = BlockPreparation(transformer, training.store)
    in_memory = resolve("boosting", training.setting_of(_width(training), training.rows))
    model = trees_for(training, prepared.texts, in_memory.pipeline)
    most = min(SAMPLE_VALUES // max(prepared.width, 1), training.rows)
    X, y = np.empty((most + most // 10 + 1000, prepared.width)), []
    n_rows = 0
    for rows in training.sample(most):
        some = prepared.matrix(rows.numbers, rows.codes)[: len(X) - n_rows]
        X[n_rows : n_rows + len(some)] = some
        n_rows += len(some)
        y.append(rows.y[: len(some)])
    model.fit(X[:n_rows], np.concatenate(y))
    return StreamedModel(Pipeline([("columns", transformer), ("model", model)]), n_rows, training.rows)


def trees_for(training: Training, texts: int, pipeline: Pipeline) -> Any:
    """
    Return the trees of a pipeline for rows that are prepared by blocks, unfitted.

    Parameters
    ----------
    training : Training
    texts : int
        Columns of codes of texts, which stand last.
    pipeline : Pipeline
        Ends in histogram trees.
    """
    numbers = len(training.columns.numbers)
    trees = clone(pipeline.steps[-1][1])
    return trees.set_params(categorical_features=list(range(numbers, numbers + texts)) or None)


def _width(training: Training) -> int:
    return max(len(training.columns.numbers) + len(training.columns.categories), 1)


def boosting_seconds(setting: Setting, rows: int, queries: int) -> float:
    """Return seconds for a sample of 200,000 rows of ten values."""
    sampled = min(rows, SAMPLE_VALUES // max(setting.values, 1))
    return (0.5 + 7e-7 * sampled * setting.values + 6e-6 * queries) * setting.detectors
