"""The job folder: what a worker needs to know, and the units it has finished."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.candidates.catalogue import fold_seconds, own_names, resolve
from tenfold.candidates.entry import Candidate
from tenfold.candidates.setting import Setting
from tenfold.candidates.tune import tuned
from tenfold.dataset import Dataset
from tenfold.folds.packed import pack_results, unpack_results
from tenfold.folds.unit import Unit, UnitResult
from tenfold.storage import make_folder, write_json, write_whole, writing
from tenfold.task import Task

__all__ = ["Job", "open_job", "write_job"]


@dataclass(frozen=True, eq=False)
class Job:
    """
    Units to be done on one training part, in a folder that any process of this machine can open.

    Its files, sent to another machine (`tenfold.folds.parcel`), are a folder that can be opened there.

    Parameters
    ----------
    folder : Path
    training : Dataset
        Read by memory map where a worker opened it.
    codes : ndarray of int64, shape (n,)
    folds : ndarray of int16, shape (n,)
    task : Task
    setting : Setting
    candidates : mapping
        Candidates by name; a worker makes those it misses from the catalogue.
    tune : str, optional
        How those made from the catalogue go through their settings.
    """

    folder: Path
    training: Dataset
    codes: NDArray[np.int64]
    folds: NDArray[np.int16]
    task: Task
    setting: Setting
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    tune: str | None = None

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
        made = resolve(name, self.setting, own_names([name]))
        return made if self.tune is None else tuned(made, self.tune)

    def units(self, names: Sequence[str]) -> list[Unit]:
        """All units of these candidates."""
        return [Unit(name, fold) for name in names for fold in range(self.fold_count)]

    def seconds(self, unit: Unit) -> float:
        """Give what a unit takes, roughly, on one core."""
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
        return unpack_results(self._path(unit).read_bytes())

    def _path(self, unit: Unit) -> Path:
        return self.folder / "units" / f"{quote(unit.candidate, safe='')}.{unit.fold}.npz"


def write_job(job: Job) -> None:
    """Write what workers need into the job's folder; what an earlier start has written is kept."""
    make_folder(job.folder / "units")
    if (job.folder / "job.json").exists():
        return
    _save_array(job.folder / "codes.npy", job.codes)
    _save_array(job.folder / "folds.npy", job.folds)
    if isinstance(job.training.X, pd.DataFrame):
        _save_table(job.folder / "X.parquet", job.training.X)
    else:
        _save_array(job.folder / "X.npy", job.training.X)
    about = {"task": asdict(job.task), "setting": job.setting.as_dict(), "name": job.training.name, "tune": job.tune}
    write_json(job.folder / "job.json", about)


def open_job(folder: Path) -> Job:
    """Open a job folder as a worker does: images by memory map, tables read."""
    about = json.loads((folder / "job.json").read_text())
    task = Task(**{**about["task"], "classes": tuple(about["task"]["classes"])})
    setting = Setting.from_dict(about["setting"])
    table = folder / "X.parquet"
    X = pd.read_parquet(table) if table.exists() else np.load(folder / "X.npy", mmap_mode="r", allow_pickle=False)
    codes, folds = (np.load(folder / f"{name}.npy", allow_pickle=False) for name in ("codes", "folds"))
    training = Dataset(about["name"], setting.kind, _with_text_columns(X), None, source=str(folder))
    return Job(folder, training, codes, folds, task, setting, tune=about["tune"])


def _save_array(path: Path, values: NDArray[Any]) -> None:
    with writing(path) as draft, draft.open("wb") as file:
        np.save(file, values, allow_pickle=False)


def _save_table(path: Path, table: pd.DataFrame) -> None:
    with writing(path) as draft:
        table.to_parquet(draft, index=False)


def _with_text_columns(X: Any) -> Any:
    """Give text columns back the dtype that loaders give them: ``object`` with None for missing."""
    if not isinstance(X, pd.DataFrame):
        return X
    text = [str(name) for name in X if not pd.api.types.is_numeric_dtype(X[name])]
    return X.assign(**{name: X[name].astype(object).where(X[name].notna(), None) for name in text})
