"""A model that was fitted on a stream of rows, and how a candidate makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from tenfold.candidates.scores import Predictions, class_predictions
from tenfold.candidates.setting import Setting
from tenfold.candidates.streamed.preparation import BlockPreparation
from tenfold.candidates.streamed.training import Training
from tenfold.data.streamed.row_store import RowStore

__all__ = ["Seconds", "StreamedCandidate", "StreamedModel", "seconds_by_row"]

Seconds = Callable[[Setting, int, int], float]


@dataclass(frozen=True, eq=False)
class StreamedModel:
    """
    A model fitted on a stream.

    Parameters
    ----------
    pipeline : Pipeline
        Preparation and model, fitted; it predicts tables.
    fit_rows, available_rows : int
        Number of rows it was fitted on, and of all training rows.
    passes : int
        Number of passes over them.
    difficulty : Pipeline, optional
        Predicts the size of its errors, above 0.
    """

    pipeline: Pipeline
    fit_rows: int
    available_rows: int
    passes: int = 1
    difficulty: Pipeline | None = None

    def predictor(self, store: RowStore, classes: int) -> Callable[[NDArray[Any], NDArray[np.int32]], Predictions]:
        """
        Return a function that predicts blocks of a store from their numbers (m, p) and codes (m, q).

        Parameters
        ----------
        store : RowStore
        classes : int
            0 where numbers are predicted.
        """
        last, prepare = _parts(self.pipeline, store)
        of_size, prepare_for_size = (None, prepare) if self.difficulty is None else _parts(self.difficulty, store)

        def predictions(numbers: NDArray[Any], codes: NDArray[np.int32]) -> Predictions:
            if classes:
                return class_predictions(last, prepare(numbers, codes), classes)
            sizes = None if of_size is None else of_size.predict(prepare_for_size(numbers, codes))
            return Predictions(np.asarray(last.predict(prepare(numbers, codes)), np.float64), sizes, False)

        return predictions


def _parts(
    pipeline: Pipeline, store: RowStore
) -> tuple[Pipeline, Callable[[NDArray[Any], NDArray[np.int32]], NDArray[np.float64]]]:
    """The last step of a pipeline, and what prepares blocks for it as the steps before prepare a table."""
    last = Pipeline(pipeline.steps[-1:])
    if len(pipeline.steps) == 1:
        return last, lambda numbers, codes: np.zeros((len(numbers), 1))
    return last, BlockPreparation(pipeline.steps[0][1], store).matrix


@dataclass(frozen=True)
class StreamedCandidate:
    """
    A candidate that is fitted on a stream.

    Parameters
    ----------
    name, summary : str
    fit : callable
    seconds : callable
        Estimated time to fit rows and to predict queries: ``seconds(setting, rows, queries)``.
    """

    name: str
    summary: str
    fit: Callable[[Training], StreamedModel]
    seconds: Callable[[Setting, int, int], float]


def seconds_by_row(each_row: float, each_query: float) -> Seconds:
    """Return the estimate of what takes so long for each row that is learnt from, and for each that is predicted."""

    def seconds(setting: Setting, rows: int, queries: int) -> float:
        return 0.05 + (each_row * rows + each_query * queries) * (setting.values + 10)

    return seconds
