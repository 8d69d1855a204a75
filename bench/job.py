"""What is timed: a job, and the contenders that do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

if TYPE_CHECKING:
    from bench.agreement import Judge

__all__ = ["FIRST_NEIGHBOURS", "Contender", "Job", "Prepared", "Size"]


@dataclass(frozen=True)
class Size:
    """
    How much data a job gets.

    Parameters
    ----------
    rows : int
        To learn from.
    queries : int
        Further rows to answer, where the job has any.
    """

    rows: int
    queries: int


FIRST_NEIGHBOURS = Size(34_000, 6_000)
"""Enough for a search by outlines, even where some of the rows ask the others."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """
    A contender that holds its data and is ready to be timed.

    Parameters
    ----------
    work : callable
        What is timed, alone. Gets the seed of whatever is random in it.
    answers : callable
        Makes the answers of what `work` returned, untimed: an array that the contenders are compared by.
    true : ndarray or None
        What the answers should be, where contenders are compared by accuracy.
    """

    work: Callable[[int], Any]
    answers: Callable[[Any], NDArray[Any]]
    true: NDArray[Any] | None = None


@dataclass(frozen=True)
class Contender:
    """
    One way to do a job.

    Parameters
    ----------
    name : str
    prepare : callable
        Loads the data of a size in the process it runs in; a function at the top of a module, or a partial of one.
    needs : str or None
        Module without which it is left out.
    once : bool
        Takes minutes: it is timed once, unless more is asked for.
    rounded : bool
        It computes with rounding where others are exact: a few of its answers may differ.
    first : Size
        Of its first call: small, but enough to go the way that the full size goes.
    """

    name: str
    prepare: Callable[[Size], Prepared]
    needs: str | None = None
    once: bool = False
    rounded: bool = False
    first: Size = Size(1_000, 100)

    @property
    def there(self) -> bool:
        """Whether what it needs is installed."""
        return self.needs is None or find_spec(self.needs) is not None


@dataclass(frozen=True)
class Job:
    """
    One row of the comparison.

    Parameters
    ----------
    name : str
        For the command line.
    title, detail : str
        What it is called; what is timed, and on which terms. With ``{rows}`` and ``{queries}`` where numbers go.
    contenders : tuple of Contender
        The first is the one that ratios are taken to.
    judge : callable
        Compares the answers of a contender with those of the first.
    full, quick : Size
    least_runs : int
        Of every contender but the first: what learns in a random order is not judged by the luck of one seed.
    """

    name: str
    title: str
    detail: str
    contenders: tuple[Contender, ...]
    judge: Judge
    full: Size
    quick: Size
    least_runs: int = 1

    def worded(self, words: str, size: Size) -> str:
        """Give the title or the detail for a size."""
        return words.format(rows=f"{size.rows:,}", queries=f"{size.queries:,}")
