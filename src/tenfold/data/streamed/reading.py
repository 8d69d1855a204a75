"""The one reading of a table: checked batch by batch, and written to a row store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from tenfold.data.streamed.column_profile import Column, Kind, joined_kind, kind_of_type
from tenfold.data.streamed.label_column import LabelColumn, LabelRows
from tenfold.data.streamed.row_ids import content_ids, digest_of_ids, fingerprint_start
from tenfold.data.streamed.row_store import RowStore, RowStoreWriter
from tenfold.data.streamed.source import Piece, TableSource
from tenfold.errors import DataError
from tenfold.memory import give_back
from tenfold.regular_files import open_regular
from tenfold.task import Task

__all__ = ["BATCH_ROWS", "Reading", "read_table"]

BATCH_ROWS = 1 << 14
_TEXT_BYTES = 1 << 20
_NARROW = (pa.float32(), pa.float16(), pa.int8(), pa.int16(), pa.uint8(), pa.uint16())
"""Types whose every value float32 holds exactly."""


@dataclass(frozen=True, eq=False)
class Reading:
    """
    The result of reading a table.

    Parameters
    ----------
    store : RowStore
    columns : tuple of Column
        All features, including those that are not used.
    labels : LabelColumn
    task : Task
        Of these labels.
    fingerprint : str
        SHA-256 (hex) of the content, as `Dataset.fingerprint` gives it.
    """

    store: RowStore
    columns: tuple[Column, ...]
    labels: LabelColumn
    task: Task
    fingerprint: str


def read_table(
    source: TableSource,
    target: str,
    folder: Path,
    *,
    group: str | None = None,
    drop_unlabelled: bool = False,
    task: str | None = None,
    positive: str | None = None,
    batch_rows: int = BATCH_ROWS,
    tell: Callable[[int], None] = lambda rows: None,
) -> Reading:
    """
    Read a table from its first row to its last into a row store.

    If a column has another kind than its first rows or the types of the file say (gaps among whole numbers, text among
    numbers), or the target turns out to be a quantity only after some batches, the table is read a second time; there
    is never a third.

    Parameters
    ----------
    source : TableSource
    target : str
        Column of the labels.
    folder : Path
        Folder of the row store.
    group : str, optional
        A column that is no feature; rows are assigned to folds by its values instead of their content.
    drop_unlabelled : bool
        Whether rows without a label are left out.
    task, positive : str, optional
        The task that is asked for, and the class to detect.
    batch_rows : int
        Rows read at a time; only the memory depends on it.
    tell : callable
        Called with the number of rows of each batch once it is read.

    Raises
    ------
    DataError, LimitError
        Rows without a label, a label that is none of the task's, an infinite number, numbers with decimal commas, too
        many classes, a damaged file.
    """
    features = tuple(name for name in source.columns if name not in {target, group})
    kinds = _first_kinds(source, features)
    quantity: Task | None = None
    for _ in range(2):
        labels = LabelColumn(target, drop=drop_unlabelled, task=task, positive=positive, quantity=quantity)
        with RowStoreWriter(folder) as writer:
            reader = _Reader(source, labels, group, kinds, writer)
            for piece in source.pieces(batch_rows):
                reader.take(piece)
                tell(len(piece.rows))
        # Memory of the reading would add to that of the workers.
        pa.default_memory_pool().release_unused()
        give_back()
        if reader.fits:
            return reader.finish(folder)
        kinds = {
            name: joined_kind(kinds[name], column.values_kind or "empty") for name, column in reader.columns.items()
        }
        quantity = labels.quantity
    raise DataError("changed while it was read", where=source.path, do="run again when nobody writes it")


def _first_kinds(source: TableSource, features: tuple[str, ...]) -> dict[str, Kind]:
    if source.typed:
        types = dict(zip(source.columns, source.types, strict=True))
        return {name: kind_of_type(types[name], name in source.with_gaps) for name in features}
    columns = {name: Column(name, "empty", typed=False) for name in features}
    for piece in source.pieces(BATCH_ROWS):
        for name, column in columns.items():
            column.look(piece.rows.column(name))
        return {name: column.values_kind or "empty" for name, column in columns.items()}
    raise DataError("holds a header but no rows", where=source.path, do="give a file with data")


class _Reader:
    """One pass over all rows."""

    def __init__(
        self,
        source: TableSource,
        labels: LabelColumn,
        group: str | None,
        kinds: Mapping[str, Kind],
        writer: RowStoreWriter,
    ) -> None:
        self.source, self.labels, self.group, self.writer = source, labels, group, writer
        self.columns = {name: Column(name, kind, typed=source.typed) for name, kind in kinds.items()}
        self.fits, self.rows, self.position = True, 0, 0
        self.digest = fingerprint_start(list(kinds), labels.name)

    def take(self, piece: Piece) -> None:
        """Check some rows and write them; once a column does not fit, only update the kinds."""
        if not self.fits:
            self._look(piece)
            if self.labels.quantity is None:
                self.labels.take(piece)
            return
        were_codes = self.rows > 0 and self.labels.quantity is None
        labels = self.labels.take(piece)
        if were_codes and labels.numbers is not None:
            self.fits = False
            self._look(piece)
            return
        row_mask = labels.mask
        batch = piece.rows if row_mask is None else piece.rows.filter(pa.array(row_mask))
        features = self._features(piece, batch)
        if features is None:
            return
        numbers, codes, frame = features
        ids = content_ids(frame)
        positions = np.arange(self.position, self.position + len(piece.rows))
        self.position += len(piece.rows)
        self.rows += len(batch)
        digest_of_ids(self.digest, ids)
        keys = {} if self.group is None else {"keys": _group_keys(batch.column(self.group))}
        self._write_labels(labels)
        self.writer.write(
            numbers=_side_by_side(numbers, len(batch), self._number_type()),
            codes=_side_by_side(codes, len(batch), np.dtype(np.int32)),
            ids=ids,
            rows=positions if row_mask is None else positions[row_mask],
            **keys,
        )

    def _write_labels(self, labels: LabelRows) -> None:
        """Write codes, or numbers; beside these the texts, of which the fingerprint is made."""
        if labels.numbers is None or labels.texts is None:
            self.writer.write(labels=np.asarray(labels.codes, np.int16))
            return
        is_first = self.rows == len(labels.texts)
        octets = "".join(text if is_first and not place else "\x00" + text for place, text in enumerate(labels.texts))
        self.writer.write(targets=labels.numbers, texts=np.frombuffer(octets.encode(), np.uint8))

    def finish(self, folder: Path) -> Reading:
        """Complete the columns and the fingerprint, and return the result."""
        columns = tuple(self.columns.values())
        for column in columns:
            column.finish()
            if column.has_decimal_commas:
                raise DataError(
                    "its numbers are written with commas and would count as text",
                    where=self.source.path,
                    column=column.name,
                    do="save them plainly, with decimal points: 1234.5",
                )
        self.labels.refuse_missing(self.source.path, self.position)
        store = RowStore(
            folder,
            self.rows,
            tuple(column.name for column in columns if not column.is_text),
            tuple(column.name for column in columns if column.is_text),
            wide=self._number_type() == np.float64,
            values={column.name: tuple(column.values) for column in columns if column.is_text},
            labels=() if self.labels.quantity is not None else tuple(self.labels.values),
        )
        _digest_labels(self.digest, store)
        task = self.labels.infer(self.rows, self.source.path)
        return Reading(store, columns, self.labels, task, self.digest.hexdigest())

    def _features(
        self, piece: Piece, batch: pa.RecordBatch
    ) -> tuple[list[NDArray[Any]], list[NDArray[Any]], pd.DataFrame] | None:
        """Return numbers, codes and all features as a table; None where a column no longer fits its kind."""
        numbers, codes, table = [], [], {}
        for name, column in self.columns.items():
            if column.is_text:
                of_text, table[name] = column.texts(batch.column(name))
                codes.append(of_text)
                continue
            values = column.numbers(batch.column(name))
            if values is None:
                self.fits = False
                self._look(piece, after=name)
                return None
            _refuse_infinite(values, piece, name)
            numbers.append(values)
            table[name] = values
        return numbers, codes, pd.DataFrame(table, copy=False)

    def _look(self, piece: Piece, after: str | None = None) -> None:
        names = list(self.columns)
        for name in names[names.index(after) + 1 :] if after is not None else names:
            if not self.columns[name].is_text:
                self.columns[name].look(piece.rows.column(name))

    def _number_type(self) -> np.dtype[Any]:
        types = dict(zip(self.source.columns, self.source.types, strict=True))
        types_of_numbers = [types[name] for name, column in self.columns.items() if not column.is_text]
        narrow = self.source.typed and all(kind in _NARROW or pa.types.is_null(kind) for kind in types_of_numbers)
        return np.dtype(np.float32 if narrow else np.float64)


def _side_by_side(columns: list[NDArray[Any]], rows: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Stack columns as an array of shape (m, columns)."""
    table = np.empty((rows, len(columns)), kind)
    for place, values in enumerate(columns):
        table[:, place] = values
    return table


def _refuse_infinite(values: NDArray[Any], piece: Piece, name: str) -> None:
    if values.dtype != np.float64 or not np.isinf(values).any():
        return
    # Rows without a label may have been dropped, so the place is searched in the piece itself.
    whole = np.asarray(piece.rows.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False))
    row = piece.first + int(np.flatnonzero(np.isinf(whole))[0]) + 1
    raise DataError(
        f"data row {row:,} holds an infinite number",
        where=piece.part,
        column=name,
        do="replace it by a number or an empty cell",
    )


def _group_keys(column: pa.Array) -> NDArray[np.uint64]:
    """Return hashes of the values of the group column as text, shape (m,)."""
    texts = pd.Series(column.cast(pa.string()).to_pylist(), dtype=object)
    return pd.util.hash_array(texts.to_numpy(object))


def _digest_labels(digest: Any, store: RowStore) -> None:
    """Add all labels to the fingerprint, joined as `Dataset.fingerprint` joins them."""
    if not store.labels:
        with open_regular(store.path("texts"), within=store.folder) as file:
            while some := file.read(_TEXT_BYTES):
                digest.update(some)
        store.path("texts").unlink()
        return
    names = np.empty(len(store.labels), object)
    names[:] = store.labels
    first = True
    for block in store.blocks("labels"):
        text = "\x00".join(names[block["labels"]])
        digest.update((text if first else "\x00" + text).encode())
        first = False
