"""Numbers as a file of labels has them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["LARGEST", "SMALLEST", "number_of", "numbers_of", "written_number"]

LARGEST = 1e150
"""The square of a larger number is no float64."""
SMALLEST = 1e-150
"""Squares of smaller differences are 0, or lose their digits."""


def number_of(text: str) -> float:
    """
    Return the number that a text is; NaN where it is none, or none whose square is a float64.

    Examples
    --------
    >>> number_of("1e3"), number_of(" 2 "), number_of("about 12"), number_of("1_000"), number_of("inf")
    (1000.0, 2.0, nan, nan, nan)
    """
    value = written_number(text)
    return math.nan if value is None or not abs(value) <= LARGEST else value


def written_number(text: str) -> float | None:
    """
    Return the number that a text is, of any size, infinite or none at all; None where it is no number.

    Examples
    --------
    >>> written_number("1e300"), written_number("inf"), written_number("1_000")
    (1e+300, inf, None)
    """
    try:
        return None if "_" in text else float(text)
    except ValueError:
        return None


def numbers_of(texts: NDArray[Any]) -> NDArray[np.float64]:
    """
    Return the numbers that texts are, of the same shape; each different text is read once.

    Examples
    --------
    >>> numbers_of(np.array(["2", "x", "2"], object)).tolist()
    [2.0, nan, 2.0]
    """
    plain = texts.ravel().tolist()
    known = {text: number_of(text) for text in set(plain)}
    return np.array([known[text] for text in plain], np.float64).reshape(texts.shape)
