"""Grey levels as pixels have them: whole, from black to white."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["whole_levels"]


def whole_levels(levels: NDArray[np.floating], peak: int) -> NDArray[np.uint8]:
    """
    Return the nearest whole grey levels from black to white.

    Parameters
    ----------
    levels : ndarray of float
        All finite.
    peak : int
        Grey level of white, at most 255.

    Examples
    --------
    >>> whole_levels(np.array([-3.0, 1.6, 20.0]), 16).tolist()
    [0, 2, 16]
    """
    return np.asarray(np.rint(np.clip(levels, 0, peak)).astype(np.uint8))
