"""The source of a shard: rows in memory, or a file that the worker reads itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["FilePart", "Part", "RowsPart", "are_paths", "files_seen", "split_rows"]


@dataclass(frozen=True)
class FilePart:
    """
    A file, or a folder read as a whole.

    Parameters
    ----------
    path : str
        As seen by the machine that reads it.
    target : str, optional
        Column of the label in a table.
    """

    path: str
    target: str | None = None

    def __str__(self) -> str:
        return shown(self.path, 160)


@dataclass(frozen=True, eq=False)
class RowsPart:
    """
    Rows in memory, from row `first` of all.

    Parameters
    ----------
    first : int
    X : ndarray, shape (n, d)
    codes : ndarray of int32, shape (n,)
    """

    first: int
    X: NDArray[Any]
    codes: NDArray[np.int32]

    def __str__(self) -> str:
        return f"rows {self.first:,} to {self.first + len(self.X) - 1:,}"


Part = FilePart | RowsPart


def are_paths(X: Any) -> bool:
    """
    Return whether this is a list of paths rather than rows; a single path is a `UsageError`.

    Examples
    --------
    >>> are_paths(["a.npz", Path("b.npz")]), are_paths([[1.0], [2.0]])
    (True, False)
    """
    if isinstance(X, str | os.PathLike):
        raise UsageError("one path where a list of them belongs", where=str(X), do="give [path]")
    return isinstance(X, list | tuple) and len(X) > 0 and all(isinstance(one, str | os.PathLike) for one in X)


def split_rows(X: NDArray[Any], codes: NDArray[np.int32], shards: int) -> list[RowsPart]:
    """
    Split rows into so many parts of nearly equal size, none of them empty.

    Examples
    --------
    >>> [str(part) for part in split_rows(np.zeros((5, 1)), np.zeros(5, np.int32), 2)]
    ['rows 0 to 1', 'rows 2 to 4']
    """
    count = max(1, min(shards, len(X)))
    bounds = [len(X) * i // count for i in range(count + 1)]
    return [RowsPart(a, X[a:b], codes[a:b]) for a, b in pairwise(bounds)]


def files_seen(paths: Sequence[str]) -> list[list[str] | None]:
    """
    Return the files of each path on this machine: those of a folder of Parquet files, else the path itself.

    None for a path that does not exist here.

    Examples
    --------
    >>> files_seen(["/no/such/file.npz"])
    [None]
    """
    return [_files_of(Path(path)) for path in paths]


def _files_of(path: Path) -> list[str] | None:
    try:
        if not path.exists():
            return None
        return (
            sorted(str(one) for one in path.glob("*.parquet")) if path.is_dir() and _holds_tables(path) else [str(path)]
        )
    except OSError:
        return None


def _holds_tables(folder: Path) -> bool:
    return next(folder.glob("*.parquet"), None) is not None
