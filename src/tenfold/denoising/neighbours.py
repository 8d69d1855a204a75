"""Denoising by example: each pixel takes its value from the clean images behind the nearest noisy ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

__all__ = ["NearestImages", "nearest_rows", "vote"]

NEIGHBOURS = 5
_QUERIES = 4_000
"""Enough that scikit-learn shares out the queries, not the rows: its threads then never wait for one another."""
_VOTED = 500


def nearest_rows(
    rows: NDArray[np.int16] | NDArray[np.float32], queries: NDArray[np.int16], k: int
) -> NDArray[np.int64]:
    """
    Find the k nearest rows of each query by Euclidean distance, exactly, the nearest first.

    Whole numbers below 2**24 are exact in float32, and scikit-learn adds their products up in float64: no distance
    is rounded, whatever the number of threads.

    Parameters
    ----------
    rows : ndarray of int16 or float32, shape (n, d)
        Whole numbers; float32 is taken as it is, without a copy.
    queries : ndarray of int16, shape (m, d)
    k : int
        At most n.

    Returns
    -------
    ndarray of int64, shape (m, k)

    Examples
    --------
    >>> nearest_rows(np.array([[0], [10], [20]], np.int16), np.array([[12]], np.int16), 2).tolist()
    [[1, 2]]
    """
    from sklearn.neighbors import NearestNeighbors

    search = NearestNeighbors(n_neighbors=k, algorithm="brute").fit(rows.astype(np.float32, copy=False))
    found = np.empty((len(queries), k), np.int64)
    for start in range(0, len(queries), _QUERIES):
        part = queries[start : start + _QUERIES].astype(np.float32)
        found[start : start + _QUERIES] = search.kneighbors(part, return_distance=False)
    return found


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
    def _searched(self) -> NDArray[np.float32]:
        """The noisy images as they are searched, made once for all the images that are asked about."""
        return self.noisy.astype(np.float32)

    def restored(self, noisy: NDArray[np.int16]) -> NDArray[np.float64]:
        """Restore images of shape (m, height, width[, 3]); grey levels, not rounded."""
        queries, out = noisy.reshape(len(noisy), -1), np.empty((len(noisy), self.clean.shape[1]))
        found = nearest_rows(self._searched, queries, min(NEIGHBOURS, len(self.noisy)))
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
        """Read what `arrays` gave."""
        clean = arrays["clean"].astype(np.uint8, casting="safe")
        return cls(clean.astype(np.int16) + arrays["added"].astype(np.int16, casting="safe"), clean, joined)


def _holds(kind: type[np.integer[Any]], values: NDArray[np.int16]) -> bool:
    return bool(np.iinfo(kind).min <= values.min() and values.max() <= np.iinfo(kind).max)
