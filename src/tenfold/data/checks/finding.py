"""One thing that is wrong with the data, where it is, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from tenfold.text import shown

__all__ = ["Finding", "Level", "first_rows", "gravest_first", "has_fatal", "row_list"]

Level = Literal["fatal", "warning", "note"]
_FIRST = 5


@dataclass(frozen=True)
class Finding:
    """
    What a check found.

    Parameters
    ----------
    level : {"fatal", "warning", "note"}
        Fatal: training would fail or mean nothing.
    code : str
        Stable name of the check, such as ``duplicates``.
    what : str
        One sentence; names from the data in it are escaped.
    rows : tuple of int
        Positions in the source, counted from 0: the first few of those concerned.
    count : int
        How many rows (or columns, for ``more-columns-than-rows``) are concerned.
    column : str or None
        Column concerned.
    do : str
        What to do, as an imperative sentence.

    Examples
    --------
    >>> Finding("warning", "constant", "column 'a' has one value in every row", do="drop it").sentence
    "column 'a' has one value in every row. Do: drop it."
    """

    level: Level
    code: str
    what: str
    rows: tuple[int, ...] = ()
    count: int = 0
    column: str | None = None
    do: str = ""

    @property
    def sentence(self) -> str:
        """The finding as one line, for a run's warnings and the terminal."""
        return f"{self.what}. Do: {self.do}." if self.do else f"{self.what}."


def has_fatal(findings: Iterable[Finding]) -> bool:
    """Return whether any of the findings makes training impossible."""
    return any(finding.level == "fatal" for finding in findings)


def first_rows(mask: NDArray[np.bool_], rows: NDArray[np.int64]) -> tuple[int, ...]:
    """Return the source positions of the first few rows where the mask holds."""
    return tuple(int(row) for row in rows[np.flatnonzero(mask)[:_FIRST]])


def row_list(rows: tuple[int, ...], count: int) -> str:
    """
    Name rows as a reader counts them: the first row of data is 1.

    Examples
    --------
    >>> row_list((0, 4), 7)
    'rows 1, 5 and 5 more'
    """
    listed = ", ".join(f"{row + 1:,}" for row in rows)
    more = f" and {count - len(rows):,} more" if count > len(rows) else ""
    return f"row{'s' if count != 1 else ''} {listed}{more}"


def quoted(name: Any) -> str:
    """A name from the data, short and harmless, in quotes."""
    return f"'{shown(name, 40)}'"


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by their level, of each level leaks first; others keep their order."""
    order = {"fatal": 0, "warning": 1, "note": 2}
    return tuple(sorted(findings, key=lambda finding: (order[finding.level], finding.code != "leak")))
