"""A candidate at each of its settings on one fold: what the settings share is computed once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import Predictions, search_once
from tenfold.candidates.search import shares_neighbours
from tenfold.folds.nearest import NearestRows, nearest_seen

__all__ = ["Work", "predictions_in_turn"]

Timed = tuple[Predictions, float, float, NearestRows | None]


@dataclass(frozen=True, eq=False)
class Work:
    """
    What a candidate is fitted on, and the rows that it predicts.

    Parameters
    ----------
    X : ndarray or DataFrame of n rows
    y : ndarray of n rows
        As the task's `encode` gives it.
    held_out : ndarray or DataFrame of m rows
    predict : callable
        The task's: from a fitted pipeline and rows to their predictions.
    positions : ndarray of int64, shape (n,)
        What the rows of X are called in the training part; a copy is called as the row that it was made of.
    copies : int
        Rows of X that each training row became, itself counted.
    """

    X: Any
    y: NDArray[Any]
    held_out: Any
    predict: Callable[[Pipeline, Any], Predictions]
    positions: NDArray[np.int64]
    copies: int = 1

    def predictions(self, pipeline: Pipeline) -> Predictions:
        """Return what a fitted pipeline predicts for the rows held out."""
        return self.predict(pipeline, self.held_out)


def predictions_in_turn(candidate: Candidate, work: Work) -> Iterator[Timed]:
    """
    Yield the predictions of each setting with the seconds of fitting and of predicting, in order of the settings.

    With the first come the nearest rows, where the candidate searches for neighbours.

    Settings of the vote of neighbours alone share one fit and one search; settings that differ in the last step alone
    share the preparation before it.
    """
    pipeline = clone(candidate.pipeline)
    if not candidate.settings:
        yield _fit_and_predict(pipeline, work)
    elif shares_neighbours(pipeline, candidate.settings):
        yield from _votes(candidate, pipeline, work)
    elif _of_last_step(candidate):
        yield from _models(candidate, pipeline, work)
    else:
        yield from _by_preparation(candidate, pipeline, work)


def _fit_and_predict(pipeline: Pipeline, work: Work, seconds_before: float = 0.0) -> Timed:
    start = time.perf_counter()
    pipeline.fit(work.X, work.y)
    ready = time.perf_counter()
    predictor, values = search_once(pipeline, work.held_out, copies=work.copies)
    predictions = replace(work, held_out=values).predictions(predictor)
    end = time.perf_counter()
    nearest = nearest_seen(predictor, values, work.positions, work.copies)
    return predictions, seconds_before + ready - start, end - ready, nearest


def _of_last_step(candidate: Candidate) -> bool:
    *before, (name, _) = candidate.pipeline.steps
    reached = {key for setting in candidate.settings for key in setting}
    return bool(before) and all(key.startswith(f"{name}__") for key in reached)


def _by_preparation(candidate: Candidate, pipeline: Pipeline, work: Work) -> Iterator[Timed]:
    """Each different preparation once, whatever the order of the settings."""
    model = f"{pipeline.steps[-1][0]}__"
    groups: dict[frozenset[tuple[str, Any]], list[int]] = {}
    for place, setting in enumerate(candidate.settings):
        key = frozenset((name, value) for name, value in setting.items() if not name.startswith(model))
        groups.setdefault(key, []).append(place)
    results: dict[int, Timed] = {}
    for key, places in groups.items():
        of_model = [{name: value for name, value in candidate.settings[place].items() if name.startswith(model)}
                    for place in places]  # fmt: skip
        same, prepared = replace(candidate, settings=tuple(of_model)), clone(pipeline).set_params(**dict(key))
        timed = _models(same, prepared, work) if prepared.steps[:-1] else _each(same, prepared, work)
        results |= dict(zip(places, timed, strict=True))
    yield from (results[place] for place in range(len(candidate.settings)))


def _each(candidate: Candidate, pipeline: Pipeline, work: Work) -> Iterator[Timed]:
    for setting in candidate.settings:
        yield _fit_and_predict(clone(pipeline).set_params(**setting), work)


def _models(candidate: Candidate, pipeline: Pipeline, work: Work) -> Iterator[Timed]:
    start = time.perf_counter()
    preparation = pipeline[:-1]
    X = preparation.fit_transform(work.X, work.y)
    prepared = replace(work, X=X, held_out=preparation.transform(work.held_out))
    seconds = time.perf_counter() - start
    for setting in candidate.settings:
        yield _fit_and_predict(clone(pipeline[-1:]).set_params(**setting), prepared, seconds)
        seconds = 0.0


def _votes(candidate: Candidate, pipeline: Pipeline, work: Work) -> Iterator[Timed]:
    start = time.perf_counter()
    pipeline.fit(work.X, work.y)
    seconds = time.perf_counter() - start
    start = time.perf_counter()
    key = f"{pipeline.steps[-1][0]}__n_neighbors"
    own = pipeline.get_params()[key]
    most = max(setting.get(key, own) for setting in candidate.settings)
    voting, values = search_once(pipeline, work.held_out, most, work.copies)
    nearest = nearest_seen(voting.set_params(**{key: most}), values, work.positions, work.copies)
    search = replace(work, held_out=values)
    for setting in candidate.settings:
        predictions = search.predictions(voting.set_params(**setting))
        yield predictions, seconds, time.perf_counter() - start, nearest
        seconds, start, nearest = 0.0, time.perf_counter(), None
