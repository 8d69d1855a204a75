"""From scores to classes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["highest_class"]


def highest_class(scores: NDArray[Any]) -> NDArray[np.int64]:
    """
    Return the place of the class with the highest score; of two classes, the second where the one score is above 0.

    Parameters
    ----------
    scores : ndarray, shape (n,) of two classes, else (n, classes)

    Examples
    --------
    >>> highest_class(np.array([-1.0, 0.5])).tolist(), highest_class(np.array([[1.0, 3.0, 2.0]])).tolist()
    ([0, 1], [1])
    """
    return (scores > 0).astype(np.int64) if scores.ndim == 1 else scores.argmax(axis=1)
