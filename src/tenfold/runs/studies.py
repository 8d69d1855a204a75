"""Studies of a finished run that need new fits: importance and learning curve, kept in its folder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from tenfold.analysis.importance import importances, parts_of
from tenfold.analysis.learning import learning_sizes, point_of, right_at
from tenfold.candidates.catalogue import resolve
from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import answers
from tenfold.candidates.setting import setting_of
from tenfold.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.runs.instances import training_instances
from tenfold.runs.opened import Run, refuse_denoised
from tenfold.runs.reread import task_of, true_codes
from tenfold.storage import make_folder, write_json
from tenfold.task import Task

__all__ = ["IMPORTANCE", "LEARNING", "read_study", "study_importance", "study_learning"]

IMPORTANCE, LEARNING = "importance.json", "learning_curve.json"
_ROWS = 2_000

Tell = Callable[[str], None]


@dataclass(frozen=True, eq=False)
class _Subject:
    """The chosen candidate of a run, unfitted, with the training rows, their classes and folds."""

    candidate: Candidate
    data: Dataset
    task: Task
    codes: NDArray[np.int64]
    folds: NDArray[np.int16]
    seed: int


def read_study(folder: Path, name: str) -> dict[str, Any] | None:
    """Give the content of a study in a run folder; None where it was not made."""
    path = folder / "analysis" / name
    found: dict[str, Any] | None = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    return found


def study_importance(run: Run, tell: Tell = lambda line: None) -> Path:
    """
    Shuffle each column or patch of one held-out fold, for a model of the other folds; at most 2,000 rows.

    Raises
    ------
    TenfoldError
        The data are not at hand, or the chosen candidate is not of the catalogue.
    """
    subject = _subject(run)
    learn, held_out = np.flatnonzero(subject.folds != 0), np.flatnonzero(subject.folds == 0)
    rows = np.sort(np.random.default_rng(subject.seed).permutation(held_out)[:_ROWS])
    tell(f"{subject.candidate.name} learns from {len(learn):,} rows …")
    with threadpool_limits(1):
        pipeline = clone(subject.candidate.pipeline).fit(subject.data.take(learn).X, subject.codes[learn])
    X, codes, classes = subject.data.take(rows).X, subject.codes[rows], len(subject.task.classes)
    parts, found = sum(1 for _ in parts_of(X)), []
    for number, one in enumerate(importances(lambda Z: answers(pipeline, Z, classes).predicted == codes, X), 1):
        found.append(asdict(one))
        tell(f"{number} of {parts}: {one.part}")
    shape = None if subject.data.image_shape is None else list(subject.data.image_shape[:2])
    return _written(run, IMPORTANCE, {"candidate": run.chosen, "n": len(rows), "image_shape": shape, "parts": found})


def study_learning(run: Run, tell: Tell = lambda line: None) -> Path:
    """
    Judge the chosen candidate out of fold with more and more training rows; what was computed before is kept.

    Raises
    ------
    TenfoldError
        The data are not at hand, or the chosen candidate is not of the catalogue.
    """
    subject = _subject(run)
    known = (read_study(run.path, LEARNING) or {}).get("right", {})
    right: dict[str, str] = {}
    before, points = None, []
    for size in learning_sizes(subject.folds):
        packed = known.get(str(size))
        now = _unpacked(packed, len(subject.codes)) if packed else _right_at(size, subject, tell)
        right[str(size)] = np.packbits(now).tobytes().hex()
        points.append(asdict(point_of(size, now, before)))
        before = now
        path = _written(run, LEARNING, {"candidate": run.chosen, "points": points, "right": {**known, **right}})
    return path


def _right_at(size: int, subject: _Subject, tell: Tell) -> NDArray[np.bool_]:
    tell(f"{subject.candidate.name} learns from {size:,} rows in each fold …")
    classes = len(subject.task.classes)
    return right_at(size, subject.candidate, subject.data, subject.codes, subject.folds, classes, subject.seed)


def _unpacked(packed: str, n: int) -> NDArray[np.bool_]:
    return np.unpackbits(np.frombuffer(bytes.fromhex(packed), np.uint8))[:n].astype(bool)


def _subject(run: Run) -> _Subject:
    refuse_denoised(run, "this study")
    task = task_of(run)
    if task.type not in {"binary", "multiclass"}:
        raise UsageError(f"a {task.type} run has no such study yet", where=run.path)
    data, seed = training_instances(run), int(run.manifest["config"]["seed"])
    lines = run.out_of_fold.query("candidate == @run.chosen")
    candidate = resolve(run.chosen, setting_of(data, task, seed))
    return _Subject(candidate, data, task, true_codes(lines, task), lines["fold"].to_numpy(np.int16), seed)


def _written(run: Run, name: str, content: dict[str, Any]) -> Path:
    folder = run.path / "analysis"
    make_folder(folder)
    write_json(folder / name, content)
    return folder / name
