"""``neighbours.npz``: what a candidate of neighbours found while it was judged, so that nobody searches again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.folds.result import OutOfFold
from tenfold.record.reading import read_run_arrays
from tenfold.record.run import Run
from tenfold.storage import writing

__all__ = ["KeptNeighbours", "read_neighbours", "write_neighbours"]


@dataclass(frozen=True, eq=False)
class KeptNeighbours:
    """
    The nearest training rows of each training row, among those outside its fold.

    Parameters
    ----------
    candidate : str
        That found them: distances are between rows as it prepares them.
    rows : ndarray of int32, shape (n, k)
        Training positions, the nearest first.
    distances : ndarray of float32, shape (n, k)
    """

    candidate: str
    rows: NDArray[np.int32]
    distances: NDArray[np.float32]


def write_neighbours(path: Path, results: Mapping[str, OutOfFold], chosen: str) -> None:
    """Keep the neighbours of the chosen candidate, or of the first that has any; nothing where none has."""
    first = [chosen, *(name for name in results if name != chosen)]
    for name in first:
        nearest = results[name].nearest
        if nearest is not None:
            with writing(path) as draft, draft.open("wb") as file:
                np.savez(file, candidate=np.array(name), rows=nearest.rows, distances=nearest.distances)
            return


def read_neighbours(run: Run, n: int) -> KeptNeighbours | None:
    """
    Read the neighbours that a run has kept; None where none of its candidates looked for any.

    Parameters
    ----------
    run : Run
    n : int
        Training rows.

    Raises
    ------
    DataError
        The file is damaged.
    """
    path = run.folder.neighbours
    if not path.exists():
        return None
    arrays = read_run_arrays(path, run.path, "remove the file, or repeat the run")
    try:
        neighbours = KeptNeighbours(str(arrays["candidate"]), arrays["rows"], arrays["distances"])
    except KeyError as fault:
        raise DataError("damaged: it cannot be read", where=path, do="remove the file, or repeat the run") from fault
    rows = neighbours.rows
    whole = rows.ndim == 2 and len(rows) == n and rows.shape == neighbours.distances.shape and rows.dtype.kind in "iu"
    if not whole or (rows.size and not (rows.min() >= 0 and rows.max() < n)):
        raise DataError("damaged: rows that are not there", where=path, do="remove the file, or repeat the run")
    return neighbours
