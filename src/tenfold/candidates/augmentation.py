"""Training rows grown by changed copies of themselves, which are learnt from and never judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.entry import Candidate
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.data.kinds.image.shift import DIRECTIONS, with_shifts
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["AUGMENTATIONS", "augmented", "grown", "grown_bytes", "refuse_augmentation"]

AUGMENTATIONS: Mapping[str, int] = {"shift": 1 + len(DIRECTIONS)}
"""Ways to grow the training rows, and how many each row becomes, itself counted."""

_LEAST_SIDE = 2


def augmented(candidate: Candidate, how: str | None) -> Candidate:
    """
    Let a candidate learn from grown training rows; as it is where `how` is None.

    Parameters
    ----------
    candidate : Candidate
    how : "shift" or None

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.pipeline import Pipeline
    >>> one = Candidate("one", Pipeline([("model", DummyClassifier())]), lambda rows, queries: float(rows))
    >>> augmented(one, "shift").seconds(10, 0)
    50.0
    """
    if how is None:
        return candidate
    return replace(candidate, augment=how, seconds=partial(_of_grown, candidate, AUGMENTATIONS[how]))


def grown(how: str | None, X: Any, y: NDArray[np.int64]) -> tuple[Any, NDArray[np.int64]]:
    """
    Grow the rows that a model is about to learn from: all as they are, then all changed in one way, then in another.

    Parameters
    ----------
    how : "shift" or None
        ``shift``: images of uint8 moved by one pixel down, up, right, left (`tenfold.data.kinds.image.shift`).
    X : ndarray of uint8, shape (n, height, width[, 3]); any rows where `how` is None
    y : ndarray of int64, shape (n,) or (n, k)

    Returns
    -------
    X, y
        Of ``AUGMENTATIONS[how] * n`` rows; row i and its copies at i, i + n, i + 2 n, …

    Examples
    --------
    >>> X, y = grown("shift", np.ones((2, 3, 3), np.uint8), np.array([0, 1]))
    >>> X.shape, y.tolist()
    ((10, 3, 3), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    """
    return (X, y) if how is None else with_shifts(X, y)


def grown_bytes(candidate: Candidate, rows: int, values: int) -> int:
    """
    Give the least memory of a fit on `rows` images of `values` pixels: the grown images, and as the model takes them.

    Parameters
    ----------
    candidate : Candidate
    rows, values : int
    """
    times = 1 if candidate.augment is None else AUGMENTATIONS[candidate.augment]
    sizes = (np.dtype(step.dtype).itemsize for _, step in candidate.pipeline.steps if isinstance(step, FlattenPixels))
    return times * rows * values * (1 + max(sizes, default=0))


def refuse_augmentation(how: str, data: Dataset) -> None:
    """
    Refuse what rows cannot be grown by.

    Raises
    ------
    UsageError
        No such way; no images; images too small to be moved.
    """
    if how not in AUGMENTATIONS:
        known = ", ".join(AUGMENTATIONS)
        raise UsageError(f"no way to grow '{shown(how)}'.{near(shown(how), AUGMENTATIONS)}", do=f"choose from {known}")
    shape = data.image_shape
    if shape is None:
        what = f"{shown(data.name, 60)} is no set of images (kind: {data.kind})"
        raise UsageError(f"--augment {how} moves images, {what}", do="leave out --augment")
    if min(shape[:2]) < _LEAST_SIDE:
        height, width = shape[:2]
        raise UsageError(f"--augment {how}: nothing is left of images of {width} x {height}", do="leave out --augment")


def _of_grown(candidate: Candidate, times: int, rows: int, queries: int) -> float:
    return candidate.seconds(times * rows, queries)
