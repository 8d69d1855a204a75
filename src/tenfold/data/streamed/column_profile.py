"""The profile of one column, batch by batch: its kind, its values and their range."""

from __future__ import annotations

from itertools import islice
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tenfold.data.sources.tables.column_types import from_arrow, from_text, has_decimal_commas, present_text
from tenfold.data.streamed.distinct import DistinctSample

__all__ = ["MOST_VALUES", "Column", "Kind", "joined_kind", "kind_of_type"]

Kind = Literal["empty", "integer", "float", "text"]
MOST_VALUES = 100_000
"""Distinct texts of a column that are kept; a column with more is treated as an id, and is not used."""

_ORDER: tuple[Kind, ...] = ("empty", "integer", "float", "text")


def joined_kind(one: Kind, other: Kind) -> Kind:
    """
    Return the kind that holds the values of both.

    Examples
    --------
    >>> joined_kind("integer", "text"), joined_kind("integer", "empty"), joined_kind("empty", "text")
    ('text', 'float', 'text')
    """
    if {one, other} == {"integer", "empty"}:
        return "float"  # whole numbers with gaps
    return max(one, other, key=_ORDER.index)


def kind_of_type(kind: pa.DataType, gaps: bool) -> Kind:
    """Return the kind with which a column of this type begins."""
    if pa.types.is_null(kind):
        return "empty"
    if pa.types.is_integer(kind):
        return "float" if gaps else "integer"
    return "float" if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else "text"


class Column:
    """
    A feature, updated batch by batch.

    Parameters
    ----------
    name : str
    kind : Kind
        Kind of its values, as far as is known.
    typed : bool
        Whether the file has a type for it; else it is text of a CSV file.

    Attributes
    ----------
    values : dict of str to int
        Code of each text, in order of appearance.
    first_texts : tuple of str
        Some of the texts of a column that overflows.
    missing, rows : int
    overflows : bool
        Whether it has more than `MOST_VALUES` texts, of which then none is kept.
    has_decimal_commas : bool
        Whether all of its values are numbers written with commas; set by `finish`.
    values_kind : Kind or None
        Kind of the values so far: if it is not `kind`, the table must be read again.
    """

    def __init__(self, name: str, kind: Kind, *, typed: bool) -> None:
        self.name, self.kind, self.typed = name, kind, typed
        self.values_kind: Kind | None = None
        self.values: dict[str, int] = {}
        self.first_texts: tuple[str, ...] = ()
        self.missing = self.rows = 0
        self.overflows = self.has_decimal_commas = False
        self.first: Any = None
        self.constant = self.rising = self.falling = True
        self.low, self.high, self._last = np.inf, -np.inf, np.nan
        self.distinct = DistinctSample()

    @property
    def is_text(self) -> bool:
        """Whether it is stored as codes."""
        return self.kind == "text"

    def look(self, column: pa.Array) -> None:
        """Update the kind of the values alone."""
        chunked = pa.chunked_array([column])
        values = from_arrow(chunked) if self.typed else from_text(chunked)
        self._see(self._kind_of(values, chunked))

    def numbers(self, column: pa.Array) -> NDArray[Any] | None:
        """Return int64 or float64 of shape (m,), NaN where missing; None where the kind no longer fits."""
        chunked = pa.chunked_array([column])
        typed_values = from_arrow(chunked) if self.typed else from_text(chunked)
        self._see(self._kind_of(typed_values, chunked))
        if self.values_kind != self.kind and not (self.kind == "float" and self.values_kind in {"integer", "empty"}):
            return None
        if typed_values.dtype == object:
            typed_values = np.full(len(typed_values), np.nan)
        values = typed_values if self.kind == "integer" else typed_values.astype(np.float64, copy=False)
        self._remember(values)
        return values

    def texts(self, column: pa.Array) -> tuple[NDArray[np.int32], Any]:
        """Return int32 codes of shape (m,), -1 where missing, and the values as a pandas categorical."""
        self.values_kind = "text"
        encoded = present_text(pa.chunked_array([column]), typed=self.typed).combine_chunks().dictionary_encode()
        local = encoded.dictionary.to_pylist()
        places = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
        categories = np.empty(len(local), object)
        categories[:] = local
        codes = np.append(self._codes_of(local), -1).astype(np.int32)
        self.rows += len(places)
        self.missing += int(encoded.null_count)
        self.constant &= len(self.values) <= 1 and not self.overflows and not (self.missing and self.values)
        return codes[places], pd.Categorical.from_codes(places, categories=pd.Index(categories))

    @property
    def looks_like_an_id(self) -> bool:
        """Text of too many values, or whole numbers that never repeat and fill their range as a counter does."""
        if self.is_text:
            return self.overflows or (len(self.values) == self.rows and self.rows > _SHORT)
        return (
            self.kind == "integer"
            and self.rows > _SHORT
            and self.distinct.all_differ
            and bool(self.high - self.low + 1 <= 2 * self.rows)
        )

    def finish(self) -> None:
        """Complete the profile after the last batch."""
        if self.is_text and not self.typed and self.values:
            self.has_decimal_commas = has_decimal_commas(pa.chunked_array([list(self.values)]))

    def _codes_of(self, texts: list[str]) -> NDArray[np.int64]:
        """Return codes of texts, numbering new ones in order of appearance; -1 for all once the column overflows."""
        code_of_text = self.values
        for text in texts if not self.overflows else ():
            code_of_text.setdefault(text, len(code_of_text))
        if len(code_of_text) > MOST_VALUES:
            self.finish()
            self.overflows = True
            self.first_texts = tuple(islice(code_of_text, _SAMPLED))
            code_of_text.clear()
        return np.array([code_of_text.get(text, -1) for text in texts], np.int64)

    def _kind_of(self, values: NDArray[Any], column: pa.ChunkedArray) -> Kind:
        if values.dtype == object:
            return "empty" if column.null_count == len(column) or all(v is None for v in values) else "text"
        if values.dtype == np.int64:
            return "integer"
        return "empty" if self.typed and column.null_count == len(column) else "float"

    def _see(self, kind: Kind) -> None:
        self.values_kind = kind if self.values_kind is None else joined_kind(self.values_kind, kind)

    def _remember(self, values: NDArray[Any]) -> None:
        present = values if self.kind == "integer" else values[~np.isnan(values)]
        self.missing += len(values) - len(present)
        self.rows += len(values)
        if not len(present):
            return
        if self.first is None:
            self.first = present[0]
        low, high = present.min(), present.max()
        self.low, self.high = min(self.low, low), max(self.high, high)
        self.constant &= self.low == self.high and not self.missing
        if self.kind == "integer":
            self._order(present)
            self.distinct.add(present)

    def _order(self, present: NDArray[Any]) -> None:
        if not (self.rising or self.falling):
            return
        steps = np.diff(present)
        before = self._last if np.isfinite(self._last) else None
        self.rising &= bool((steps > 0).all()) and (before is None or present[0] > before)
        self.falling &= bool((steps < 0).all()) and (before is None or present[0] < before)
        self._last = float(present[-1])


_SHORT, _SAMPLED = 8, 1_000
