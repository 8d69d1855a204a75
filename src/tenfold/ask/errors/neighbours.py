"""The nearest training rows of instances: what the model that judged them could have learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.neighbours import Neighbours, nearest_outside_fold
from tenfold.ask.errors.errors import Errors
from tenfold.data.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.record.neighbours import read_neighbours
from tenfold.text import shown

__all__ = ["neighbour_columns", "neighbour_words", "neighbours_of"]


def neighbours_of(found: Errors, instances: Dataset, positions: NDArray[np.int64], k: int) -> Neighbours:
    """
    Find the `k` nearest training rows of some instances, among those outside their fold.

    Those that a candidate of neighbours found while it was judged are taken as they are.

    Parameters
    ----------
    found : Errors
        Out of fold.
    instances : Dataset
        The rows of `found`.
    positions : ndarray of int64, shape (m,)
    k : int

    Raises
    ------
    UsageError
        The answers are those of the test part, whose rows have no fold.
    """
    if found.part == "test":
        raise UsageError("nearest rows are found for rows judged out of fold", do="leave out --test or --neighbours")
    kept = read_neighbours(found.run, len(found.y))
    if kept is not None and k <= kept.rows.shape[1]:
        rows, away = kept.rows[positions, :k], kept.distances[positions, :k]
        return Neighbours(rows.astype(np.int64), away.astype(np.float64))
    return nearest_outside_fold(instances.values(), found.lines["fold"].to_numpy(), positions, k)


def neighbour_words(found: Errors, near: Neighbours) -> list[str]:
    """Say for each instance what its nearest rows are, the nearest first: ``5 (50,481), 5 (33), 3 (12,007)``."""
    names, rows = found.lines["true"].to_numpy(object), found.lines["row"].to_numpy()
    return [
        ", ".join(f"{shown(names[at], 20)} ({rows[at]:,})" for at in line if at >= 0) or "none outside its fold"
        for line in near.positions
    ]


def neighbour_columns(found: Errors, near: Neighbours) -> pd.DataFrame:
    """Give the nearest rows as columns: row, class and distance of each, missing where there are too few."""
    lines = found.lines[["row", "true"]].reset_index(drop=True)
    columns: dict[str, pd.Series[Any]] = {}
    for place in range(near.positions.shape[1]):
        at = pd.Series(near.positions[:, place])
        known = at.where(at >= 0)
        columns[f"neighbour:{place + 1}:row"] = known.map(lines["row"]).astype("Int64")
        columns[f"neighbour:{place + 1}:true"] = known.map(lines["true"])
        columns[f"neighbour:{place + 1}:distance"] = pd.Series(near.distances[:, place]).where(at >= 0)
    return pd.DataFrame(columns)
