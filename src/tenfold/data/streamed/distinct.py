"""Whether the values of a stream repeat, from a sample of bounded size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["DistinctSample", "mixed", "unit_interval"]

_MOST = 4_096


def mixed(values: NDArray[np.uint64], seed: int = 0) -> NDArray[np.uint64]:
    """
    Hash 64 bits so that near values land far apart: SplitMix64 (Steele, Lea and Flood 2014, OOPSLA, figure 17).

    Examples
    --------
    >>> mixed(np.array([0, 1], np.uint64)).tolist()
    [16294208416658607535, 10451216379200822465]
    """
    step = np.uint64((0x9E3779B97F4A7C15 * (seed + 1)) % 2**64)
    z = values + step
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def unit_interval(bits: NDArray[np.uint64]) -> NDArray[np.float64]:
    """
    Convert 64 bits to numbers in [0, 1), by the first 53 of them.

    Examples
    --------
    >>> unit_interval(np.array([0, 2**63], np.uint64)).tolist()
    [0.0, 0.5]
    """
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


class DistinctSample:
    """
    A sample of the values whose hash begins with enough zeros, and whether one of them has repeated.

    Adaptive sampling (Flajolet 1990, Computing 43:391): when the sample is full, one more zero is required. A value
    is sampled with all its repetitions, so that a column without repetitions in the sample hardly has any.

    Examples
    --------
    >>> sample = DistinctSample()
    >>> for start in range(0, 100_000, 10_000):
    ...     sample.add(np.arange(start, start + 10_000))
    >>> sample.all_differ, 90_000 < sample.estimate < 110_000
    (True, True)
    >>> sample.add(np.arange(100_000))
    >>> sample.all_differ
    False
    """

    def __init__(self) -> None:
        self.all_differ, self._zeros = True, 0
        self._sample = np.empty(0, np.uint64)

    @property
    def estimate(self) -> int:
        """Estimated number of distinct values, within a few percent."""
        return len(self._sample) << self._zeros

    def add(self, values: NDArray[np.int64]) -> None:
        """Update with some values, shape (m,)."""
        new = self._subsample(mixed(values.view(np.uint64)))
        together = np.concatenate([self._sample, new])
        distinct = np.unique(together)
        self.all_differ &= len(distinct) == len(together)
        while len(distinct) > _MOST:
            self._zeros += 1
            distinct = self._subsample(distinct)
        self._sample = distinct

    def _subsample(self, bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
        return bits if self._zeros == 0 else bits[bits >> np.uint64(64 - self._zeros) == 0]
