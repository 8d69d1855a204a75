"""Passes over a stream in another order each time, until the loss improves no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.streamed.preparation import BlockPreparation
from tenfold.candidates.streamed.training import Training

__all__ = ["passes_until_settled"]

_MOST_PASSES, _ENOUGH_ROWS, _TOLERANCE = 5, 1_000_000, 1e-3
"""Passes over many rows at most; row visits that a small table gets; the improvement of the loss that counts."""

Floats = NDArray[np.float64]


def passes_until_settled(
    training: Training,
    prepared: BlockPreparation,
    loss: Callable[[Floats, NDArray[Any]], float | None],
    learn: Callable[[Floats, NDArray[Any]], Any],
) -> tuple[int, float]:
    """
    Pass over the rows, each time in another order, until the mean loss improves by less than a thousandth.

    Parameters
    ----------
    training : Training
    prepared : BlockPreparation
    loss : callable
        From prepared rows (m, d) and their targets (m,) to their summed loss before they are learnt from; None where
        nothing was learnt yet.
    learn : callable
        Learns from such rows.

    Returns
    -------
    passes : int
    loss : float
        Mean over the last pass, each row before it was learnt from.
    """
    most = max(_MOST_PASSES, -(-_ENOUGH_ROWS // max(training.rows, 1)))
    best, mean, passes = np.inf, np.inf, 0
    while passes < most:
        total, rows_seen = 0.0, 0
        for rows in training.shuffled(passes):
            if not len(rows.y):
                continue
            X = prepared.matrix(rows.numbers, rows.codes)
            before = loss(X, rows.y)
            if before is not None:
                total, rows_seen = total + before, rows_seen + len(rows.y)
            learn(X, rows.y)
        passes += 1
        mean = total / rows_seen if rows_seen else np.inf
        if mean > best - _TOLERANCE and passes * training.rows >= _ENOUGH_ROWS:
            break
        best = min(best, mean)
    return passes, mean
