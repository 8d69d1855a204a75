"""Run folders of quantities with real figures, shaped as a run leaves them, from true and predicted values alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from run_folders import run_manifest

from tenfold.candidates.scores import Predictions
from tenfold.data.dataset import Dataset
from tenfold.decision.rule import parse_rule
from tenfold.tasks.quantities.task import QuantityTask


@dataclass(frozen=True, eq=False)
class Quantities:
    """What a test wants to choose: the last fifth of the rows is the test part."""

    y: np.ndarray
    predicted: np.ndarray
    table: pd.DataFrame | None = None
    targets: tuple[str, ...] = ("price",)
    rule: str = "argmax"
    difficulty: np.ndarray | None = None
    openings: int = 1
    studies: dict[str, Any] = field(default_factory=dict)


def write_quantity_folder(folder: Path, made: Quantities) -> tuple[Path, Dataset | None]:
    """Write the folder; return it with its training rows."""
    task, n = QuantityTask(made.targets), len(made.y) - len(made.y) // 5
    folder.mkdir(parents=True)
    parts = {"model": made.predicted, "baseline": np.broadcast_to(made.y[:n].mean(axis=0), made.y.shape).copy()}
    fold = np.arange(n) % 5
    judged = {name: _judged(task, made, predicted, n, fold) for name, predicted in parts.items()}
    metric = task.default_metric(made.y)
    tables = [pd.concat([_lines(task, name, made.y[:n], one["at"], fold) for name, one in judged.items()])]
    tables[0].to_parquet(folder / "out_of_fold.parquet")
    chosen = judged["model"]
    _lines(task, "model", made.y[n:], chosen["at test"], np.full(len(made.y) - n, -1)).to_parquet(
        folder / "test.parquet"
    )
    first, second = (judged[name]["own"].metrics[metric].value for name in ("model", "baseline"))
    apart = {"value": second - first, "low": second - first - 0.1, "high": second - first + 0.1, "interval": "paired"}
    candidates = {
        "model": _candidate(judged["model"], None),
        "baseline": _candidate(judged["baseline"], apart),
    }
    metrics = {
        "schema": 1, "task": "quantities", "classes": list(made.targets), "positive": None, "metric": metric,
        "chosen": "model", "candidates": candidates, "failed": {}, "test": _figures(chosen["test"]),
        "test_openings": made.openings, "test_baseline": _figures(judged["baseline"]["test"]), "warnings": [],
    }  # fmt: skip
    (folder / "metrics.json").write_text(json.dumps(metrics, allow_nan=False))
    manifest = run_manifest(folder, "prices", "table", fold, n, len(made.y) - n, made.rule, made.openings)
    (folder / "manifest.json").write_text(json.dumps(manifest, allow_nan=False))
    (folder / "config.toml").write_text(f'format = 1\n\n[run]\nsource = "prices"\ndecide = "{made.rule}"\n')
    for name, study in made.studies.items():
        (folder / "analysis").mkdir(exist_ok=True)
        (folder / "analysis" / f"{name}.json").write_text(json.dumps(study))
    if made.table is None:
        return folder, None
    labels = np.array([repr(value) for value in made.y.ravel().tolist()], dtype=object).reshape(made.y.shape)
    return folder, Dataset("prices", "table", made.table.iloc[:n].reset_index(drop=True), labels[:n], source="memory")


def _judged(task, made, predicted, n, fold):
    difficulty = made.difficulty
    scores = None if difficulty is None else difficulty[:n]
    decision = task.decide(parse_rule(made.rule), made.y[:n], predicted[:n], scores)
    at, test = (
        task.apply(decision, Predictions(predicted[part], None if difficulty is None else difficulty[part], False))
        for part in (slice(n), slice(n, None))
    )
    return {
        "decision": decision,
        "at": at,
        "at test": test,
        "own": task.evaluate(made.y[:n], predicted[:n], fold=fold),
        "decided": task.evaluate(made.y[:n], at.predicted, at.scores, fold=fold, decision=decision),
        "test": task.evaluate(made.y[n:], test.predicted, test.scores, decision=decision),
    }


def _candidate(judged, difference):
    decision = judged["decision"]
    kept = {"rule": decision.rule, "kind": decision.kind, "out_of_fold": _figures(judged["decided"])}
    if decision.interval is not None:
        interval = asdict(decision.interval)
        kept["interval"] = {key: list(one) if isinstance(one, tuple) else one for key, one in interval.items()}
    if decision.shift is not None:
        kept["shift"] = list(decision.shift)
    return {
        "out_of_fold": _figures(judged["own"]), "decision": kept, "probabilities": False, "fit_seconds": 1.5,
        "predict_seconds": 0.5, "peak_bytes": 1_000_000, "difference_to_best": difference, "tied_with_best": False,
    }  # fmt: skip


def _figures(evaluation):
    return {name: estimate.as_dict() for name, estimate in evaluation.metrics.items()}


def _lines(task, name, y, at, fold):
    rows = len(y)
    columns = {"row": np.arange(rows), "id": [f"{row:016x}" for row in range(rows)], "fold": np.asarray(fold, np.int16)}
    scores = np.full((rows, len(task.score_columns)), np.nan) if at.scores is None else at.scores
    return pd.DataFrame(
        columns
        | {"candidate": name}
        | task.to_columns("true", y)
        | task.to_columns("predicted", at.predicted)
        | dict(zip(task.score_columns, scores.reshape(rows, -1).T, strict=True))
    )
