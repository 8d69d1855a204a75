"""The data that a config asks for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from tenfold.dataset import Dataset
from tenfold.runs.config import RunConfig
from tenfold.sources import load
from tenfold.sources.catalogue import NAMES
from tenfold.sources.labels import labelled_by
from tenfold.sources.size import image_size_of

__all__ = ["labelled_rows", "load_source", "settled_source"]


def settled_source(source: str) -> str:
    """
    Give a path that exists as an absolute one, so that a config repeats its run from anywhere.

    A known name stays a name, even where a folder is called the same: ``./mnist`` means the folder.
    """
    return source if source in NAMES or not Path(source).exists() else str(Path(source).resolve())


def load_source(config: RunConfig) -> Dataset:
    """Load the source of a config, with its target, group, labels, folder and image options."""
    data = load(
        config.source,
        target=config.target,
        group=config.group,
        data_dir=None if config.data_dir is None else Path(config.data_dir),
        resize=None if config.resize is None else image_size_of(config.resize),
        colour=config.colour,
        skip_bad=config.skip_bad,
    )
    if config.labels is None:
        return data
    return labelled_by(labelled_rows(data, config.drop_unlabelled), config.labels)


def labelled_rows(data: Dataset, drop: bool) -> Dataset:
    """Leave out rows without a label where that is asked; otherwise they are refused later."""
    y = data.labels
    missing = np.flatnonzero(y == "") if y.dtype == object else np.empty(0, np.int64)
    if not len(missing) or not drop:
        return data
    note = f"{len(missing)} rows without a label were left out"
    return replace(data.take(np.flatnonzero(y != "")), notes=(*data.notes, note))
