"""The target of a table, batch by batch: a code for each different label, or numbers where those are too many."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tenfold.data.sources.tables.column_types import label_text
from tenfold.data.streamed.source import Piece
from tenfold.errors import DataError
from tenfold.task import CLASS_LIMIT, Task, infer_task

__all__ = ["LabelColumn", "LabelRows"]


@dataclass(frozen=True, eq=False)
class LabelRows:
    """
    The labels of the rows of a batch that are not dropped.

    Parameters
    ----------
    codes : ndarray of int16, shape (m,), or None
        Code of each label; None once there are more than a task has classes.
    numbers : ndarray of float64, shape (m,), or None
        The values, once there are.
    texts : list of str, or None
        As they stand in the table, beside numbers.
    mask : ndarray of bool, or None
        Which rows of the batch these are, or None where that is all of them.
    """

    codes: NDArray[np.int16] | None
    numbers: NDArray[np.float64] | None
    texts: list[str] | None
    mask: NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class _Texts:
    """The different texts of a batch, the place of each row's among them, the first row of each, and which are none."""

    different: list[str]
    places: NDArray[np.int64]
    first: NDArray[np.int64]
    blank: NDArray[np.bool_]
    dropped: NDArray[np.bool_]


class LabelColumn:
    """
    The target column of a table, updated batch by batch.

    Parameters
    ----------
    name : str
    drop : bool
        Whether rows without a label are left out.
    task, positive : str, optional
        The task that is asked for, and the class to detect.
    quantity : Task, optional
        The task of predicting a number, where it is known from before.

    Attributes
    ----------
    values : dict of str to int
        Code of each label, in order of appearance.
    counts : Counter of int
        Rows of each code.
    missing : int
        Rows without a label.
    quantity : Task or None
        The task of predicting a number, once there are more labels than a task has classes.
    """

    def __init__(
        self,
        name: str,
        *,
        drop: bool,
        task: str | None = None,
        positive: str | None = None,
        quantity: Task | None = None,
    ) -> None:
        self.name, self.drop, self.task, self.positive = name, drop, task, positive
        self.values: dict[str, int] = {}
        self.counts: Counter[int] = Counter()
        self.missing = 0
        self.quantity = quantity
        self._first_rows: list[tuple[Path, int]] = []
        self._first_missing: tuple[Path, int] | None = None

    def take(self, piece: Piece) -> LabelRows:
        """
        Return the labels of the rows that are not dropped.

        Raises
        ------
        DataError, LimitError
            More different labels than a task has classes, and they are no numbers; the message names the row.
        """
        texts = self._texts(piece)
        self._count_missing(piece, texts)
        mask = ~texts.dropped[texts.places] if texts.dropped.any() else None
        places = texts.places if mask is None else texts.places[mask]
        if self.quantity is None:
            codes = np.array([self._code(texts, place, piece) for place in range(len(texts.different))], np.int64)
            if len(self.values) <= CLASS_LIMIT:
                row_codes = codes[places]
                self.counts.update(dict(enumerate(np.bincount(row_codes, minlength=len(self.values)).tolist())))
                return LabelRows(row_codes.astype(np.int16), None, None, mask)
            self.quantity = self.infer(piece.first + len(piece.rows), piece.part)
        numbers = self._numbers(texts, piece)
        return LabelRows(None, numbers[places], [texts.different[place] for place in places.tolist()], mask)

    def infer(self, rows: int, source: Path) -> Task:
        """
        Return the task of the labels so far.

        Parameters
        ----------
        rows : int
        source : Path
            For messages.

        Raises
        ------
        DataError, LimitError, UsageError
            There is none; where one label is to blame, the message names its row.
        """
        if self.quantity is not None:
            return self.quantity
        labels, names = np.array(list(self.values), object), (self.name,)
        try:
            return infer_task(
                labels, name=self.task, positive=self.positive, target_names=names, source=str(source), rows=rows
            )
        except DataError as fault:
            if fault.row is None:
                raise
            part, row = self._first_rows[fault.row - 1]
            raise DataError(fault.what, where=part, row=row, column=self.name, do=fault.do) from None

    def refuse_missing(self, path: Path, rows: int) -> None:
        """Refuse the table if rows without a label were not to be dropped."""
        if self._first_missing is None:
            return
        part, row = self._first_missing
        raise DataError(
            f"{self.missing:,} of {rows:,} rows have no label, the first is data row {row:,} of {part.name}",
            where=path,
            column=self.name,
            do="fill these labels, or leave such rows out with --drop-unlabelled",
        )

    def _texts(self, piece: Piece) -> _Texts:
        texts = label_text(pa.chunked_array([piece.rows.column(self.name)])).combine_chunks()
        encoded = texts.dictionary_encode()
        different = encoded.dictionary.to_pylist()
        places = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        first = np.empty(len(different), np.int64)
        first[places[::-1]] = np.arange(len(places))[::-1]
        blank = np.array([not text.strip() for text in different], bool)
        return _Texts(different, places, first, blank, np.array([self.drop and text == "" for text in different], bool))

    def _code(self, texts: _Texts, place: int, piece: Piece) -> int:
        text = texts.different[place]
        if texts.dropped[place]:
            return -1
        if text not in self.values:
            self.values[text] = len(self.values)
            self._first_rows.append(_row(texts, place, piece))
        return self.values[text]

    def _numbers(self, texts: _Texts, piece: Piece) -> NDArray[np.float64]:
        """Return the number that each different text is, NaN for a blank one."""
        numbers = np.full(len(texts.different), np.nan)
        known = np.flatnonzero(~texts.blank)
        if self.quantity is None or not len(known):
            return numbers
        try:
            numbers[known] = self.quantity.encode(np.array(texts.different, object)[known])
        except DataError as fault:
            part, row = _row(texts, int(known[(fault.row or 1) - 1]), piece)
            raise DataError(fault.what, where=part, row=row, column=self.name, do=fault.do) from None
        return numbers

    def _count_missing(self, piece: Piece, texts: _Texts) -> None:
        missing = texts.blank[texts.places]
        here = missing & ~texts.dropped[texts.places]
        self.missing += int(missing.sum())
        if here.any() and self._first_missing is None:
            self._first_missing = (piece.part, piece.first + int(np.flatnonzero(here)[0]) + 1)


def _row(texts: _Texts, place: int, piece: Piece) -> tuple[Path, int]:
    """Return part and row, counted from 1, where a text stands first in a batch."""
    return piece.part, piece.first + int(texts.first[place]) + 1
