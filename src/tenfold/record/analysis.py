"""Studies of a finished run, kept in its folder under ``analysis/``: what takes fits, or long, is done once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tenfold.errors import DataError, LimitError
from tenfold.record.entries.studies import ImportanceRecord, LearningRecord, MapRecord
from tenfold.record.entries.typed_json import read_record
from tenfold.record.folder import RunFolder
from tenfold.regular_files import read_regular_json
from tenfold.storage import make_folder, write_json

__all__ = ["EVIDENCE", "IMPORTANCE", "LEARNING", "MAP", "Tell", "made_for", "read_study", "study_folder", "write_study"]

EVIDENCE, IMPORTANCE, LEARNING, MAP = "evidence", "importance", "learning_curve", "map"
_RESTS_ON = {
    EVIDENCE: ("candidate", "threshold"),
    IMPORTANCE: ("candidate", "metric", "threshold"),
    LEARNING: ("candidate", "metric"),
    MAP: (),
}
_RECORDS: dict[str, type[Any]] = {IMPORTANCE: ImportanceRecord, LEARNING: LearningRecord, MAP: MapRecord}
_SCHEMA = 1

Tell = Callable[[str], None]
"""Whoever wants to know how far a study is."""


def study_folder(run: Path) -> Path:
    """Return the folder of the studies of a run."""
    return RunFolder(run).analysis


def made_for(name: str, candidate: str, metric: str, threshold: float | None) -> dict[str, Any]:
    """
    Return what a study rests on beside the data: it is good for a run where these are the same.

    Examples
    --------
    >>> made_for(LEARNING, "svm", "accuracy", 0.5)
    {'candidate': 'svm', 'metric': 'accuracy'}
    """
    known = {"candidate": candidate, "metric": metric, "threshold": threshold}
    return {key: known[key] for key in _RESTS_ON[name]}


def read_study(run: Path, name: str, rests_on: Mapping[str, Any]) -> dict[str, Any] | None:
    """
    Read a study; None where there is none, or it was made for another candidate or decision, or cannot be read.

    Parameters
    ----------
    run : Path
        The run folder.
    name : str
    rests_on : mapping
        See `made_for`.
    """
    try:
        study = read_regular_json(study_folder(run) / f"{name}.json", within=run)
    except (OSError, DataError, LimitError):
        return None
    is_it = isinstance(study, dict) and study.get("schema") == _SCHEMA and study.get("made_for") == dict(rests_on)
    return study if is_it and _fits(name, study) else None


def _fits(name: str, study: Mapping[str, Any]) -> bool:
    try:
        return name not in _RECORDS or read_record(_RECORDS[name], study) is not None
    except DataError:
        return False


def write_study(run: Path, name: str, rests_on: Mapping[str, Any], content: Mapping[str, Any]) -> Path:
    """Write a study whole or not at all."""
    path = make_folder(study_folder(run)) / f"{name}.json"
    write_json(path, {"schema": _SCHEMA, "made_for": dict(rests_on), **content})
    return path
