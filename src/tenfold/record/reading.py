"""Whether the files of a run folder can be what they claim to be: what is damaged is named before anything is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from tenfold.data.sources.npz import read_npz
from tenfold.errors import DataError
from tenfold.regular_files import open_regular, read_regular_json
from tenfold.storage import storage_faults

__all__ = ["SCHEMA", "read_run_arrays", "read_run_json"]

SCHEMA = 1
_AGAIN = "repeat the run"


def read_run_json(path: Path) -> dict[str, Any]:
    """
    Read a JSON file of a run: an object with a schema number that this version knows.

    Raises
    ------
    DataError
        The file is damaged, or written by a newer Tenfold.
    """
    with storage_faults(path):
        content = read_regular_json(path, within=path.parent, do=_AGAIN)
    if not isinstance(content, dict):
        raise DataError("damaged: not a JSON object", where=path, do=_AGAIN)
    schema = content.get("schema")
    if not isinstance(schema, int):
        raise DataError("damaged: no schema number", where=path, do=_AGAIN)
    if schema > SCHEMA:
        newer = f"written by a newer Tenfold (schema {schema}, known: {SCHEMA})"
        raise DataError(newer, where=path, do="update Tenfold, or repeat the run with this one")
    return content


def read_run_arrays(path: Path, folder: Path, do: str = _AGAIN) -> dict[str, NDArray[Any]]:
    """
    Read an ``.npz`` file of a run, by name of the array.

    Raises
    ------
    DataError
        Damaged, no regular file, or outside of the run's folder.
    """
    with storage_faults(path), open_regular(path, within=folder):
        try:
            return read_npz(path, within=folder)
        except DataError as fault:
            raise DataError("damaged: it cannot be read", where=path, do=do) from fault
