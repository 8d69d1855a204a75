"""The run folder: whose it is, whether it is finished, and what may be resumed in it."""

from __future__ import annotations

import os
import platform
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.errors import DataError, TenfoldError, UsageError
from tenfold.record.config import RunConfig, read_config
from tenfold.record.source import is_same_request
from tenfold.regular_files import NOTE_BYTES, read_regular, read_regular_json, refuse_links_out
from tenfold.storage import holding, make_folder, remove_folder, storage_faults, write_json, write_whole

if TYPE_CHECKING:
    from tenfold.record.identity import Identity

__all__ = ["RunFolder", "begun_alike", "default_folder", "held_folder"]

_HIDDEN = {".lock", ".holder.json"}
_ANEW = "choose another --out, or delete the folder to start anew"


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
    def analysis(self) -> Path:
        """Studies of the finished run."""
        return self.path / "analysis"

    @property
    def work(self) -> Path:
        """Units of an unfinished run; gone when it is finished."""
        return self.path / "work"

    @property
    def finished(self) -> bool:
        """Whether every file is there."""
        return self.manifest.exists() and not self.work.exists()

    def run_id(self) -> str:
        """Return the name under which this run opens a test part, the same when it is resumed."""
        path = self.work / "run_id"
        if not path.exists():
            write_whole(path, uuid.uuid4().hex)
        with storage_faults(path):
            return read_regular(path, most=NOTE_BYTES, within=self.path).decode("utf-8", "replace")

    def refuse_links_out(self) -> None:
        """
        Refuse a run of which a part that Tenfold writes lies elsewhere, by a link: the writing would end there.

        Raises
        ------
        DataError
            The message names the link.
        """
        for path in (self.work, self.model, self.analysis):
            with storage_faults(path):
                refuse_links_out(path, self.path)

    def claim(self, identity: Identity) -> None:
        """
        Start in this folder, or resume what was started with the same data and the same choices.

        Parameters
        ----------
        identity : Identity
            Whatever decides the units' figures.

        Raises
        ------
        DataError
            Something of it differs from what the folder was started with, and the message names what; or it is not
            known any more what that was.
        """
        path = self.work / "identity.json"
        if path.exists():
            with storage_faults(path):
                begun = read_regular_json(path, within=self.path, do=_ANEW)
            self._refuse_changed(identity.changes(begun))
            write_json(path, identity.joined(begun).as_dict())
            return
        if any((self.work / "units").glob("*")):
            self._refuse_changed(None)
        make_folder(self.work)
        write_json(path, identity.as_dict())

    def _refuse_changed(self, changes: list[str] | None) -> None:
        if changes is None:
            what = (
                "a run was started here by another version of Tenfold, which did not note all that its figures rest on"
            )
            raise DataError(what, where=self.path, do=_ANEW)
        if changes:
            what = f"what a run was started with here has changed: {'; '.join(changes)}"
            raise DataError(what, where=self.path, do=_ANEW)

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
    RunFolder(path).refuse_links_out()
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
        if not path.exists() or begun_alike(path, config, read_config):
            return path
        number += 1


def begun_alike(path: Path, config: Any, read: Callable[[Path, Path], Any]) -> bool:
    """
    Return whether an unfinished run lies here that was asked for by the same config; one that cannot be read was not.

    Parameters
    ----------
    path : Path
        A run folder.
    config : RunConfig or DenoiseConfig
    read : callable
        Reads the config that the folder keeps: ``read(file, folder)``.
    """
    file = RunFolder(path).work / "asked.toml"
    try:
        return file.exists() and is_same_request(read(file, path).as_dict(), config)
    except TenfoldError:
        return False
