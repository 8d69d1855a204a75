"""A map by neighbours: t-SNE of the training rows, which takes too long to be drawn with every page."""

from __future__ import annotations

from pathlib import Path

from tenfold.analysis.projection import project
from tenfold.analysis.rows import sample_rows
from tenfold.data.dataset import Dataset
from tenfold.errors import DataError
from tenfold.record.analysis import MAP, Tell, write_study

__all__ = ["study_map"]

_ROWS = 3_000


def study_map(data: Dataset, run: Path, seed: int, tell: Tell = lambda line: None) -> Path:
    """
    Draw up to 3,000 training rows on a t-SNE map.

    Parameters
    ----------
    data : Dataset
        The training rows.
    run : Path
        The run folder.
    seed : int
    tell : callable

    Raises
    ------
    DataError
        No two rows differ.
    """
    rows = sample_rows(len(data), _ROWS, seed)
    tell(f"{len(rows):,} of {len(data):,} rows on a map by t-SNE: about {max(len(rows) / 300, 1):.0f} s …")
    projection = project(data.take(rows).values(), method="t-SNE", seed=seed)
    if projection is None:
        raise DataError("the rows do not differ, so there is no map of them", where=data.source)
    places = [[round(float(x), 3), round(float(y), 3)] for x, y in projection.places]
    return write_study(run, MAP, {}, {"method": projection.method, "rows": rows.tolist(), "places": places})
