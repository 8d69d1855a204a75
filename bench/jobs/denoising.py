"""Images cleaned by the votes of the nearest noisy ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.agreement import equally_answered
from bench.data import Digits, digits
from bench.job import Contender, Job, Prepared, Size

__all__ = ["DENOISING"]

_BRIGHTEST_NOISE = 100


def tenfold(size: Size) -> Prepared:
    """The denoiser ``knn``."""
    from tenfold.models.denoising import KNeighborsDenoiser

    training, test = digits(size)
    noisy, queries = (_noisy(part).reshape(part.images.shape) for part in (training, test))
    return Prepared(lambda seed: KNeighborsDenoiser().fit(noisy, training.images).predict(queries), _rows)


def _rows(restored: Any) -> NDArray[Any]:
    return np.asarray(restored).reshape(len(restored), -1)


def scikit_learn(size: Size) -> Prepared:
    """A k-NN classifier with 784 outputs."""
    from sklearn.neighbors import KNeighborsClassifier

    training, test = digits(size)
    noisy, queries, clean = (_noisy(training).astype(np.float32), _noisy(test).astype(np.float32), training.rows())
    model: Any = KNeighborsClassifier(algorithm="brute")
    return Prepared(lambda seed: model.fit(noisy, clean).predict(queries), np.asarray)


def _noisy(part: Digits) -> NDArray[np.int16]:
    rng = np.random.default_rng(len(part.codes))
    return (part.rows() + rng.integers(0, _BRIGHTEST_NOISE, (len(part.codes), 784))).astype(np.int16)


DENOISING = Job(
    "knn-denoise",
    "k-NN denoising: {queries} images by {rows} noisy ones",
    "fit and restore; each of 784 pixels is voted on; Tenfold by its denoiser, scikit-learn by KNeighborsClassifier",
    (Contender("scikit-learn", scikit_learn), Contender("Tenfold", tenfold)),
    equally_answered,
    Size(60_000, 10),
    Size(6_000, 10),
)
