"""Intervals that hold a given share of new values, from the errors of models that had not seen the rows."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = [
    "USUAL_COVERAGE",
    "Interval",
    "conformal_interval",
    "conformal_quantile",
    "conformal_ranks",
    "is_number",
    "read_interval",
    "refuse_few_rows",
    "rows_needed",
]

USUAL_COVERAGE = 0.9
"""Share of new values that an interval shall hold where none is asked for."""

Floats = NDArray[np.float64]
_FLAGS = {"scaled", "positive"}


@dataclass(frozen=True)
class Interval:
    """
    What is added to a prediction to get the ends of its interval.

    Parameters
    ----------
    coverage : float
        Share of new values, in (0, 1), that it is to hold.
    below, above : tuple of float
        For each target, in its unit; usually ``below`` is negative.
    scaled : bool
        They are multiplied by the difficulty of a row, which its model predicts.
    positive : bool
        No value is below 0, so that no interval reaches below it either.

    Examples
    --------
    >>> Interval(0.9, (-2.0,), (3.0,)).ends(np.array([10.0, 20.0])).tolist()
    [[8.0, 13.0], [18.0, 23.0]]
    """

    coverage: float
    below: tuple[float, ...]
    above: tuple[float, ...]
    scaled: bool = False
    positive: bool = False

    def ends(self, predicted: Floats, difficulty: Floats | None = None) -> Floats:
        """
        Return the lower and the upper end of each row.

        Parameters
        ----------
        predicted : ndarray of float64, shape (n,), of several targets (n, k)
        difficulty : ndarray of float64 of the same shape, optional
            Above 0; 1 by default.

        Returns
        -------
        ndarray of float64, shape (n, 2), of several targets (n, 2 * k)
            All lower ends, then all upper ones.
        """
        columns = predicted.reshape(len(predicted), -1)
        times = np.ones(columns.shape) if difficulty is None else difficulty.reshape(columns.shape)
        low, high = columns + times * np.array(self.below), columns + times * np.array(self.above)
        # A prediction below 0 stays inside its own interval.
        low = np.maximum(low, np.minimum(columns, 0.0)) if self.positive else low
        return np.hstack([low, np.maximum(low, high)])


def rows_needed(coverage: float) -> int:
    """
    Return the fewest errors from which an interval of this coverage follows.

    Examples
    --------
    >>> rows_needed(0.9), rows_needed(0.95)
    (19, 39)
    """
    tail = (1 - coverage) / 2
    return math.ceil((1 - tail) / tail - 1e-9)


def conformal_ranks(n: int, coverage: float) -> tuple[int, int]:
    """
    Return the ranks, from 0, of the errors among n between which a new one lies with this probability or more.

    Examples
    --------
    >>> conformal_ranks(19, 0.9), conformal_ranks(1000, 0.9)
    ((0, 18), (49, 950))
    """
    place = _place(n, 1 - (1 - coverage) / 2)
    return n - place, place - 1


def _place(n: int, share: float) -> int:
    return math.ceil((n + 1) * share - 1e-9)


def refuse_few_rows(n: int, coverage: float) -> None:
    """
    Refuse an interval that so many errors do not give.

    Raises
    ------
    UsageError
    """
    if n < rows_needed(coverage):
        raise UsageError(
            f"coverage>={coverage:.12g} needs at least {rows_needed(coverage)} rows, {n} were judged",
            do="add rows, or ask for less coverage",
        )


def conformal_quantile(errors: Floats, share: float) -> float:
    """
    Return the least of some errors that a new one, exchangeable with them, is at most with this probability or more.

    The ``ceil((n + 1) * share)``-th smallest of n: Vovk, Gammerman and Shafer (2005), Algorithmic Learning in a Random
    World, section 2.2.

    Parameters
    ----------
    errors : ndarray of float64, shape (n,)
    share : float
        In (0, 1).

    Raises
    ------
    ValueError
        There are too few errors for such a share.

    Examples
    --------
    >>> conformal_quantile(np.arange(1.0, 20.0), 0.95)
    19.0
    """
    place = _place(len(errors), share)
    if place > len(errors):
        raise ValueError(f"{len(errors)} errors are too few for a share of {share}")
    return float(np.partition(errors, place - 1)[place - 1])


def conformal_interval(y: Floats, predicted: Floats, coverage: float, difficulty: Floats | None = None) -> Interval:
    """
    Return an interval around predictions from the errors of rows that the models had not seen.

    Half of what may lie outside is left on either side, so that it need not be symmetric. New rows of the same kind
    lie inside with the probability asked for, as far as the model fitted on all rows errs like those of the folds:
    Barber, Candès, Ramdas and Tibshirani (2021), Predictive inference with the jackknife+, Annals of Statistics 49:486,
    section 1, who call it cross-validated conformal.

    Parameters
    ----------
    y, predicted : ndarray of float64, shape (n,), of several targets (n, k)
        Finite.
    coverage : float
        In (0, 1).
    difficulty : ndarray of float64 of the same shape, optional
        Above 0; errors are measured in it, and intervals are as much wider where it is larger.

    Returns
    -------
    Interval
        Of several targets each holds its own value with that probability.

    Raises
    ------
    UsageError
        There are too few rows.

    Examples
    --------
    >>> y = np.arange(1.0, 20.0)
    >>> conformal_interval(y, np.full(19, 10.0), 0.9)
    Interval(coverage=0.9, below=(-9.0,), above=(9.0,), scaled=False, positive=True)
    """
    errors = (y - predicted).reshape(len(y), -1)
    errors = errors if difficulty is None else errors / difficulty.reshape(errors.shape)
    refuse_few_rows(len(errors), coverage)
    share = 1 - (1 - coverage) / 2
    columns = errors.T
    below = tuple(-conformal_quantile(-column, share) for column in columns)
    above = tuple(conformal_quantile(column, share) for column in columns)
    return Interval(coverage, below, above, scaled=difficulty is not None, positive=bool((y >= 0).all()))


def read_interval(plain: Any, fail: type[Exception] = ValueError) -> Interval:
    """
    Read what ``dataclasses.asdict`` gives of an interval.

    Raises
    ------
    ValueError
        It is none; or the exception given.
    """
    if not isinstance(plain, Mapping) or set(plain) - _FLAGS != {"coverage", "below", "above"}:
        raise fail("an interval must have exactly the keys above, below, coverage, positive, scaled")
    flags = {name: plain.get(name, False) for name in _FLAGS}
    if odd := sorted(name for name, value in flags.items() if type(value) is not bool):
        raise fail(f"an interval's {odd[0]} cannot be {shown(plain[odd[0]])}")
    coverage, ends = plain["coverage"], (plain["below"], plain["above"])
    if not is_number(coverage) or not 0 < coverage < 1:
        raise fail(f"an interval's coverage cannot be {shown(coverage)}")
    if not all(isinstance(end, list | tuple) and end and all(map(is_number, end)) for end in ends):
        raise fail("an interval's ends must be lists of numbers")
    below, above = (tuple(map(float, end)) for end in ends)
    if len(below) != len(above) or any(low > high for low, high in zip(below, above, strict=True)):
        raise fail("an interval's lower end must not be above the upper one")
    return Interval(float(coverage), below, above, **flags)


def is_number(value: Any) -> bool:
    """
    Whether a value of a JSON file is a number that a float can hold.

    Examples
    --------
    >>> is_number(1), is_number(True), is_number(float("nan")), is_number(10**400)
    (True, False, False, False)
    """
    # The bound keeps out NaN and infinity too, and whole numbers too large for a float.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max
