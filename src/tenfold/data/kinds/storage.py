"""How instances are written for worker processes, and opened there: arrays by memory map, tables as Parquet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.regular_files import open_regular
from tenfold.storage import writing

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ARRAY", "SPARSE", "STORED_FILES", "TABLE", "TERM_FILES", "Storage", "read_array", "write_array"]


@dataclass(frozen=True)
class Storage:
    """
    A form in which X is stored in a folder.

    Parameters
    ----------
    files : tuple of str
        Names of the files that are written there; of those in `STORED_FILES`, which alone are sent to other machines.
    write : callable
        From the folder and X.
    open : callable
        From the folder to X.
    """

    files: tuple[str, ...]
    write: Callable[[Path, Any], None]
    open: Callable[[Path], Any]


def write_array(folder: Path, name: str, values: NDArray[Any]) -> None:
    """Write an array as ``name.npy``, whole or not at all."""
    with writing(folder / f"{name}.npy") as draft, draft.open("wb") as file:
        np.save(file, values, allow_pickle=False)


def read_array(folder: Path, name: str) -> NDArray[Any]:
    """Read ``name.npy`` into memory."""
    with open_regular(folder / f"{name}.npy", within=folder) as file:
        return np.asarray(np.load(file, allow_pickle=False))


def _mapped_array(folder: Path, name: str) -> NDArray[Any]:
    """Read an array by memory map, which outlives the opened file."""
    with open_regular(folder / f"{name}.npy", within=folder) as file:
        npy.read_magic(file)
        shape, fortran, dtype = npy.read_array_header_1_0(file)
        if dtype.hasobject or fortran:
            raise DataError("is no plain array", where=folder / f"{name}.npy", do="delete the run folder to start anew")
        # an empty file cannot be mapped
        return np.memmap(file, dtype, "r", file.tell(), shape) if 0 not in shape else np.empty(shape, dtype)


def _write_table(folder: Path, table: pd.DataFrame) -> None:
    with writing(folder / "X.parquet") as draft:
        table.to_parquet(draft, index=False)


def _open_table(folder: Path) -> pd.DataFrame:
    """Give text columns back the dtype that loaders give them: ``object`` with None for missing."""
    # Only here: whoever stores images need not load pandas.
    import pandas as pd

    with open_regular(folder / "X.parquet", within=folder) as file:
        table = pd.read_parquet(file)
    for name in [str(name) for name in table if not pd.api.types.is_numeric_dtype(table[name])]:
        table[name] = table[name].astype(object).where(table[name].notna(), None)
    return table


_SPARSE_PARTS = ("data", "indices", "indptr")


def _write_sparse(folder: Path, X: Any) -> None:
    for part in _SPARSE_PARTS:
        write_array(folder, f"X.{part}", getattr(X, part))
    write_array(folder, "X.shape", np.array(X.shape, np.int64))


def _open_sparse(folder: Path) -> Any:
    from scipy.sparse import csr_matrix

    parts = tuple(_mapped_array(folder, f"X.{part}") for part in _SPARSE_PARTS)
    return csr_matrix(parts, shape=tuple(read_array(folder, "X.shape").tolist()), copy=False)


ARRAY = Storage(("X.npy",), lambda folder, X: write_array(folder, "X", X), lambda folder: _mapped_array(folder, "X"))
"""A plain array, shape (n, ...), opened by memory map."""

TABLE = Storage(("X.parquet",), _write_table, _open_table)
"""A DataFrame of numbers and text."""

SPARSE = Storage((*(f"X.{part}.npy" for part in _SPARSE_PARTS), "X.shape.npy"), _write_sparse, _open_sparse)
"""A scipy CSR matrix, shape (n, d), its three arrays opened by memory map."""

TERM_FILES = ("X.terms.bin", "X.counts.bin", "X.ends.npy", "X.rows.npy")
"""Terms of messages that are too many for memory."""

STORED_FILES = (*ARRAY.files, *TABLE.files, *SPARSE.files, *TERM_FILES)
