"""The denoiser: k-NN from noisy pixels to clean ones, with the very noise of the classic text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.images.quality import image_quality
from tenfold.reproduce.digits_of_mnist import mnist_test_part, mnist_training_part
from tenfold.reproduce.figure import Job, Reference
from tenfold.tasks.images.catalogue import entry_of

__all__ = ["JOBS"]

_SEED, _NOISE = 42, 100
_FIRST = 10
_WHITE = 255


def _first_test_images() -> tuple[float, ...]:
    """Error of the first test images before and after, and of the first alone."""
    clean, test = (np.asarray(part.X, np.uint8) for part in (mnist_training_part(), mnist_test_part()))
    # The classic text seeds NumPy's old generator, draws for all training images, then for all test images.
    random = np.random.RandomState(_SEED)
    noisy = _with_noise(clean, random)
    noisy_test = _with_noise(test, random)[:_FIRST]
    restored = entry_of("knn").estimator().fit(noisy, clean).predict(noisy_test)
    before, after = (image_quality(test[:_FIRST], images, _WHITE).mae for images in (noisy_test, restored))
    return float(before.mean()), float(after.mean()), float(after[0])


def _with_noise(images: NDArray[np.uint8], random: np.random.RandomState) -> NDArray[np.int16]:
    noise = random.randint(0, _NOISE, (len(images), images[0].size))
    return np.asarray(images + noise.reshape(images.shape).astype(np.int16))


_SOURCE = "measured with KNeighborsClassifier of scikit-learn 1.9.1 on the same noise"

JOBS = (
    Job(
        "Denoiser, 5 nearest neighbours vote on every pixel",
        (
            Reference("error of the first 10 test images with noise", 49.692602040816325, 1e-9, _SOURCE),
            Reference("error of the same restored", 13.344005102040816, 1e-9, _SOURCE),
            Reference("error of the first restored", 8.525510204081632, 1e-9, _SOURCE),
        ),
        _first_test_images,
        quick=True,
        seconds=6,
    ),
)
