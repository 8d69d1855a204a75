"""Jobs whose time is followed while the training rows grow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from bench.agreement import equally_accurate, equally_answered
from bench.data import digits
from bench.job import Contender, Job, Prepared, Size
from bench.jobs.neighbours import NEIGHBOURS
from bench.jobs.sgd import own, theirs

__all__ = ["SCALES", "ScaleJob"]

_PASSES = 5


@dataclass(frozen=True)
class ScaleJob:
    """
    A job at growing numbers of training rows.

    Parameters
    ----------
    job : Job
        With the queries of its sizes; their rows are replaced.
    rows, quick_rows : tuple of int
    """

    job: Job
    rows: tuple[int, ...] = (1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000)
    quick_rows: tuple[int, ...] = (1_000, 2_000, 4_000, 8_000)

    def sizes(self, *, quick: bool) -> list[Size]:
        """Give the sizes to go through."""
        queries = (self.job.quick if quick else self.job.full).queries
        return [Size(rows, queries) for rows in (self.quick_rows if quick else self.rows)]


def passes(make: Callable[..., Any], size: Size) -> Prepared:
    """Go over the rows a fixed number of times, so that the rule for stopping has no part in the time."""
    training, test = digits(size)
    rows, queries = training.rows(np.float32) / 255, test.rows(np.float32) / 255
    return Prepared(
        lambda seed: make(seed, max_iter=_PASSES, tol=None).fit(rows, training.codes),
        lambda fitted: fitted.predict(queries),
        test.codes,
    )


SCALES = (
    ScaleJob(
        Job(
            "scale-knn",
            "k-NN: {queries} images, a growing training set",
            "fit and predict, k = 5; Tenfold on bytes, scikit-learn on float32",
            NEIGHBOURS.contenders[:2],
            equally_answered,
            Size(60_000, 10_000),
            Size(8_000, 2_000),
        )
    ),
    ScaleJob(
        Job(
            "scale-sgd",
            f"SGD, {_PASSES} passes over a growing training set",
            f"fit of 10 classes, {_PASSES} passes whatever they bring, pixels 0 to 1 in float32",
            (Contender("scikit-learn", partial(passes, theirs)), Contender("Tenfold", partial(passes, own))),
            equally_accurate,
            Size(60_000, 10_000),
            Size(8_000, 2_000),
            least_runs=3,
        )
    ),
)
