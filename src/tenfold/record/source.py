"""The data that a config asks for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Protocol, TypeVar

import numpy as np

from tenfold.data.dataset import Dataset
from tenfold.data.holdout.order import in_order
from tenfold.data.label_definitions.bins import binned
from tenfold.data.label_definitions.definitions import labelled_by
from tenfold.data.scratch import Scratch
from tenfold.data.sources import load
from tenfold.data.sources.catalogue import NAMES
from tenfold.data.sources.images.size import image_size_of
from tenfold.errors import UsageError
from tenfold.record.config import RunConfig

__all__ = ["at_hand", "is_same_request", "labelled_rows", "load_source", "spoken_source", "with_own_labels"]


class AskedConfig(Protocol):
    """A config that names a source, of a run or of denoising."""

    @property
    def source(self) -> str:
        """As it was typed."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values."""


Config = TypeVar("Config", bound=AskedConfig)


def at_hand(config: Config, beside: Path) -> Config:
    """
    Return a config whose source is found from the working folder, where it was typed in another one.

    A config keeps its source as it was typed. A path that leads nowhere from here is tried from each folder above the
    config file or run, as from the one in which the run was made. A known name stays a name,
    ``./mnist`` is a folder.

    Parameters
    ----------
    config : RunConfig or DenoiseConfig
    beside : Path
        The config file, or the run folder.
    """
    source = Path(config.source)
    if config.source in NAMES or source.is_absolute() or source.exists():
        return config
    places = (folder / source for folder in beside.resolve().parents)
    place = next((place for place in places if place.exists()), None)
    return config if place is None else replace(config, source=os.path.relpath(place))  # type: ignore[type-var]


def is_same_request(former: Mapping[str, Any], config: AskedConfig) -> bool:
    """
    Return whether a config is what was asked before, however the way to its source was typed.

    Parameters
    ----------
    former : mapping
        A config as plain values.
    config : RunConfig or DenoiseConfig
    """
    now = config.as_dict()
    return {**former, "source": _place(former["source"])} == {**now, "source": _place(now["source"])}


def _place(source: str) -> str:
    return source if source in NAMES or not Path(source).exists() else str(Path(source).resolve())


def spoken_source(source: str) -> str:
    r"""
    Return a source as it may leave the machine: of a path that says where things lie on it, the last name only.

    Examples
    --------
    >>> spoken_source("mnist"), spoken_source("titanic/train.csv"), spoken_source("/home/ann/titanic/train.csv")
    ('mnist', 'titanic/train.csv', 'train.csv')
    >>> spoken_source("C:\\Users\\ann\\train.csv")
    'train.csv'
    """
    absolute = PurePosixPath(source).is_absolute() or PureWindowsPath(source).is_absolute()
    return PureWindowsPath(source).name or source if absolute else source


def load_source(config: RunConfig, scratch: Scratch | None = None) -> Dataset:
    """Load the source of a config, with its target, group, order, labels, folder and image options; see `load`."""
    data = load(
        config.source,
        target=config.target,
        group=config.group,
        data_dir=None if config.data_dir is None else Path(config.data_dir),
        resize=None if config.resize is None else image_size_of(config.resize),
        colour=config.colour,
        skip_bad=config.skip_bad,
        scratch=scratch,
    )
    if config.order is not None:
        data = in_order(data, config.order)
    return with_own_labels(labelled_rows(data, config.drop_unlabelled), config.labels, config.bins)


def with_own_labels(data: Dataset, labels: str | None, bins: str | None) -> Dataset:
    """
    Return data with the labels that a user makes of those of the source: definitions of several, or bins.

    Raises
    ------
    UsageError
        Both are asked for, or one cannot be made of these labels.
    """
    if labels is not None and bins is not None:
        raise UsageError("--labels and --bins both make labels", do="leave one of them out")
    if labels is not None:
        return labelled_by(data, labels)
    return data if bins is None else binned(data, bins)


def labelled_rows(data: Dataset, drop: bool) -> Dataset:
    """Leave out rows without a label where that is asked; otherwise they are refused later."""
    y = data.labels
    missing = np.flatnonzero(y == "") if y.dtype == object else np.empty(0, np.int64)
    if not len(missing) or not drop:
        return data
    note = f"{len(missing)} rows without a label were left out"
    return replace(data.take(np.flatnonzero(y != "")), notes=(*data.notes, note))
