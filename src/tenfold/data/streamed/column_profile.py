"""One column as it streams by: its kind, its values, and what must be known of it at the end."""

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
"""Different texts of a column that are told apart; a column of more is like an id, and is not used."""

_ORDER: tuple[Kind, ...] = ("empty", "integer", "float", "text")


def joined_kind(one: Kind, other: Kind) -> Kind:
    """
    Give the kind that holds the values of both.

    Examples
    --------
    >>> joined_kind("integer", "text"), joined_kind("integer", "empty"), joined_kind("empty", "text")
    ('text', 'float', 'text')
    """
    if {one, other} == {"integer", "empty"}:
        return "float"  # whole numbers with gaps
    return max(one, other, key=_ORDER.index)


def kind_of_type(kind: pa.DataType, gaps: bool) -> Kind:
    """Give the kind that a column of this type begins as."""
    if pa.types.is_null(kind):
        return "empty"
    if pa.types.is_integer(kind):
        return "float" if gaps else "integer"
    return "float" if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else "text"


class Column:
    """
    A feature as it streams by.

    Parameters
    ----------
    name : str
    kind : Kind
        That its values have, as far as is known.
    typed : bool
        The file says what it holds; else it is text of a CSV file.

    Attributes
    ----------
    values : dict of str to int
        Code of each text, in order of appearance.
    first_texts : tuple of str
        Some of them, of a column that overflows.
    missing, rows : int
    overflows : bool
        It has more texts than are told apart, so that none is kept.
    has_decimal_commas : bool
        All of its values are numbers written with commas; known after `finish`.
    seen : Kind
        What the values were so far: another than `kind` and the reading must begin again.
    """

    def __init__(self, name: str, kind: Kind, *, typed: bool) -> None:
        self.name, self.kind, self.typed = name, kind, typed
        self.seen: Kind | None = None
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
        """Whether it is kept as codes."""
        return self.kind == "text"

    def look(self, column: pa.Array) -> None:
        """Only take notice of what kind the values have."""
        chunked = pa.chunked_array([column])
        values = from_arrow(chunked) if self.typed else from_text(chunked)
        self._see(self._kind_of(values, chunked))

    def numbers(self, column: pa.Array) -> NDArray[Any] | None:
        """Give int64 or float64 of shape (m,), NaN where missing; None where the kind no longer fits."""
        chunked = pa.chunked_array([column])
        found = from_arrow(chunked) if self.typed else from_text(chunked)
        self._see(self._kind_of(found, chunked))
        if self.seen != self.kind and not (self.kind == "float" and self.seen in {"integer", "empty"}):
            return None
        if found.dtype == object:
            found = np.full(len(found), np.nan)
        values = found if self.kind == "integer" else found.astype(np.float64, copy=False)
        self._remember(values)
        return values

    def texts(self, column: pa.Array) -> tuple[NDArray[np.int32], Any]:
        """Give the codes, -1 where missing, and the same values as pandas has them."""
        self.seen = "text"
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
        """Look once more at what was kept: all rows have been seen."""
        if self.is_text and not self.typed and self.values:
            self.has_decimal_commas = has_decimal_commas(pa.chunked_array([list(self.values)]))

    def _codes_of(self, texts: list[str]) -> NDArray[np.int64]:
        """Codes of texts, new ones numbered as they come; of a column with too many no text is new any more."""
        known = self.values
        for text in texts if not self.overflows else ():
            known.setdefault(text, len(known))
        if len(known) > MOST_VALUES:
            self.finish()
            self.overflows = True
            self.first_texts = tuple(islice(known, _SAMPLED))
            known.clear()
        return np.array([known.get(text, -1) for text in texts], np.int64)

    def _kind_of(self, values: NDArray[Any], column: pa.ChunkedArray) -> Kind:
        if values.dtype == object:
            return "empty" if column.null_count == len(column) or all(v is None for v in values) else "text"
        if values.dtype == np.int64:
            return "integer"
        return "empty" if self.typed and column.null_count == len(column) else "float"

    def _see(self, kind: Kind) -> None:
        self.seen = kind if self.seen is None else joined_kind(self.seen, kind)

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
