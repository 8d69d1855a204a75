"""The run folder: whose it is, whether it is finished, and what may be resumed in it."""

from __future__ import annotations

import json
import os
import platform
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.dataset import Dataset
from tenfold.errors import DataError, UsageError
from tenfold.runs.config import RunConfig, read_config
from tenfold.storage import holding, make_folder, remove_folder, write_json, write_whole
from tenfold.version import library_versions

__all__ = ["RunFolder", "default_folder", "held_folder", "library_versions"]

_HIDDEN = {".lock", ".holder.json"}


@dataclass(frozen=True)
class RunFolder:
    """
    The files of one run.

    Parameters
    ----------
    path : Path
    """

    path: Path

    @property
    def config(self) -> Path:
        """Everything that was asked, resolved."""
        return self.path / "config.toml"

    @property
    def manifest(self) -> Path:
        """Where the figures come from."""
        return self.path / "manifest.json"

    @property
    def metrics(self) -> Path:
        """The figures."""
        return self.path / "metrics.json"

    @property
    def report(self) -> Path:
        """The page."""
        return self.path / "report.html"

    @property
    def out_of_fold(self) -> Path:
        """A line a training row and candidate."""
        return self.path / "out_of_fold.parquet"

    @property
    def neighbours(self) -> Path:
        """The nearest training rows of each training row, where a candidate of neighbours was judged."""
        return self.path / "neighbours.npz"

    @property
    def curves(self) -> Path:
        """Curves and calibration of a streamed run, thinned for the page."""
        return self.path / "curves.npz"

    @property
    def test(self) -> Path:
        """A line a test row."""
        return self.path / "test.parquet"

    @property
    def model(self) -> Path:
        """The bundle."""
        return self.path / "model"

    @property
    def work(self) -> Path:
        """Units of an unfinished run; gone when it is finished."""
        return self.path / "work"

    @property
    def finished(self) -> bool:
        """Whether every file is there."""
        return self.manifest.exists() and not self.work.exists()

    def run_id(self) -> str:
        """Give the name under which this run opens a test part, the same when it is resumed."""
        path = self.work / "run_id"
        if not path.exists():
            write_whole(path, uuid.uuid4().hex)
        return path.read_text()

    def claim(self, identity: dict[str, Any]) -> None:
        """
        Start in this folder, or resume what was started with the same data and the same choices.

        Parameters
        ----------
        identity : dict
            Whatever decides the units' figures; JSON values.

        Raises
        ------
        DataError
            Something of it differs from what the folder was started with; the message names what.
        """
        path = self.work / "identity.json"
        if not path.exists():
            make_folder(self.work)
            write_json(path, identity)
            return
        kept = json.loads(path.read_text())
        changed = [
            f"{key} ({kept.get(key)!s:.40} -> {new!s:.40})" for key, new in identity.items() if kept.get(key) != new
        ]
        if changed:
            raise DataError(
                f"a run was started here with other {'; '.join(changed)}",
                where=self.path,
                do="choose another --out, or delete the folder to start anew",
            )

    def clear_work(self) -> None:
        """Remove the units, at once: the run is finished."""
        remove_folder(self.work)


@contextmanager
def held_folder(path: Path) -> Iterator[RunFolder]:
    """
    Make and hold a run folder; one that this call made and that stays empty is removed again.

    Raises
    ------
    BusyError
        Another process works in it.
    UsageError
        It is a folder of something else.
    """
    made = not path.exists()
    make_folder(path)
    _refuse_foreign(path)
    try:
        with holding(path, _describe_process):
            yield RunFolder(path)
    finally:
        if made and {entry.name for entry in path.iterdir()} <= _HIDDEN:
            shutil.rmtree(path)


def _refuse_foreign(path: Path) -> None:
    names = {entry.name for entry in path.iterdir()} - _HIDDEN
    if names and not names & {"work", "manifest.json", "config.toml"}:
        raise UsageError("this folder holds other files, not a run", where=path, do="choose another --out")


def _describe_process() -> dict[str, Any]:
    return {"pid": os.getpid(), "host": platform.node(), "since": datetime.now(UTC).isoformat(timespec="seconds")}


def default_folder(config: RunConfig, source_name: str) -> Path:
    """
    Choose ``runs/<name>``, or the first of ``runs/<name>-2``, … that is free or was started with the same config.

    Parameters
    ----------
    config : RunConfig
        As asked.
    source_name : str
    """
    number = 1
    while True:
        path = Path("runs") / (source_name if number == 1 else f"{source_name}-{number}")
        if not path.exists() or _was_asked_the_same(path, config):
            return path
        number += 1


def _was_asked_the_same(path: Path, config: RunConfig) -> bool:
    """An unfinished run of the same request (kept as ``work/asked.toml``)."""
    asked = path / "work" / "asked.toml"
    return asked.exists() and read_config(asked) == config


def identity_of(config: RunConfig, data: Dataset, versions: dict[str, str]) -> dict[str, Any]:
    """Give what decides the figures of the units: the data, the split, the folds, the seed, the versions."""
    return {
        "data": data.fingerprint,
        "positive": config.positive,
        "labels": config.labels,
        "task": config.task,
        "folds": config.cv,
        "shuffle": config.shuffle,
        "tuning": config.tune,
        "augmentation": config.augment,
        "test size": config.test_size,
        "seed": config.seed,
        "grouping of duplicates": config.group_duplicates,
        "versions": versions,
    }
