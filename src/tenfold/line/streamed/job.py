"""The job folder of a streamed run: what a worker needs, and the units that are committed."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.scores import Predictions
from tenfold.candidates.setting import Setting
from tenfold.candidates.streamed.catalogue import streamed_candidates
from tenfold.candidates.streamed.model import StreamedCandidate, StreamedModel
from tenfold.candidates.streamed.preparation import MOST_ONE_HOT
from tenfold.candidates.streamed.training import AssignedRows, Training
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.data.sources.npz import read_npz
from tenfold.data.streamed.moments import Moments
from tenfold.data.streamed.row_store import open_row_store
from tenfold.data.streamed.target import StreamedTarget
from tenfold.errors import StorageError
from tenfold.folds.executor import attempt
from tenfold.folds.unit import Unit
from tenfold.memory import give_back, peak_bytes, reset_peak
from tenfold.models.threads import limited_to
from tenfold.regular_files import read_regular_json
from tenfold.storage import make_folder, storage_faults, write_json, writing

__all__ = ["StreamJob", "UnitRecord", "do_stream_unit", "open_stream_job", "predicted_rows"]


@dataclass(frozen=True)
class UnitRecord:
    """
    What is told of a committed unit; its scores lie in a file beside.

    Parameters
    ----------
    rows : int
        Rows of the fold.
    probabilities : bool
    fit_seconds, predict_seconds : float
    peak_bytes : int
    learnt_from, of, passes : int
        As those of `StreamedModel`.
    complaints : tuple of str
    """

    rows: int
    probabilities: bool
    fit_seconds: float
    predict_seconds: float
    peak_bytes: int
    learnt_from: int
    of: int
    passes: int
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class StreamJob(AssignedRows):
    """
    Units to be done on a row store.

    Parameters
    ----------
    folder : Path
    whole : frozenset of str
        Columns of whole numbers.
    """

    folder: Path
    whole: frozenset[str]

    @property
    def candidates(self) -> Mapping[str, StreamedCandidate]:
        """The candidates of this task by name."""
        return streamed_candidates(self.classes)

    @property
    def fold_count(self) -> int:
        """Number of folds."""
        return len(self.fold_rows)

    @cached_property
    def setting(self) -> Setting:
        """All training rows as their candidates meet them, texts one-hot."""
        texts = sum(min(len(self.store.values[name]), MOST_ONE_HOT) for name in self.columns.categories)
        width = max(len(self.columns.numbers) + texts, 1)
        return self.setting_of(width, int(self.fold_rows.sum()))

    @property
    def score_columns(self) -> int:
        """Numbers that are kept of each row that is predicted: its scores, or the number itself."""
        return self.classes if self.classes > 2 else 1

    def training(self, left_out: int | None) -> Training:
        """Give the rows to learn from without a fold, or all of them."""
        assigned = {field.name: getattr(self, field.name) for field in fields(AssignedRows)}
        return Training(**assigned, left_out=left_out)

    def units(self, names: Sequence[str]) -> list[Unit]:
        """All units of these candidates."""
        return [Unit(name, fold) for name in names for fold in range(self.fold_count)]

    def seconds(self, unit: Unit) -> float:
        """Give what a unit takes, roughly, on one core."""
        held_out = self.setting.rows // self.fold_count
        return self.candidates[unit.candidate].seconds(self.setting, self.setting.rows - held_out, held_out)

    def finished(self, unit: Unit) -> bool:
        """Whether a unit has been committed."""
        return self._path(unit, "json").exists()

    def record(self, unit: Unit) -> UnitRecord:
        """Read what is told of a committed unit."""
        unit_record = read_regular_json(self._path(unit, "json"), within=self.folder)
        return UnitRecord(**{**unit_record, "complaints": tuple(unit_record["complaints"])})

    def scores_path(self, unit: Unit) -> Path:
        """File of a unit's scores, float64 of shape (rows of the fold, `score_columns`)."""
        return self._path(unit, "scores")

    def commit(self, unit: Unit, unit_record: UnitRecord) -> None:
        """Declare a unit done whose scores are written."""
        write_json(self._path(unit, "json"), asdict(unit_record))

    def _path(self, unit: Unit, suffix: str) -> Path:
        return self.folder / "units" / f"{quote(unit.candidate, safe='')}.{unit.fold}.{suffix}"

    def write(self) -> None:
        """Write what workers need beside the row store."""
        make_folder(self.folder / "units")
        arrays: dict[str, Any] = {"of_label": self.target.of_label, "fold_rows": self.fold_rows}
        arrays |= {} if self.target.edges is None else {"edges": self.target.edges}
        for fold, one in enumerate(self.fold_moments):
            arrays |= {f"{fold}.{name}": getattr(one, name) for name in ("present", "mean", "squares")}
            arrays |= {f"{fold}.texts.{place}": counts for place, counts in enumerate(one.texts)}
        with writing(self.folder / "moments.npz") as draft, draft.open("wb") as file:
            np.savez(file, **arrays)
        about = {
            "columns": asdict(self.columns),
            "whole": sorted(self.whole),
            "classes": self.classes,
            "seed": self.seed,
            "rows": [one.rows for one in self.fold_moments],
            "texts": len(self.store.categories),
        }
        write_json(self.folder / "job.json", about)


def open_stream_job(folder: Path) -> StreamJob:
    """Open a job folder as a worker does."""
    about = read_regular_json(folder / "job.json", within=folder)
    store = open_row_store(folder / "rows")
    if store is None:
        raise StorageError("the rows of this run are gone", where=folder, do="give the same run command again")
    arrays = read_npz(folder / "moments.npz", within=folder)
    moments = [_moments(arrays, fold, about["rows"][fold], about["texts"]) for fold in range(len(about["rows"]))]
    target = StreamedTarget(arrays["of_label"], arrays.get("edges"), about["classes"])
    columns = TableColumns(**{key: tuple(names) for key, names in about["columns"].items()})
    whole = frozenset(about["whole"])
    return StreamJob(store, columns, target, arrays["fold_rows"], moments, about["seed"], folder, whole)


def _moments(arrays: Any, fold: int, rows: int, texts: int) -> Moments:
    present, mean, squares = (arrays[f"{fold}.{name}"] for name in ("present", "mean", "squares"))
    return Moments(rows, present, mean, squares, tuple(arrays[f"{fold}.texts.{place}"] for place in range(texts)))


def do_stream_unit(job: StreamJob, unit: Unit) -> str | None:
    """Do one unit and commit it; give the reason where the candidate fails (storage faults are raised)."""
    return attempt(lambda: _do(job, unit))


def _do(job: StreamJob, unit: Unit) -> None:
    give_back()  # what the unit before has left
    reset_peak()
    start = time.perf_counter()
    with limited_to(1), warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        model = job.candidates[unit.candidate].fit(job.training(unit.fold))
        fitted = time.perf_counter()
        rows, probabilities = 0, False
        with writing(job.scores_path(unit)) as draft, draft.open("wb") as file:
            for numbers, of_probabilities in predicted_rows(job, model, unit.fold):
                if not np.isfinite(numbers).all():
                    raise ValueError("a score is not finite" if job.classes else "a prediction is not finite")
                with storage_faults(job.folder):
                    file.write(numbers.tobytes())
                rows, probabilities = rows + len(numbers), of_probabilities
    complaints = dict.fromkeys(str(w.message).strip().splitlines()[0] for w in caught)
    unit_record = UnitRecord(
        rows,
        probabilities,
        fitted - start,
        time.perf_counter() - fitted,
        peak_bytes(),
        model.fit_rows,
        model.available_rows,
        model.passes,
        tuple(complaints),
    )
    job.commit(unit, unit_record)


def predicted_rows(job: StreamJob, model: StreamedModel, part: int) -> Iterator[tuple[NDArray[np.float64], bool]]:
    """
    Let a model predict the rows of a fold, or of the test part, in order.

    Yields
    ------
    numbers : ndarray of float64, shape (m, `score_columns`)
        Scores of the classes, or the numbers that are predicted; of a model with difficulties these in a second column.
    probabilities : bool
    """
    predict = model.predictor(job.store, job.classes)
    for block in job.store.blocks("numbers", "codes", "parts"):
        mine = block["parts"] == part
        if mine.any():
            predictions = predict(block["numbers"][mine], block["codes"][mine])
            yield _columns(predictions, job.classes), predictions.probabilities


def _columns(predictions: Predictions, classes: int) -> NDArray[np.float64]:
    """What is kept of predictions, shape (m, s)."""
    first = [predictions.predicted] if not classes else []
    columns = [one for one in (*first, predictions.scores) if one is not None]
    return np.ascontiguousarray(np.column_stack(columns), np.float64)
