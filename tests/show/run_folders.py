"""Run folders with real figures, shaped as a run leaves them, from labels and predictions alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from tenfold.figures import evaluate
from tenfold.figures.intervals.closed import bonett_price
from tenfold.task import Task


@dataclass(frozen=True, eq=False)
class Answers:
    """What one candidate said of the training rows: codes, and scores or None."""

    predicted: np.ndarray
    scores: np.ndarray | None
    probabilities: bool = True
    unmet: str | None = None
    threshold: float | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """Everything a test wants to choose about a run folder."""

    task: Task
    y: np.ndarray
    answers: dict[str, Answers]
    fold: np.ndarray
    chosen: str
    test_y: np.ndarray
    test: Answers
    name: str = "digits"
    kind: str = "image"
    rule: str = "argmax"
    openings: int = 1
    failed: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    findings: list[dict[str, str]] = field(default_factory=list)
    resamples: int = 60


def write_run_folder(folder: Path, made: Made) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "metrics.json").write_text(json.dumps(_metrics(made), allow_nan=False))
    (folder / "manifest.json").write_text(json.dumps(_manifest(folder, made), allow_nan=False))
    (folder / "config.toml").write_text(f'format = 1\n\n[run]\nsource = "{made.name}"\ndecide = "{made.rule}"\n')
    tables = [_table(made, name, made.y, made.fold, said) for name, said in made.answers.items()]
    pd.concat(tables).to_parquet(folder / "out_of_fold.parquet")
    _table(made, made.chosen, made.test_y, np.full(len(made.test_y), -1), made.test).to_parquet(folder / "test.parquet")
    return folder


def decided(said: Answers) -> np.ndarray:
    return said.predicted if said.threshold is None else (said.scores >= said.threshold).astype(int)


def _metrics(made: Made) -> dict:
    best = made.chosen
    test = _evaluated(made, made.test_y, decided(made.test), made.test, None)
    same = Answers(np.full(len(made.test_y), np.bincount(made.y).argmax()), None)
    return {
        "schema": 1,
        "task": made.task.type,
        "classes": list(made.task.classes),
        "positive": made.task.positive,
        "metric": "accuracy",
        "chosen": best,
        "candidates": {name: _candidate(made, name, made.answers[name]) for name in _ordered(made)},
        "failed": made.failed,
        "test": _figures(test),
        "test_confusion_matrix": test.confusion_matrix.tolist(),
        "test_openings": made.openings,
        "test_baseline": _figures(_evaluated(made, made.test_y, same.predicted, same, None)),
        "warnings": made.warnings,
    }


def _evaluated(made, y, predicted, said, fold):
    probabilities = said.probabilities and said.scores is not None
    return evaluate(
        made.task, y, predicted, said.scores, probabilities=probabilities, fold=fold, resamples=made.resamples
    )


def _figures(evaluation) -> dict:
    return {name: estimate.as_dict() for name, estimate in evaluation.metrics.items()}


def _candidate(made: Made, name: str, said: Answers) -> dict:
    default = _evaluated(made, made.y, said.predicted, said, made.fold)
    at = default if said.threshold is None else _evaluated(made, made.y, decided(said), said, made.fold)
    difference = _difference(made, name)
    decision = {"kind": "argmax", "rule": "argmax"}
    if said.threshold is not None:
        decision = {"kind": "threshold", "rule": made.rule, "threshold": said.threshold}
    if said.unmet:
        decision["unmet"] = said.unmet
    return {
        "out_of_fold": _figures(default),
        "confusion_matrix": default.confusion_matrix.tolist(),
        "decision": {**decision, "confusion_matrix": at.confusion_matrix.tolist(), "out_of_fold": _figures(at)},
        "probabilities": said.probabilities and said.scores is not None,
        "fit_seconds": 12.34 + len(name),
        "predict_seconds": 0.56,
        "peak_bytes": 234_000_000,
        "difference_to_best": difference,
        "tied_with_best": difference is None or difference["high"] >= 0,
    }


def _right(made: Made, name: str) -> np.ndarray:
    return made.answers[name].predicted == made.y


def _ordered(made: Made) -> list[str]:
    return sorted(made.answers, key=lambda name: -_right(made, name).mean())


def _difference(made: Made, name: str) -> dict | None:
    if name == _ordered(made)[0]:
        return None
    mine, best = _right(made, name), _right(made, _ordered(made)[0])
    n = len(made.y)
    better, worse = int((mine & ~best).sum()), int((~mine & best).sum())
    low, high = bonett_price(better, worse, n)
    return {"value": (better - worse) / n, "low": low, "high": high, "interval": "Bonett-Price 95%"}


def _table(made: Made, name: str, y, fold, said: Answers) -> pd.DataFrame:
    classes = np.array(made.task.classes, dtype=object)
    columns = {
        "row": np.arange(len(y)),
        "id": [f"{row:016x}" for row in range(len(y))],
        "fold": np.asarray(fold, np.int16),
        "candidate": name,
        "true": classes[y],
        "predicted": classes[decided(said)],
    }
    for index, one in enumerate(made.task.score_names):
        scores = np.full(len(y), np.nan) if said.scores is None else said.scores
        columns[f"score:{one}"] = scores if scores.ndim == 1 else scores[:, index]
    return pd.DataFrame(columns)


def _manifest(folder: Path, made: Made) -> dict:
    manifest = run_manifest(
        folder, made.name, made.kind, made.fold, len(made.y), len(made.test_y), made.rule, made.openings
    )
    return {**manifest, "findings": made.findings}


def run_manifest(folder: Path, name: str, kind: str, fold, training: int, test: int, rule: str, openings: int) -> dict:
    """What every run folder says of how it was made."""
    rows = training + test
    return {
        "schema": 1,
        "run": folder.name,
        "finished": "2026-11-21T06:00:00+00:00",
        "asked": {"source": name},
        "config": {"source": name, "cv": int(fold.max()) + 1, "shuffle": False, "metric": "accuracy",
                   "decide": rule, "test_size": 0.2, "seed": 42, "group_duplicates": True},
        "data": {"name": name, "kind": kind, "source": f"{name}, bundled", "rows": rows,
                 "fingerprint": "9f" * 32, "image_shape": [8, 8], "columns": [], "target": ["class"], "notes": []},
        "training_rows": training,
        "test": {"rows": test, "how": "20 % drawn by class", "key": "ab" * 8, "instances": "cd" * 32,
                 "openings": openings},
        "columns_unused": [],
        "findings": [],
        "versions": {"python": "3.12.3", "tenfold": "0.1.0", "scikit-learn": "1.7.2", "numpy": "2.3.4"},
        "machine": {"system": "Linux-6.1", "processor": "x86_64", "cores": 8},
        "seconds": {"load": 0.412, "judge": 14.2, "fit": 1.93, "test": 0.21},
    }  # fmt: skip
