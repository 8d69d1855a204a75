"""Denoising by example: each pixel takes its value from the clean images behind the nearest noisy ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tenfold.models.neighbours import NeighbourSearch

__all__ = ["NearestImages", "vote"]

NEIGHBOURS = 5
_VOTED = 500


def vote(values: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """
    Give the most frequent of k values at each place; of equally frequent ones the smallest.

    Parameters
    ----------
    values : ndarray of uint8, shape (m, k, d)

    Returns
    -------
    ndarray of uint8, shape (m, d)

    Examples
    --------
    >>> vote(np.array([[[9], [3], [9], [3], [7]]], np.uint8)).tolist()
    [[3]]
    """
    ordered = np.sort(values, axis=1)
    best, most = ordered[:, 0].copy(), np.zeros(ordered[:, 0].shape, np.int8)
    for i in range(values.shape[1]):
        count = (ordered == ordered[:, i : i + 1]).sum(axis=1, dtype=np.int8)
        better = count > most
        best[better], most[better] = ordered[:, i][better], count[better]
    return best


def _mean(values: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(values.mean(axis=1, dtype=np.float64))


def _median(values: NDArray[np.uint8]) -> NDArray[np.float64]:
    return np.asarray(np.median(values, axis=1), np.float64)


_JOINED: dict[str, Callable[[NDArray[np.uint8]], NDArray[Any]]] = {"vote": vote, "mean": _mean, "median": _median}


@dataclass(frozen=True, eq=False)
class NearestImages:
    """
    The images seen, noisy and clean; what is restored is made of the clean sides of the five nearest noisy ones.

    Parameters
    ----------
    noisy : ndarray of int16, shape (n, d)
    clean : ndarray of uint8, shape (n, d)
    joined : {"vote", "mean", "median"}
        How a pixel comes out of the nearest ones' pixels.
    """

    noisy: NDArray[np.int16]
    clean: NDArray[np.uint8]
    joined: str

    @classmethod
    def fitted(cls, noisy: NDArray[np.int16], clean: NDArray[np.uint8], joined: str) -> Self:
        """Keep the images."""
        return cls(noisy.reshape(len(noisy), -1), clean.reshape(len(clean), -1), joined)

    @cached_property
    def _search(self) -> NeighbourSearch:
        """Among the noisy images, prepared once for all the images that are asked about."""
        from tenfold.models.neighbours import NeighbourSearch

        return NeighbourSearch(self.noisy)

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Restore images of shape (m, height, width[, 3]); grey levels, not rounded."""
        queries, out = noisy.reshape(len(noisy), -1), np.empty((len(noisy), self.clean.shape[1]))
        _, found = self._search.nearest(queries, min(NEIGHBOURS, len(self.noisy)))
        for start in range(0, len(queries), _VOTED):
            part = slice(start, start + _VOTED)
            out[part] = _JOINED[self.joined](self.clean[found[part]])
        return out.reshape(noisy.shape)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Give what is kept in a file: the clean images and what the noise added, in the fewest bytes."""
        added = self.noisy - self.clean
        narrow = next(kind for kind in (np.uint8, np.int8, np.int16) if _holds(kind, added))
        return {"clean": self.clean, "added": added.astype(narrow)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]], joined: str) -> Self:
        """
        Read what `arrays` gave.

        Raises
        ------
        ValueError
            Not one noise for each image: added to each other, the two would make images of any size.
        """
        clean, added = (arrays[name] for name in ("clean", "added"))
        if clean.ndim != 2 or not clean.size or clean.shape != added.shape or len(arrays) != 2:
            raise ValueError(f"{clean.shape} clean values, but {added.shape} of noise")
        clean = clean.astype(np.uint8, casting="safe")
        return cls(clean.astype(np.int16) + added.astype(np.int16, casting="safe"), clean, joined)


def _holds(kind: type[np.integer[Any]], values: NDArray[np.int16]) -> bool:
    return bool(np.iinfo(kind).min <= values.min() and values.max() <= np.iinfo(kind).max)
