"""The labelled data, as they came from their source: what every later step reads and none changes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.text import printable

__all__ = ["HASH_KEYS", "Dataset", "Kind", "with_columns"]

Kind = Literal["image", "table", "mail"]

HASH_KEYS = ("tenfold:row:id:0", "tenfold:row:id:1")
"""Of the two hashes of 64 bits that are a row's content id."""


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """
    Labelled (or, for prediction, unlabelled) instances and where they came from.

    Parameters
    ----------
    name : str
        Short name: ``digits``, ``mnist``, or the stem of a file.
    kind : {"image", "table", "mail"}
        Decides the preparation and how instances are shown.
    X : ndarray of uint8, shape (n, height, width) or (n, height, width, 3), or DataFrame of n rows
        Images stay uint8; tables stay DataFrames with one column a feature: numbers as int64 or float64
        (NaN is missing), everything else as text (``object`` of str, None is missing).
    y : ndarray, shape (n,) of str, (n, k) of bool, (n, k) of number, or None
        Labels exactly as the text of the file (``01`` stays ``01``; an empty text is a missing label), one
        indicator column a label for multilabel, target numbers for multioutput, None where unlabelled.
    source : str
        Path or name the data were read from, for messages and provenance.
    target_names : tuple of str
        The name of each target column.
    groups : ndarray of str, shape (n,), optional
        Rows of one group never stand on both sides of a split.
    official_test : ndarray of bool, shape (n,), optional
        Rows that the source itself sets apart as its test part.
    rows : ndarray of int64, shape (n,), optional
        Position of each row in the source; counted from 0, all rows by default.
    files : ndarray of str, shape (n,), optional
        The file of each instance, where each has its own, as seen from the source.
    notes : tuple of str
        What the loader did that a reader must know, such as unreadable images skipped, by name.
    read_as_missing : tuple of (str, str, int, int)
        Words of a file that were read as no value, such as ``NA``: column, word, rows of the source that have it, and
        the first of them, counted from 0.

    Examples
    --------
    >>> data = Dataset("two", "table", pd.DataFrame({"a": [1.0, 2.0]}), np.array(["x", "y"], object), source="memory")
    >>> len(data), data.feature_names, data.take(np.array([1])).y.tolist()
    (2, ('a',), ['y'])
    """

    name: str
    kind: Kind
    X: NDArray[Any] | pd.DataFrame
    y: NDArray[Any] | None
    source: str
    target_names: tuple[str, ...] = ("label",)
    groups: NDArray[np.object_] | None = None
    official_test: NDArray[np.bool_] | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    files: NDArray[np.object_] | None = None
    notes: tuple[str, ...] = ()
    read_as_missing: tuple[tuple[str, str, int, int], ...] = ()

    def __post_init__(self) -> None:
        """Number the rows where the caller gave no positions."""
        if len(self.rows) != len(self.X):
            object.__setattr__(self, "rows", np.arange(len(self.X), dtype=np.int64))

    def __len__(self) -> int:
        return len(self.X)

    def __repr__(self) -> str:
        shape = " x ".join(map(str, self.image_shape)) if self.image_shape else f"{len(self.feature_names)} columns"
        labelled = "unlabelled" if self.y is None else f"labelled by {', '.join(self.target_names)}"
        return printable(f"<Dataset {self.name}: {len(self):,} of kind {self.kind}, {shape}, {labelled}>")

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The columns of a table; empty for images and mail."""
        return tuple(map(str, self.X.columns)) if isinstance(self.X, pd.DataFrame) else ()

    @property
    def image_shape(self) -> tuple[int, ...] | None:
        """Height and width in pixels (and 3 for colour) of an image; None for other kinds."""
        return tuple(map(int, self.X.shape[1:])) if self.kind == "image" else None

    @property
    def labels(self) -> NDArray[Any]:
        """The labels, for the steps that cannot do without them; raises ValueError where there are none."""
        if self.y is None:
            raise ValueError(f"{self.source} has no labels")
        return self.y

    @cached_property
    def ids(self) -> NDArray[np.str_]:
        """Content hash of each instance (128 bits, hex), shape (n,): equal for equal content, whatever the label."""
        if isinstance(self.X, pd.DataFrame):
            return _table_ids(self.X)
        rows = np.ascontiguousarray(self.X)
        return np.array([hashlib.blake2b(row, digest_size=16).hexdigest() for row in rows], dtype="<U32")

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the content: kind, names, shape, every instance and every label in order."""
        digest = hashlib.sha256(repr((self.kind, self.feature_names, self.image_shape, self.target_names)).encode())
        digest.update(np.ascontiguousarray(self.ids).tobytes())
        if self.y is not None:
            digest.update(_label_bytes(self.y))
        return digest.hexdigest()

    def take(self, rows: NDArray[np.integer[Any]] | slice) -> Dataset:
        """
        Give the instances at these positions (of this dataset); a slice shares memory, positions copy.

        Parameters
        ----------
        rows : ndarray of int, or slice
            Positions counted from 0 in this dataset.
        """
        X = self.X.iloc[rows] if isinstance(self.X, pd.DataFrame) else self.X[rows]

        def part(values: NDArray[Any] | None) -> NDArray[Any] | None:
            return None if values is None else values[rows]

        return replace(
            self,
            X=X,
            y=part(self.y),
            groups=part(self.groups),
            official_test=part(self.official_test),
            files=part(self.files),
            rows=self.rows[rows],
        )


def with_columns(table: pd.DataFrame, columns: Mapping[str, Any]) -> pd.DataFrame:
    """
    Give a copy of a table in which some columns are replaced; unlike those of `assign` they may have any name.

    Parameters
    ----------
    table : DataFrame of n rows
    columns : mapping of str to n values

    Examples
    --------
    >>> with_columns(pd.DataFrame({"self": [1]}), {"self": [2]})["self"].tolist()
    [2]
    """
    changed = table.copy(deep=False)
    for name, values in columns.items():
        changed[name] = values
    return changed


def _table_ids(table: pd.DataFrame) -> NDArray[np.str_]:
    """128 bits a row from two differently keyed 64-bit hashes, which pandas computes column by column."""
    halves = [pd.util.hash_pandas_object(table, index=False, hash_key=key).to_numpy() for key in HASH_KEYS]
    return np.array([f"{a:016x}{b:016x}" for a, b in zip(*halves, strict=True)], dtype="<U32")


def _label_bytes(y: NDArray[Any]) -> bytes:
    return "\x00".join(y).encode() if y.dtype == object else np.ascontiguousarray(y).tobytes()
