"""Labels that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["is_missing"]


def is_missing(y: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which labels are empty or blank, shape (n,) of bool."""
    blank = [label for label in set(y.tolist()) if not str(label).strip()]
    return np.isin(y, blank) if blank else np.zeros(len(y), bool)
