"""Tables that tests stream: numbers with gaps, whole numbers, text with gaps, an id, two classes or more."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

CLASSES = ("maybe", "no", "yes")


def table(rows: int, classes: int = 2, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 4))
    colour = rng.choice(["red", "green", "blue"], rows).astype(object)
    score = X @ np.array([1.0, -0.7, 0.4, 0.0]) + (colour == "red") + rng.normal(size=rows)
    ends = np.quantile(score, [0.6] if classes == 2 else [0.3, 0.7])
    names = np.array(CLASSES[-classes:], object)
    found = pd.DataFrame({f"x{place}": X[:, place] for place in range(4)})
    found.loc[rng.random(rows) < 0.05, "x1"] = np.nan
    found["count"] = rng.integers(0, 30, rows)
    found["number"] = np.arange(rows)
    colour[rng.random(rows) < 0.03] = None
    found["colour"] = pd.Series(colour, dtype=object)
    found["y"] = names[np.searchsorted(ends, score)]
    return found


def parts(found: pd.DataFrame, folder: Path, count: int = 3) -> Path:
    folder.mkdir()
    for number, rows in enumerate(np.array_split(np.arange(len(found)), count)):
        found.iloc[rows].to_parquet(folder / f"part-{number}.parquet", index=False, row_group_size=700)
    return folder
