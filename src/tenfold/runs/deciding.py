"""A new decision for a finished run: chosen again from its out-of-fold scores, without training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tenfold.bundle import replace_decision
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule, parse_rule
from tenfold.errors import UsageError
from tenfold.evaluation import evaluate
from tenfold.folds.result import OutOfFold
from tenfold.holdout import Ledger, home_ledger
from tenfold.runs.figures import decision_entry, evaluation_entry
from tenfold.runs.folder import held_folder
from tenfold.runs.judgement import CandidateFigures, judge
from tenfold.runs.opened import Run, open_run
from tenfold.runs.predictions import replace_predicted
from tenfold.runs.prepared import refuse_unfit
from tenfold.storage import write_json
from tenfold.task import Task

__all__ = ["decide"]


@dataclass(frozen=True, eq=False)
class _Redecided:
    """One candidate at the new decision."""

    name: str
    figures: CandidateFigures


def decide(path: Path, rule_text: str, write_report: Callable[[Path], Any], ledger: Ledger | None = None) -> Run:
    """
    Choose the decision of a finished run again and write its files anew; the old decision stays on record.

    The test figures at the new decision are another look at the test part, and are counted as one.

    Parameters
    ----------
    path : Path
        A run folder.
    rule_text : str
        As for ``--decide``.
    write_report : callable
        Draws the page of a run folder.
    ledger : Ledger, optional
        Of test openings; the user's own by default.

    Raises
    ------
    CheckFailedError
        The chosen candidate cannot meet the rule; the message gives the best reachable value.
    """
    rule = parse_rule(rule_text)
    open_run(path)
    with held_folder(path):
        run = open_run(path)
        task = task_of(run)
        refuse_unfit(rule, task)
        redecided = [_redecided(run, task, name, rule) for name in run.metrics["candidates"]]
        chosen = next(entry.figures for entry in redecided if entry.name == run.chosen)
        if chosen.unmet is not None:
            raise UsageError(chosen.unmet, where=path)
        openings = (ledger or home_ledger()).record(
            run.manifest["test"]["key"], f"{run.path.resolve()}@{datetime.now(UTC).isoformat()}", f"decide {rule_text}"
        )
        _write(run, task, redecided, chosen.decision, openings)
        write_report(path)
    return open_run(path)


def task_of(run: Run) -> Task:
    """Read the task of a run from its figures."""
    metrics, config = run.metrics, run.manifest["config"]
    classes = tuple(metrics["classes"])
    rest = config.get("positive") if classes[0] == f"not {metrics['positive']}" else None
    return Task(metrics["task"], classes, metrics["positive"], rest)


def out_of_fold_of(run: Run, task: Task, name: str) -> OutOfFold:
    """Read a candidate's out-of-fold predictions, at its own decision, from a run folder."""
    lines, entry = run.out_of_fold.query("candidate == @name"), run.metrics["candidates"][name]
    scores = _scores(lines, task)
    predicted = _code(task, lines["predicted"])
    if scores is not None and task.type == "binary":
        predicted = (scores > (0.5 if entry["probabilities"] else 0.0)).astype(np.int64)
    spent = (entry["fit_seconds"],), (entry["predict_seconds"],)
    return OutOfFold(
        name, lines["fold"].to_numpy(np.int16), predicted, scores, entry["probabilities"], *spent, entry["peak_bytes"]
    )


def _scores(lines: pd.DataFrame, task: Task) -> Any:
    values = lines[[f"score:{name}" for name in task.score_names]].to_numpy(np.float64)
    if np.isnan(values).any():
        return None
    return values[:, 0] if task.type == "binary" else values


def _code(task: Task, names: pd.Series) -> Any:
    return names.map({name: code for code, name in enumerate(task.classes)}).to_numpy(np.int64)


def _redecided(run: Run, task: Task, name: str, rule: Rule) -> _Redecided:
    lines = run.out_of_fold.query("candidate == @name")
    return _Redecided(name, judge(task, _code(task, lines["true"]), out_of_fold_of(run, task, name), rule))


def _write(run: Run, task: Task, redecided: list[_Redecided], decision: Decision, openings: int) -> None:
    """Model first, so that at no time a new report stands beside an old model."""
    folder, metrics, manifest = run.folder, dict(run.metrics), dict(run.manifest)
    old = metrics["candidates"][run.chosen]["decision"]
    if folder.model.exists():
        replace_decision(folder.model, decision)
    replace_predicted(folder.out_of_fold, {e.name: task.decode(e.figures.predicted) for e in redecided})
    metrics |= _test_entries(run, task, decision, openings)
    for entry in redecided:
        before = metrics["candidates"][entry.name]
        metrics["candidates"][entry.name] = {**before, "decision": decision_entry(entry.figures)}
    manifest["test"] = {**manifest["test"], "openings": openings}
    kept = {key: old[key] for key in ("rule", "threshold")}
    manifest["previous_decisions"] = [*manifest.get("previous_decisions", []), kept]
    write_json(folder.metrics, metrics)
    write_json(folder.manifest, manifest)


def _test_entries(run: Run, task: Task, decision: Decision, openings: int) -> dict[str, Any]:
    """The test figures from the saved scores of the test rows."""
    lines = run.test
    probabilities = run.metrics["candidates"][run.chosen]["probabilities"]
    scores, true = _scores(lines, task), _code(task, lines["true"])
    own = _code(task, lines["predicted"]) if scores is None else scores > (0.5 if probabilities else 0.0)
    predicted = decision.apply(scores, np.asarray(own, np.int64))
    evaluation = evaluate(task, true, predicted, scores, probabilities=probabilities)
    replace_predicted(run.folder.test, {run.chosen: task.decode(predicted)})
    return {
        "test": evaluation_entry(evaluation),
        "test_confusion_matrix": evaluation.confusion_matrix.tolist(),
        "test_openings": openings,
    }
