"""The labels, batch by batch: a code for each class, and the place of the first missing one."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tenfold.data.sources.tables.column_types import label_text
from tenfold.data.streamed.source import Piece
from tenfold.errors import DataError, UsageError
from tenfold.task import CLASS_LIMIT, Task, infer_task
from tenfold.text import shown

__all__ = ["LabelColumn", "refuse_streamed_quantities"]


class LabelColumn:
    """
    The target column of a table, updated batch by batch.

    Parameters
    ----------
    name : str
    drop : bool
        Whether rows without a label are left out.

    Attributes
    ----------
    values : dict of str to int
        Code of each label, in order of appearance.
    counts : Counter of int
        Rows of each code.
    missing : int
        Rows without a label.
    """

    def __init__(self, name: str, *, drop: bool) -> None:
        self.name, self.drop = name, drop
        self.values: dict[str, int] = {}
        self.counts: Counter[int] = Counter()
        self.missing = 0
        self._first_missing: tuple[Path, int] | None = None

    def codes(self, piece: Piece) -> tuple[NDArray[np.int16], NDArray[np.bool_] | None]:
        """
        Return the codes of the rows that are not dropped, and a mask of these rows, or None where that is all of them.

        Raises
        ------
        DataError, LimitError
            More different labels than a task has classes.
        """
        texts = label_text(pa.chunked_array([piece.rows.column(self.name)])).combine_chunks()
        encoded = texts.dictionary_encode()
        local = encoded.dictionary.to_pylist()
        places = encoded.indices.to_numpy(zero_copy_only=False)
        blank = np.array([not text.strip() for text in local], bool)
        dropped = np.array([self.drop and text == "" for text in local], bool)
        self._count_missing(piece, blank[places] & ~dropped[places], int(dropped[places].sum()))
        row_mask = ~dropped[places] if dropped.any() else None
        codes = np.array(
            [-1 if is_dropped else self._code(text) for text, is_dropped in zip(local, dropped, strict=True)], np.int16
        )
        self._refuse_too_many(piece)
        row_codes = codes[places] if row_mask is None else codes[places][row_mask]
        self.counts.update(dict(enumerate(np.bincount(row_codes, minlength=len(self.values)).tolist())))
        return row_codes, row_mask

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

    def _code(self, text: str) -> int:
        return self.values.setdefault(text, len(self.values))

    def _count_missing(self, piece: Piece, blank: NDArray[np.bool_], dropped: int) -> None:
        here = int(blank.sum())
        self.missing += here + dropped
        if here and self._first_missing is None:
            self._first_missing = (piece.part, piece.first + int(np.flatnonzero(blank)[0]) + 1)

    def _refuse_too_many(self, piece: Piece) -> None:
        if len(self.values) > CLASS_LIMIT:
            values = np.array(list(self.values), object)
            rows = piece.first + len(piece.rows)
            task = infer_task(values, target_names=(self.name,), source=str(piece.part), rows=rows)
            refuse_streamed_quantities(task, self.name, piece.part)


def refuse_streamed_quantities(task: Task, target: str, path: Path | str) -> None:
    """
    Refuse numbers to be predicted from a table that is streamed.

    Raises
    ------
    UsageError
    """
    if task.numeric:
        raise UsageError(
            f"'{shown(target, 40)}' is a quantity, and a streamed table is learnt for classes alone so far",
            where=path,
            do="give a part of the table that fits in memory, or a target of classes",
        )
