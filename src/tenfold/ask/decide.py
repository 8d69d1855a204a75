"""A new decision for a finished run: chosen again from its out-of-fold scores, without training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.data.holdout import Ledger, Openings, home_ledger
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule, parse_rule
from tenfold.errors import CheckFailedError
from tenfold.line.memory.judgement import CandidateFigures, judge
from tenfold.line.warnings import UNREADABLE, opening_warnings, unmet_warnings
from tenfold.record.bundle import replace_decision
from tenfold.record.config import read_config
from tenfold.record.folder import held_folder
from tenfold.record.metrics import Judged, decision_entry, evaluation_entry
from tenfold.record.predictions import replace_predicted
from tenfold.record.reread import out_of_fold_of, own_answers, scores_in, task_of, true_codes
from tenfold.record.run import Run, open_run, refuse_denoised
from tenfold.storage import write_json, write_whole
from tenfold.task import Task

__all__ = ["Redeciding", "decide"]


@dataclass(frozen=True)
class Redeciding:
    """
    How a run is judged again at another decision: in memory, or streamed.

    Parameters
    ----------
    judged : callable
        Gives the figures of each candidate by a rule: ``judged(run, task, rule)``.
    rewritten : callable
        Writes the predictions anew: ``rewritten(run, task, figures)``.
    tested : callable
        Gives the entries of metrics.json about the test part, and writes its predictions anew:
        ``tested(run, task, decision)``.
    """

    judged: Callable[[Run, Task, Rule], Mapping[str, Judged]]
    rewritten: Callable[[Run, Task, Mapping[str, Any]], None]
    tested: Callable[[Run, Task, Decision], dict[str, Any]]


def decide(
    path: Path,
    rule_text: str,
    draw_report: Callable[[Path], Any],
    ledger: Ledger | None = None,
    *,
    how: Redeciding | None = None,
) -> Run:
    """
    Choose the decision of a finished run again and write its files anew; the old decision stays on record.

    The test figures at the new decision are another look at the test part, and are counted as one.

    Parameters
    ----------
    path : Path
        A run folder.
    rule_text : str
        As for ``--decide``.
    draw_report : callable
        Draws the page of a run folder.
    ledger : Ledger, optional
        Of test openings; the user's own by default.
    how : Redeciding, optional
        In memory by default.

    Raises
    ------
    UsageError
        No such rule, or it does not fit the task.
    CheckFailedError
        The chosen candidate cannot meet the rule; the message gives the best reachable value.
    """
    rule, how = parse_rule(rule_text), how or Redeciding(_judged, _rewritten, _tested)
    refuse_denoised(open_run(path), "tenfold decide")
    with held_folder(path):
        run = open_run(path)
        task = task_of(run)
        task.refuse_rule(rule, run.path)
        figures = how.judged(run, task, rule)
        if figures[run.chosen].unmet is not None:
            raise CheckFailedError(str(figures[run.chosen].unmet), where=path)
        opening = f"{run.path.resolve()} at {datetime.now(UTC).isoformat()}"
        test = run.manifest["test"]
        openings = (ledger or home_ledger()).record(
            str(test["instances"]), opening, f"decide {rule.text}", former=str(test["key"])
        )
        # The run may come from another machine, whose openings no ledger here has.
        openings = replace(openings, count=max(openings.count, run.metrics["test_openings"] + 1))
        _write(run, task, figures, openings, how)
        draw_report(path)
    return open_run(path)


def _judged(run: Run, task: Task, rule: Rule) -> dict[str, CandidateFigures]:
    return {
        str(name): judge(task, true_codes(lines, task), out_of_fold_of(run, task, str(name)), rule)
        for name, lines in run.out_of_fold.groupby("candidate", sort=False)
    }


def _rewritten(run: Run, task: Task, figures: Mapping[str, CandidateFigures]) -> None:
    replace_predicted(run.folder.out_of_fold, task, {name: f.predicted for name, f in figures.items()})


def _write(run: Run, task: Task, figures: Mapping[str, Judged], openings: Openings, how: Redeciding) -> None:
    """Model first, so that at no time a new report stands beside an old model."""
    folder, decision = run.folder, figures[run.chosen].decision
    if folder.model.exists():
        replace_decision(folder.model, decision)
    how.rewritten(run, task, figures)
    tests = how.tested(run, task, decision)
    write_json(folder.metrics, _metrics(run, figures, tests, openings))
    config = replace(read_config(folder.config, folder.path), decide=decision.rule)
    write_whole(folder.config, config.as_toml())
    old = run.metrics["candidates"][run.chosen]["decision"]
    earlier = {"rule": old["rule"], "threshold": old["threshold"], "openings": run.metrics["test_openings"]}
    manifest = {
        **run.manifest,
        "config": config.as_dict(),
        "test": {**run.manifest["test"], "openings": openings.count},
        "previous_decisions": [*run.manifest.get("previous_decisions", []), earlier],
    }
    write_json(folder.manifest, manifest)


def _metrics(run: Run, figures: Mapping[str, Judged], tests: Mapping[str, Any], openings: Openings) -> dict[str, Any]:
    """The old figures with new decisions, new test figures, and the warnings that follow from them."""
    old = run.metrics
    candidates = {
        name: {**entry, "decision": decision_entry(figures[name])} for name, entry in old["candidates"].items()
    }
    unmet = {name: entry["decision"].get("unmet") for name, entry in old["candidates"].items()}
    outdated = {*opening_warnings(Openings(old["test_openings"])), UNREADABLE, *unmet_warnings(unmet)}
    kept = [line for line in old["warnings"] if line not in outdated]
    fresh = [*unmet_warnings({name: f.unmet for name, f in figures.items()}), *opening_warnings(openings)]
    return {**old, "candidates": candidates, **tests, "test_openings": openings.count, "warnings": [*fresh, *kept]}


def _tested(run: Run, task: Task, decision: Decision) -> dict[str, Any]:
    """The test figures from the saved scores of the test rows."""
    lines, probabilities = run.test, run.metrics["candidates"][run.chosen]["probabilities"]
    scores, true = scores_in(lines, task), true_codes(lines, task)
    predicted = decision.apply(scores, own_answers(lines, task, probabilities))
    evaluation = task.evaluate(true, predicted, scores, probabilities=probabilities)
    replace_predicted(run.folder.test, task, {run.chosen: predicted})
    return {
        "test": evaluation_entry(evaluation),
        "test_confusion_matrix": evaluation.confusion_matrix.tolist(),
    }
