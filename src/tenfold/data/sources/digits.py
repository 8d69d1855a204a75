"""The 1,797 handwritten digits of 8 x 8 pixels that come with scikit-learn: no file, no network."""

from __future__ import annotations

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.sources.arrays import labels_as_text

__all__ = ["load_digits"]


def load_digits() -> Dataset:
    """
    Load the digits bundled with scikit-learn; pixels are 0 (paper) to 16 (ink).

    Examples
    --------
    >>> load_digits().X.shape
    (1797, 8, 8)
    """
    from sklearn import datasets

    bundled = datasets.load_digits()
    return Dataset("digits", "image", bundled.images.astype(np.uint8), labels_as_text(bundled.target), source="digits")
