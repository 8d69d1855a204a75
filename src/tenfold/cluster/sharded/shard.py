"""A shard: some of the training rows, packed once for the search, with the labels they have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.cluster.sharded.nearest import NearestLabelled
from tenfold.cluster.sharded.part import FilePart, Part
from tenfold.data.dataset import Dataset
from tenfold.errors import DataError
from tenfold.models.neighbours.bounded_search import pruning_pays
from tenfold.models.neighbours.byte_search import as_bytes
from tenfold.models.neighbours.kd_tree import tree_bytes, tree_pays
from tenfold.models.neighbours.lower_bounds import SKETCH_BYTES
from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["Facts", "Room", "Shard", "opened_shard", "refuse_other_columns"]

Room = Callable[[int, str], None]
"""Told how many bytes more are needed, and by what; raises `LimitError` where they are not there."""


@dataclass(frozen=True)
class Facts:
    """
    What must be known of a shard to ask it.

    Parameters
    ----------
    rows, features : int
    columns : tuple of str
        Names of a table's columns; of images the shape as text; empty for arrays.
    classes : tuple of str
        Labels there are in a file, in order, that its codes count; empty for rows at hand.
    digest : str
        Of all of its rows and labels: a shard that is read again must be the same.
    bytes : int
        Of the rows as they are kept, without what is packed of them.
    """

    rows: int
    features: int
    columns: tuple[str, ...]
    classes: tuple[str, ...]
    digest: str
    bytes: int


@dataclass(frozen=True, eq=False)
class Shard:
    """
    Rows packed for the search.

    Parameters
    ----------
    search : NeighbourSearch
    codes : ndarray of int32, shape (n,)
    facts : Facts
    """

    search: NeighbourSearch
    codes: NDArray[np.int32]
    facts: Facts

    def nearest(self, Q: NDArray[Any], k: int, threads: int) -> NearestLabelled:
        """Find the k nearest rows, or all where there are fewer; rows are counted from 0 in this shard."""
        distances, rows = self.search.nearest(Q, min(k, len(self.codes)), threads)
        return NearestLabelled(distances, rows, self.codes[rows])


def opened_shard(part: Part, room: Room = lambda count, what: None) -> Shard:
    """
    Read a part and pack its rows.

    Parameters
    ----------
    part : FilePart or RowsPart
    room : callable
        Asked before memory is taken.

    Raises
    ------
    FileNotFoundError
        There is no such file here.
    DataError
        It cannot be used, or a value or a label is missing.
    LimitError
        Not enough memory.
    """
    if isinstance(part, FilePart):
        X, labels, columns = _read(part, room)
        classes, places = np.unique(labels.astype(str), return_inverse=True)
        named, codes = tuple(classes.tolist()), places.reshape(-1).astype(np.int32)
    else:
        X, codes, columns, named = part.X, part.codes, (), ()
    _refuse_missing(X, part)
    small = None if X.dtype == np.uint8 else as_bytes(X, 0)
    X = X if small is None else small
    outlined = SKETCH_BYTES * len(X) if pruning_pays(X, queries=len(X), k=1) else 0
    grown = tree_bytes(X) if tree_pays(X, queries=len(X)) else 0
    room(X.size * (1 if X.dtype == np.uint8 else 4) + outlined + grown, str(part))
    facts = Facts(len(X), X.shape[1], columns, named, _digest(X, codes, named), X.nbytes)
    return Shard(NeighbourSearch(X).prepare(), codes, facts)


def refuse_other_columns(parts: Sequence[Part], facts: Sequence[Facts]) -> None:
    """Raise `DataError` where a shard has other columns than the first."""
    first = facts[0]
    for part, one in zip(parts, facts, strict=True):
        if (one.features, one.columns) != (first.features, first.columns):
            raise DataError(
                f"{one.features:,} columns that are not those of {parts[0]} ({first.features:,})",
                where=str(part),
                do="give parts of one data set",
            )


def _read(part: FilePart, room: Room) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...]]:
    """Rows, labels as text, and the names of columns; rows that the file sets apart for testing are left out."""
    from tenfold.data.sources import load

    path = Path(part.path)
    if not path.exists():
        raise FileNotFoundError(part.path)
    room(path.stat().st_size if path.is_file() else 0, str(part))
    data = load(path, target=part.target)
    if data.official_test is not None:
        data = data.take(np.flatnonzero(~data.official_test))
    labels = data.labels
    if labels.ndim != 1:
        raise DataError("several targets a row", where=part.path, do="give one target column")
    if (missing := np.flatnonzero(labels == "")).size:
        raise DataError("its label is missing", where=part.path, row=int(missing[0]) + 1, do="drop the row or label it")
    X, columns = _rows_of(data, part)
    return X, labels, columns


def _rows_of(data: Dataset, part: FilePart) -> tuple[NDArray[Any], tuple[str, ...]]:
    if not isinstance(data.X, pd.DataFrame):
        return np.ascontiguousarray(data.X.reshape(len(data), -1)), (f"images of {data.image_shape}",)
    for name, column in data.X.items():
        if column.dtype == object:
            raise DataError(
                "holds text; distances need numbers", where=part.path, column=str(name), do="drop or encode it"
            )
    numbered = tuple(f"x{i}" for i in range(data.X.shape[1]))
    named = () if data.feature_names == numbered else data.feature_names
    return np.ascontiguousarray(data.X.to_numpy(np.float64)), named


def _refuse_missing(X: NDArray[Any], part: Part) -> None:
    if X.dtype.kind != "f" or np.isfinite(X.sum(dtype=np.float64)):
        return
    bad = np.argwhere(~np.isfinite(X))
    if len(bad):
        row, column = bad[0].tolist()
        what = f"a value is missing or infinite in data row {row + 1:,}, column {column + 1:,}"
        raise DataError(what, where=str(part), do="fill it or drop the row")


def _digest(X: NDArray[Any], codes: NDArray[Any], classes: tuple[str, ...]) -> str:
    digest = hashlib.blake2b(repr((X.shape, X.dtype.str, classes)).encode(), digest_size=16)
    digest.update(np.ascontiguousarray(X).data)
    digest.update(np.ascontiguousarray(codes).data)
    return digest.hexdigest()
