"""Whether contenders did the same job: their answers compared, before any of their times is believed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from tenfold.figures import Difference, paired_difference
from tenfold.figures.rows import checked_rows
from tenfold.tasks import ClassTask

__all__ = [
    "Agreement",
    "Answers",
    "Judge",
    "equally_accurate",
    "equally_answered",
    "equally_predicted",
    "seeds_interval",
]

_ROUNDED = 0.001
"""Share of the answers that rounded distances may change."""
_SUMS = 1e-9
"""Share of the largest prediction by which sums in another order may change them."""


@dataclass(frozen=True, eq=False)
class Answers:
    """
    What a contender answered.

    Parameters
    ----------
    by_seed : tuple of ndarray
        One array a run; runs differ in their seed, which counts up from the same number for every contender.
    true : ndarray or None
    rounded : bool
        It computes with rounding where others are exact.
    """

    by_seed: tuple[NDArray[Any], ...]
    true: NDArray[Any] | None = None
    rounded: bool = False


@dataclass(frozen=True)
class Agreement:
    """
    What came of comparing answers.

    Parameters
    ----------
    agrees : bool
    short, long : str
        For a table, and for a note under it ("" where there is nothing to add).
    """

    agrees: bool
    short: str
    long: str = ""


Judge = Callable[[Answers, Answers], Agreement]


def equally_answered(one: Answers, first: Answers) -> Agreement:
    """
    Ask for the same answers; of a rounded contender at most one in a thousand may differ, and they are counted.

    Examples
    --------
    >>> first = Answers((np.array([1, 2]),))
    >>> equally_answered(first, first).short, equally_answered(Answers((np.array([1, 3]),)), first)
    ('equal', Agreement(agrees=False, short='1 of 2 differ', long=''))
    """
    ours, theirs = one.by_seed[0], first.by_seed[0]
    if ours.shape != theirs.shape:
        return Agreement(False, f"shape {ours.shape}, not {theirs.shape}")
    differing = int((ours != theirs).sum())
    if not differing:
        return Agreement(True, "equal")
    allowed = one.rounded and differing <= _ROUNDED * ours.size
    return Agreement(allowed, f"{differing:,} of {ours.size:,} differ" + (" (rounded)" if allowed else ""))


def equally_predicted(one: Answers, first: Answers) -> Agreement:
    """
    Ask for the same numbers, but for the order in which sums are rounded: within a billionth of the largest.

    Examples
    --------
    >>> first = Answers((np.array([1.0, 2.0]),))
    >>> equally_predicted(Answers((np.array([1.0, 2.0 + 1e-12]),)), first).short
    'equal to 5e-13'
    >>> equally_predicted(Answers((np.array([1.0, 3.0]),)), first).agrees
    False
    """
    ours, theirs = one.by_seed[0], first.by_seed[0]
    if ours.shape != theirs.shape:
        return Agreement(False, f"shape {ours.shape}, not {theirs.shape}")
    apart = float(np.abs(ours - theirs).max() / np.abs(theirs).max())
    return Agreement(apart <= _SUMS, f"equal to {apart:.0e}" if apart <= _SUMS else f"{apart:.0e} apart")


def equally_accurate(one: Answers, first: Answers) -> Agreement:
    """
    Ask for an accuracy that is not below the first contender's.

    Two intervals of the difference are made: one over rows, paired, of the first seed; one over seeds, by Student's t
    with a common variance, where there are runs enough. What learns in a random order is below only if both say so.

    Raises
    ------
    ValueError
        The truth is missing.

    Examples
    --------
    >>> true = np.arange(300) % 3
    >>> good, bad = (Answers((called,), true) for called in (true, 0 * true))
    >>> equally_accurate(good, bad).agrees, equally_accurate(bad, good).agrees
    (True, False)
    """
    rows, accuracies = _over_rows(one, first), _accuracies(one)
    seeds = seeds_interval(accuracies, _accuracies(first))
    agrees = rows.high >= 0 or (seeds is not None and seeds.high >= 0)
    with_one = f"{_told(rows)}, {rows.interval}, on the same rows with one seed"
    if seeds is None or seeds.low == seeds.high:
        return Agreement(agrees, f"{accuracies[0]:.4f}, {_told(rows)}", f"accuracy {accuracies[0]:.4f}, {with_one}")
    mean, runs = float(np.mean(accuracies)), f"{len(one.by_seed)} seeds against {len(first.by_seed)}"
    long = f"mean accuracy {mean:.4f}, {_told(seeds)}, {seeds.interval}, {runs}; {with_one}"
    return Agreement(agrees, f"{mean:.4f}, {_told(seeds)}", long)


def seeds_interval(ours: Sequence[float], theirs: Sequence[float]) -> Difference | None:
    """
    Give the difference of two means over seeds with its 95 % interval; None where no variance can be told.

    One run on one side is enough: seeds are taken to change both alike.

    Examples
    --------
    >>> seeds_interval([0.9, 0.92], [0.8]) is None, seeds_interval([0.9], [0.8]) is None
    (False, True)
    """
    freedom = len(ours) + len(theirs) - 2
    if freedom < 1:
        return None
    # Beyond the first of each side: equal accuracies vary by nothing, and not by what a mean of them is rounded.
    beyond = [np.asarray(side) - side[0] for side in (ours, theirs)]
    squares = sum(float(((side - side.mean()) ** 2).sum()) for side in beyond)
    error = np.sqrt(squares / freedom * (1 / len(ours) + 1 / len(theirs)))
    value = float(ours[0] - theirs[0] + beyond[0].mean() - beyond[1].mean())
    half = float(student.ppf(0.975, freedom) * error)
    return Difference(value, value - half, value + half, "Student's t 95%")


def _over_rows(one: Answers, first: Answers) -> Difference:
    true = _true(one)
    classes = tuple(str(code) for code in range(max(2, int(true.max()) + 1)))
    binary = len(classes) == 2
    task = ClassTask(classes, positive=classes[1] if binary else None)
    ours, theirs = (
        checked_rows(task, true, side.by_seed[0].astype(np.int64), None, probabilities=False) for side in (one, first)
    )
    found = paired_difference(task, ours, theirs, "accuracy")
    if found is None:
        raise ValueError("there are no answers to compare")
    return found


def _accuracies(side: Answers) -> list[float]:
    return [float((called == _true(side)).mean()) for called in side.by_seed]


def _true(side: Answers) -> NDArray[np.int64]:
    if side.true is None:
        raise ValueError("accuracy needs the true answers")
    return np.asarray(side.true, np.int64)


def _told(found: Difference) -> str:
    value, low, high = (f"{100 * share:+.2f}" for share in (found.value, found.low, found.high))
    return f"{value} points ({low} to {high})"
