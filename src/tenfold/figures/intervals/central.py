"""Mean, spread and skewness of values that come in parts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["CentralMoments"]


@dataclass(frozen=True)
class CentralMoments:
    """
    Count and mean of values, and the sums of the squares and cubes of their deviations from it.

    Those of two parts combine to those of both: Pébay (2008), Formulas for robust, one-pass parallel computation of
    covariances and arbitrary-order statistical moments, Sandia report 2008-6212, section 2.1.

    Parameters
    ----------
    n : int
    mean, squares, cubes : float

    Examples
    --------
    >>> both = CentralMoments.of([1.0, 2.0]).combine(CentralMoments.of([6.0]))
    >>> both.n, both.mean, both.squares, both.cubes
    (3, 3.0, 14.0, 18.0)
    """

    n: int = 0
    mean: float = 0.0
    squares: float = 0.0
    cubes: float = 0.0

    @classmethod
    def of(cls, values: ArrayLike) -> CentralMoments:
        """Return the moments of some values, shape (n,)."""
        sample: Any = np.asarray(values, np.float64)
        if not len(sample):
            return cls()
        deviations = sample - sample.mean()
        squares = deviations * deviations
        return cls(len(sample), float(sample.mean()), float(squares.sum()), float((squares * deviations).sum()))

    def combine(self, other: CentralMoments) -> CentralMoments:
        """Return the moments of both sets of values."""
        if not self.n or not other.n:
            return self if other.n == 0 else other
        n, apart = self.n + other.n, other.mean - self.mean
        step = apart / n
        product = self.n * other.n
        return CentralMoments(
            n,
            self.mean + step * other.n,
            self.squares + other.squares + apart * step * product,
            self.cubes
            + other.cubes
            + apart * step * step * product * (self.n - other.n)
            + 3 * step * (self.n * other.squares - other.n * self.squares),
        )

    @property
    def deviation(self) -> float:
        """Standard deviation of a sample; 0 for fewer than two values."""
        return float(np.sqrt(self.squares / (self.n - 1))) if self.n > 1 else 0.0
