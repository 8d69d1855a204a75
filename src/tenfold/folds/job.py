"""The job folder: what a worker needs to know, and the units it has finished."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.catalogue import fold_seconds, own_module, own_names
from tenfold.candidates.entry import Candidate
from tenfold.candidates.own_digest import source_digest
from tenfold.candidates.search import tuned
from tenfold.candidates.setting import Setting
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.storage import read_array, write_array
from tenfold.errors import UsageError
from tenfold.folds.packed import pack_results, unpack_results
from tenfold.folds.unit import Unit, UnitResult
from tenfold.regular_files import UNIT_BYTES, read_regular, read_regular_json
from tenfold.storage import make_folder, write_json, write_whole
from tenfold.task import Task, task_from_dict
from tenfold.text import shown

__all__ = ["Job", "open_job", "write_job"]


@dataclass(frozen=True, eq=False)
class Job:
    """
    Units to be done on one training part, in a folder that any process of this machine can open.

    Its files, sent to another machine (`tenfold.folds.dask.parcel`), are a folder that can be opened there.

    Parameters
    ----------
    folder : Path
    training : Dataset
        Read by memory map where a worker opened it.
    codes : ndarray of n rows
        What is to be predicted, as the task's `encode` gives it.
    folds : ndarray of int16, shape (n,)
    task : Task
    setting : Setting
    candidates : mapping
        Candidates by name; a worker makes those it misses from the catalogue.
    tune : str, optional
        How those made from the catalogue go through their settings.
    sources : mapping of str to str
        Hash of the source of candidates that are the user's own modules; a worker that finds another refuses it.
    sample : ndarray of int64, shape (m,), optional
        Training positions, ascending, that are predicted out of fold; all of them by default.
    """

    folder: Path
    training: Dataset
    codes: NDArray[Any]
    folds: NDArray[np.int16]
    task: Task
    setting: Setting
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    tune: str | None = None
    sources: Mapping[str, str] = field(default_factory=dict)
    sample: NDArray[np.int64] | None = None

    @property
    def fold_count(self) -> int:
        """Number of folds."""
        return int(self.folds.max()) + 1

    def candidate(self, name: str) -> Candidate:
        """
        Give the candidate of this name.

        No file of the job names candidates: whoever asks for one has it from the run, which refuses untrusted code.
        """
        if name in self.candidates:
            return self.candidates[name]
        made: Candidate = self.task.candidate(name, self.setting, own_names([name]))
        self._refuse_other_source(name)
        return made if self.tune is None else tuned(made, self.tune)

    def units(self, names: Sequence[str]) -> list[Unit]:
        """All units of these candidates."""
        return [Unit(name, fold) for name in names for fold in range(self.fold_count)]

    def seconds(self, unit: Unit) -> float:
        """Return the seconds that a unit takes, roughly, on one core."""
        return fold_seconds(self.candidate(unit.candidate), self.setting, self.fold_count)

    def finished(self, unit: Unit) -> bool:
        """Whether a unit has been committed."""
        return self._path(unit).exists()

    def commit(self, unit: Unit, results: Sequence[UnitResult]) -> None:
        """Write what came of a unit, one result a setting, whole or not at all."""
        self.keep(unit, pack_results(results))

    def keep(self, unit: Unit, packed: bytes) -> None:
        """Write what came of a unit, packed here or elsewhere by `pack_results`, whole or not at all."""
        write_whole(self._path(unit), packed)

    def results(self, unit: Unit) -> tuple[UnitResult, ...]:
        """Read a committed unit: one result a setting."""
        return unpack_results(read_regular(self._path(unit), most=UNIT_BYTES, within=self.folder))

    def _refuse_other_source(self, name: str) -> None:
        """The file may have been edited since the run began, or be another one on another machine."""
        module, begun = own_module(name), self.sources.get(name)
        if module is not None and begun not in {None, source_digest(module)}:
            what = f"the source of '{shown(name, 60)}' is not the one that the run began with"
            raise UsageError(what, do="leave it as it is until the run has ended")

    def _path(self, unit: Unit) -> Path:
        return self.folder / "units" / f"{quote(unit.candidate, safe='')}.{unit.fold}.npz"


def write_job(job: Job) -> None:
    """Write what workers need into the job's folder; what an earlier start has written is kept."""
    make_folder(job.folder / "units")
    if not (job.folder / "job.json").exists():
        _write_data(job)
    about = {
        "predicts": job.task.as_dict(),
        "setting": job.setting.as_dict(),
        "name": job.training.name,
        "tune": job.tune,
    }
    write_json(job.folder / "job.json", {**about, "sources": dict(job.sources)})


def _write_data(job: Job) -> None:
    write_array(job.folder, "codes", job.codes)
    write_array(job.folder, "folds", job.folds)
    if job.sample is not None:
        write_array(job.folder, "sample", job.sample)
    job.training.traits.storage.write(job.folder, job.training.X)


def open_job(folder: Path) -> Job:
    """Open a job folder as a worker does: instances as their kind stores them, by memory map where it can."""
    about = read_regular_json(folder / "job.json", within=folder)
    task = task_from_dict(about["predicts"])
    setting = Setting.from_dict(about["setting"])
    codes, folds = (read_array(folder, name) for name in ("codes", "folds"))
    sample = read_array(folder, "sample") if (folder / "sample.npy").exists() else None
    training = Dataset(about["name"], setting.kind, setting.traits.storage.open(folder), None, source=str(folder))
    return Job(
        folder, training, codes, folds, task, setting, tune=about["tune"], sources=about["sources"], sample=sample
    )
