"""Cells that a program cannot do with: empty ones that nothing fills, and categories that it does not know."""

from __future__ import annotations

from typing import Self

__all__ = ["CellError", "GapError", "UnknownCategoryError"]


class CellError(Exception):
    """
    A cell of a table for which a program has no prediction.

    Parameters
    ----------
    row : int
        Counted from 0, in what was given.
    column : str
    """

    def __init__(self, row: int, column: str) -> None:
        super().__init__(row, column)
        self.row, self.column = row, column

    def after(self, rows: int) -> Self:
        """Return the same error, counted from as many rows before."""
        return type(self)(rows + self.row, self.column)


class GapError(CellError):
    """A cell is empty, and nothing in the program fills it; see `CellError`."""


class UnknownCategoryError(CellError):
    """
    A cell holds a category that was not in the training rows, and the encoder knows no way with such; see `CellError`.

    Parameters
    ----------
    row : int
    column : str
    category : object
        A text, a number, or None.
    """

    def __init__(self, row: int, column: str, category: object) -> None:
        super().__init__(row, column)
        self.category = category

    def after(self, rows: int) -> Self:
        """Return the same error, counted from as many rows before."""
        return type(self)(rows + self.row, self.column, self.category)
