"""Denoising by example: each pixel takes its value from the clean images behind the nearest noisy ones."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator

from tenfold.models.denoising.images import checked_images, checked_pairs
from tenfold.models.denoising.statistics import MOST_NEIGHBOURS, STATISTICS

if TYPE_CHECKING:
    from tenfold.models.neighbours import NeighbourSearch

__all__ = ["KNeighborsDenoiser"]

_IMAGES_AT_ONCE = 500


class KNeighborsDenoiser(BaseEstimator):  # type: ignore[misc]
    """
    Each pixel from the clean sides of the training images whose noisy sides are nearest, by Euclidean distance.

    Parameters
    ----------
    n_neighbors : int
        Nearest images, 1 to 100; of fewer training images all.
    statistic : {"vote", "mean", "median"}
        What becomes of their pixels.

    Attributes
    ----------
    noisy_ : ndarray of int16, shape (n, d)
        The training images as rows of d values.
    clean_ : ndarray of uint8, shape (n, d)
    image_shape_ : tuple of int
        Height and width in pixels (and 3 for colour) of the images it was fitted on.

    Examples
    --------
    >>> clean = np.array([[[0]], [[100]], [[104]]], np.uint8)
    >>> model = KNeighborsDenoiser(2, statistic="mean").fit(clean + np.int16(5), clean)
    >>> model.predict(np.array([[[111]]], np.int16)).tolist()
    [[[102.0]]]
    """

    def __init__(self, n_neighbors: int = 5, statistic: str = "vote") -> None:
        self.n_neighbors = n_neighbors
        self.statistic = statistic

    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """
        Keep the training images.

        Parameters
        ----------
        X : array_like of int16, shape (n, height, width) or (n, height, width, 3)
            Noisy images.
        y : array_like of uint8, of the same shape
            The clean images behind them.

        Raises
        ------
        ValueError
            A parameter is out of range, or the images do not fit together.
        """
        noisy, clean = checked_pairs(X, y)
        if self.statistic not in STATISTICS:
            raise ValueError(f"statistic is {self.statistic!r}; give one of {', '.join(STATISTICS)}")
        if self.n_neighbors not in range(1, MOST_NEIGHBOURS + 1):
            raise ValueError(f"n_neighbors is {self.n_neighbors!r}; give 1 to {MOST_NEIGHBOURS}")
        self.noisy_, self.clean_ = noisy.reshape(len(noisy), -1), clean.reshape(len(clean), -1)
        self.image_shape_ = noisy.shape[1:]
        self.__dict__.pop("_search", None)
        return self

    @cached_property
    def _search(self) -> NeighbourSearch:
        """A search among the noisy images, prepared once for all predictions."""
        from tenfold.models.neighbours import NeighbourSearch

        return NeighbourSearch(self.noisy_)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in super().__getstate__().items() if name != "_search"}

    def predict(self, X: ArrayLike) -> NDArray[np.float64]:
        """Predict clean images: grey levels of the shape of X, not rounded."""
        noisy = checked_images(self, X)
        queries, out = noisy.reshape(len(noisy), -1), np.empty((len(noisy), self.clean_.shape[1]))
        _, rows = self._search.nearest(queries, min(self.n_neighbors, len(self.noisy_)))
        for start in range(0, len(queries), _IMAGES_AT_ONCE):
            part = slice(start, start + _IMAGES_AT_ONCE)
            out[part] = STATISTICS[self.statistic](self.clean_[rows[part]])
        return out.reshape(noisy.shape)
