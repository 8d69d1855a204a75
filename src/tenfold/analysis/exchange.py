"""What one classifier gets right that another gets wrong, instance by instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Exchange", "exchange_of"]


@dataclass(frozen=True, eq=False)
class Exchange:
    """
    How the answers of a second classifier differ from those of a first, on the same rows.

    Parameters
    ----------
    fixed : ndarray of int64
        Positions of the rows that only the second has right.
    broken : ndarray of int64
        Positions of the rows that only the first has right.
    both_wrong : int
    n : int
    by_class : tuple of (rows, right by the first, right by the second), one a class
    """

    fixed: NDArray[np.int64]
    broken: NDArray[np.int64]
    both_wrong: int
    n: int
    by_class: tuple[tuple[int, int, int], ...]


def exchange_of(y: NDArray[np.int64], first: NDArray[np.int64], second: NDArray[np.int64], classes: int) -> Exchange:
    """
    Compare two lists of answers with the truth.

    Parameters
    ----------
    y, first, second : ndarray of int64, shape (n,)
        Class codes: true, and as called.
    classes : int

    Examples
    --------
    >>> found = exchange_of(np.array([0, 1, 1]), np.array([0, 0, 0]), np.array([1, 1, 0]), 2)
    >>> found.fixed.tolist(), found.broken.tolist(), found.both_wrong, found.by_class
    ([1], [0], 1, ((1, 1, 0), (2, 0, 1)))
    """
    one, other = first == y, second == y
    counts: list[Any] = [np.bincount(y, weights, minlength=classes).astype(int) for weights in (None, one, other)]
    return Exchange(
        fixed=np.flatnonzero(other & ~one),
        broken=np.flatnonzero(one & ~other),
        both_wrong=int((~one & ~other).sum()),
        n=len(y),
        by_class=tuple((int(n), int(a), int(b)) for n, a, b in zip(*counts, strict=True)),
    )
