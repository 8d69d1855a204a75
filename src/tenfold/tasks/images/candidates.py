"""A denoiser of the catalogue as a candidate like any other: an unfitted pipeline that predicts images."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import BASELINE, Candidate
from tenfold.figures.images.quality import images_at_once
from tenfold.models.denoising.grey_levels import whole_levels
from tenfold.tasks.images.catalogue import Denoiser, entry_of

__all__ = ["Restorer", "restorer"]


class Restorer(BaseEstimator):  # type: ignore[misc]
    """
    A denoiser that gives whole grey levels from black to white, a bounded number of images at a time.

    The baseline leaves images as they are, values beyond black and white and all: it does nothing.

    Parameters
    ----------
    name : str
        Of the catalogue.
    peak : int
        Grey level of white.

    Attributes
    ----------
    model_ : Denoiser
        Fitted.
    """

    def __init__(self, name: str = BASELINE, peak: int = 255) -> None:
        self.name = name
        self.peak = peak

    def fit(self, X: NDArray[np.int16], y: NDArray[np.uint8]) -> Restorer:
        """Fit on noisy and clean images, both of shape (n, height, width[, 3])."""
        self.model_ = entry_of(self.name).estimator().fit(X, y)
        return self

    def predict(self, X: NDArray[np.int16]) -> NDArray[np.int16]:
        """
        Restore images.

        Raises
        ------
        ValueError
            The denoiser gives a value that is no number.
        """
        return restored_images(self.name, self.model_, X, self.peak)


def restored_images(name: str, model: Denoiser, noisy: NDArray[np.int16], peak: int) -> NDArray[np.int16]:
    """
    Restore images to whole grey levels from black to white, a bounded number at a time.

    The baseline is left as it is, values beyond black and white and all: it does nothing.
    """
    out = np.empty(noisy.shape, np.int16)
    step = images_at_once(noisy.shape[1:])
    for start in range(0, len(noisy), step):
        part = slice(start, start + step)
        levels = model.predict(noisy[part])
        if not np.isfinite(levels).all():
            raise ValueError("it gives a value that is no number")
        out[part] = levels if name == BASELINE else whole_levels(levels, peak)
    return out


def restorer(name: str, peak: int, values: int) -> Candidate:
    """
    Return the denoiser of this name as a candidate.

    Parameters
    ----------
    name : str
        Such as ``knn:mean``.
    peak : int
        Grey level of white.
    values : int
        Numbers an image is made of.

    Raises
    ------
    UsageError
        There is none; the message suggests the nearest.

    Examples
    --------
    >>> restorer("median", peak=16, values=64).pipeline.steps[-1][0]
    'model'
    """
    entry = entry_of(name)
    pipeline = Pipeline([("model", Restorer(name, peak))])
    return Candidate(name, pipeline, partial(_seconds, entry.seconds, values))


def _seconds(seconds: Any, values: int, rows: int, queries: int) -> float:
    return float(seconds(rows, queries, values))
