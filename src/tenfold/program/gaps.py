"""A row without a value where a program cannot do without."""

from __future__ import annotations

__all__ = ["GapError"]


class GapError(Exception):
    """
    A cell is empty, and nothing in the program fills it.

    Parameters
    ----------
    row : int
        Counted from 0, in what was given.
    column : str
    """

    def __init__(self, row: int, column: str) -> None:
        super().__init__(row, column)
        self.row, self.column = row, column
