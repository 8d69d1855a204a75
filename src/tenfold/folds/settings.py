"""A candidate at each of its settings on one fold: what the settings share is computed once."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import Answers, answers, found_once
from tenfold.candidates.search import shares_neighbours
from tenfold.folds.nearest import NearestRows, nearest_seen

__all__ = ["Work", "answers_in_turn"]

Timed = tuple[Answers, float, float, NearestRows | None]


@dataclass(frozen=True, eq=False)
class Work:
    """
    What a candidate learns from and what it is asked.

    Parameters
    ----------
    X : ndarray or DataFrame of n rows
    y : ndarray of int64, shape (n,); of several labels (n, k)
    asked : ndarray or DataFrame of m rows
    classes : int
    positions : ndarray of int64, shape (n,)
        What the rows of X are called in the training part; a copy is called as the row that it was made of.
    copies : int
        Rows of X that each training row became, itself counted.
    """

    X: Any
    y: NDArray[np.int64]
    asked: Any
    classes: int
    positions: NDArray[np.int64]
    copies: int = 1

    def answered(self, pipeline: Pipeline) -> Answers:
        """Ask a fitted pipeline."""
        return answers(pipeline, self.asked, self.classes, multilabel=self.y.ndim == 2)


def answers_in_turn(candidate: Candidate, work: Work) -> Iterator[Timed]:
    """
    Give the answers of each setting with the seconds of fitting and of answering, in order of the settings.

    With the first come the neighbours it found, where it looks for any.

    Settings of the vote of neighbours alone share one fit and one search; settings of the last step alone share the
    preparation before it; any others share nothing.
    """
    pipeline = clone(candidate.pipeline)
    if not candidate.settings:
        yield _fitted_and_asked(pipeline, work)
    elif shares_neighbours(pipeline, candidate.settings):
        yield from _votes(candidate, pipeline, work)
    elif _of_last_step(candidate):
        yield from _models(candidate, pipeline, work)
    else:
        for setting in candidate.settings:
            yield _fitted_and_asked(clone(pipeline).set_params(**setting), work)


def _fitted_and_asked(pipeline: Pipeline, work: Work, spent: float = 0.0) -> Timed:
    start = time.perf_counter()
    pipeline.fit(work.X, work.y)
    fitted = time.perf_counter()
    asking, values = found_once(pipeline, work.asked, copies=work.copies)
    said = replace(work, asked=values).answered(asking)
    answered = time.perf_counter()
    return said, spent + fitted - start, answered - fitted, nearest_seen(asking, values, work.positions, work.copies)


def _of_last_step(candidate: Candidate) -> bool:
    *before, (name, _) = candidate.pipeline.steps
    reached = {key for setting in candidate.settings for key in setting}
    return bool(before) and all(key.startswith(f"{name}__") for key in reached)


def _models(candidate: Candidate, pipeline: Pipeline, work: Work) -> Iterator[Timed]:
    start = time.perf_counter()
    preparation = pipeline[:-1]
    X = preparation.fit_transform(work.X, work.y)
    prepared = replace(work, X=X, asked=preparation.transform(work.asked))
    spent = time.perf_counter() - start
    for setting in candidate.settings:
        yield _fitted_and_asked(clone(pipeline[-1:]).set_params(**setting), prepared, spent)
        spent = 0.0


def _votes(candidate: Candidate, pipeline: Pipeline, work: Work) -> Iterator[Timed]:
    start = time.perf_counter()
    pipeline.fit(work.X, work.y)
    spent = time.perf_counter() - start
    start = time.perf_counter()
    key = f"{pipeline.steps[-1][0]}__n_neighbors"
    own = pipeline.get_params()[key]
    asked = [setting.get(key, own) for setting in candidate.settings]
    voting, values = found_once(pipeline, work.asked, max(asked), work.copies)
    nearest = nearest_seen(voting.set_params(**{key: max(asked)}), values, work.positions, work.copies)
    found = replace(work, asked=values)
    for setting in candidate.settings:
        said = found.answered(voting.set_params(**setting))
        yield said, spent, time.perf_counter() - start, nearest
        spent, start, nearest = 0.0, time.perf_counter(), None
