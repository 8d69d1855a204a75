"""Rows for which a program has no prediction."""

from __future__ import annotations

__all__ = ["GapError", "NotFiniteError", "RowError", "UnknownCategoryError"]


class RowError(Exception):
    """
    There is no prediction for a row.

    Parameters
    ----------
    row : int
        Counted from 0, in what was given.
    """

    row: int


class GapError(RowError):
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


class NotFiniteError(RowError):
    """
    A score of a row is no finite number: its values, or the weights of the model, are so large that a sum overflows.

    Parameters
    ----------
    row : int
        Counted from 0, in what was given.
    """

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class UnknownCategoryError(RowError):
    """
    A cell holds a category that was not in the training rows, and the encoder was made to refuse such.

    Parameters
    ----------
    row : int
        Counted from 0, in what was given.
    column : str
    category : object
        A text, a number, or None.
    """

    def __init__(self, row: int, column: str, category: object) -> None:
        super().__init__(row, column, category)
        self.row, self.column, self.category = row, column, category
