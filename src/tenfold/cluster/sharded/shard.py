"""A shard: some of the training rows, packed once for the search, with their labels."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
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

__all__ = ["MemoryCheck", "Shard", "ShardProfile", "open_shard", "refuse_other_columns"]

MemoryCheck = Callable[[int, str], None]
"""Called with a number of bytes that are needed, and for what; raises `LimitError` where they are not available."""


@dataclass(frozen=True)
class ShardProfile:
    """
    The profile of a shard, without its rows.

    Parameters
    ----------
    rows, features : int
    columns : tuple of str
        Names of a table's columns; of images the shape as text; empty for arrays.
    classes : tuple of str
        Labels of a file, in the order of their codes; empty for rows in memory.
    digest : str
        Hash of all rows and labels: a shard that is read again must have the same.
    bytes : int
        Size of the rows, without their packed copies.
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
    profile : ShardProfile
    """

    search: NeighbourSearch
    codes: NDArray[np.int32]
    profile: ShardProfile

    def nearest(self, Q: NDArray[Any], k: int, threads: int) -> NearestLabelled:
        """Find the k nearest rows, or all where there are fewer; rows are counted from 0 within this shard."""
        distances, rows = self.search.nearest(Q, min(k, len(self.codes)), threads)
        return NearestLabelled(distances, rows, self.codes[rows])


def open_shard(part: Part, check_memory: MemoryCheck = lambda count, what: None) -> Shard:
    """
    Read a part and pack its rows.

    Parameters
    ----------
    part : FilePart or RowsPart
    check_memory : callable
        Called before memory is taken.

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
        X, labels, columns = _read_file(part, check_memory)
        classes, places = np.unique(labels.astype(str), return_inverse=True)
        names, codes = tuple(classes.tolist()), places.reshape(-1).astype(np.int32)
    else:
        X, codes, columns, names = part.X, part.codes, (), ()
    _refuse_missing(X, part)
    codes_of_bytes = None if X.dtype == np.uint8 else as_bytes(X, 0)
    X = X if codes_of_bytes is None else codes_of_bytes
    sketch_bytes = SKETCH_BYTES * len(X) if pruning_pays(X, queries=len(X), k=1) else 0
    tree_memory = tree_bytes(X) if tree_pays(X, queries=len(X)) else 0
    check_memory(X.size * (1 if X.dtype == np.uint8 else 4) + sketch_bytes + tree_memory, str(part))
    profile = ShardProfile(len(X), X.shape[1], columns, names, _digest(X, codes, names), X.nbytes)
    return Shard(NeighbourSearch(X).prepare(), codes, profile)


def refuse_other_columns(parts: Sequence[Part], profiles: Sequence[ShardProfile]) -> None:
    """Raise `DataError` where a shard has other columns than the first."""
    first = profiles[0]
    for part, one in zip(parts, profiles, strict=True):
        if (one.features, one.columns) != (first.features, first.columns):
            raise DataError(
                f"{one.features:,} columns that are not those of {parts[0]} ({first.features:,})",
                where=str(part),
                do="give parts of one data set",
            )


def _read_file(part: FilePart, check_memory: MemoryCheck) -> tuple[NDArray[Any], NDArray[Any], tuple[str, ...]]:
    """Return rows, labels as text and column names, without the official test rows of the file."""
    from tenfold.data.sources import load

    path = Path(part.path)
    if not path.exists():
        raise FileNotFoundError(part.path)
    check_memory(path.stat().st_size if path.is_file() else 0, str(part))
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
    table = data.table
    if table is None:
        return np.ascontiguousarray(data.traits.values(data.X)), (f"images of {data.image_shape}",)
    for name, column in table.items():
        if column.dtype == object:
            raise DataError(
                "holds text; distances need numbers", where=part.path, column=str(name), do="drop or encode it"
            )
    default_names = tuple(f"x{i}" for i in range(table.shape[1]))
    names = () if data.feature_names == default_names else data.feature_names
    return np.ascontiguousarray(table.to_numpy(np.float64)), names


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
