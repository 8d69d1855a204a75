"""The data that a config asks for."""

from __future__ import annotations

from pathlib import Path

from tenfold.dataset import Dataset
from tenfold.runs.config import RunConfig
from tenfold.sources import load
from tenfold.sources.size import image_size_of

__all__ = ["load_source"]


def load_source(config: RunConfig) -> Dataset:
    """Load the source of a config, with its target, group, labels, folder and image options."""
    return load(
        config.source,
        target=config.target,
        group=config.group,
        labels=config.labels,
        data_dir=None if config.data_dir is None else Path(config.data_dir),
        resize=None if config.resize is None else image_size_of(config.resize),
        colour=config.colour,
        skip_bad=config.skip_bad,
    )
