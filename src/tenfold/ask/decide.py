"""A new decision for a finished run: chosen again from its out-of-fold scores, without training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tenfold.candidates.scores import Predictions
from tenfold.data.holdout import Ledger, Openings, home_ledger
from tenfold.data.holdout.ledger import UNREADABLE
from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule, parse_rule
from tenfold.errors import CheckFailedError
from tenfold.figures import Evaluation
from tenfold.line.memory.judgement import CandidateFigures, judge
from tenfold.line.warnings import opening_warnings, unmet_warnings
from tenfold.record.bundle import replace_decision
from tenfold.record.config import RunConfig, read_config
from tenfold.record.entries.from_figures import Judged, decision_record
from tenfold.record.entries.manifest import EarlierDecision, Manifest, write_manifest
from tenfold.record.entries.metrics import CandidateRecord, Metrics, write_metrics
from tenfold.record.folder import held_folder
from tenfold.record.predictions import predictions_in, replace_predicted
from tenfold.record.run import Run, open_run, out_of_fold_of, refuse_denoised
from tenfold.storage import write_whole
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
        Gives the figures of the test part, and writes its predictions anew: ``tested(run, task, decision)``.
    """

    judged: Callable[[Run, Task, Rule], Mapping[str, Judged]]
    rewritten: Callable[[Run, Task, Mapping[str, Any]], None]
    tested: Callable[[Run, Task, Decision], Evaluation]


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
    rule, how = parse_rule(rule_text), how or Redeciding(_decided_figures, _rewritten, _tested)
    refuse_denoised(open_run(path), "tenfold decide")
    with held_folder(path):
        run = open_run(path)
        task = run.task
        task.refuse_rule(rule, run.path)
        figures = how.judged(run, task, rule)
        if figures[run.chosen].unmet is not None:
            raise CheckFailedError(str(figures[run.chosen].unmet), where=path)
        opening = f"{run.path.resolve()} at {datetime.now(UTC).isoformat()}"
        metrics, test = run.record.metrics, run.record.manifest.test
        openings = (ledger or home_ledger()).record(test.instances, opening, f"decide {rule.text}", former=test.key)
        # The run may come from another machine, whose openings no ledger here has.
        openings = replace(openings, count=max(openings.count, metrics.test_openings + 1))
        _write(run, task, figures, openings, how)
        draw_report(path)
    return open_run(path)


def _decided_figures(run: Run, task: Task, rule: Rule) -> dict[str, CandidateFigures]:
    return {
        name: judge(task, predictions_in(run.lines(name), task).y, out_of_fold_of(run, name), rule)
        for name in map(str, run.out_of_fold["candidate"].unique())
    }


def _rewritten(run: Run, task: Task, figures: Mapping[str, CandidateFigures]) -> None:
    replace_predicted(run.folder.out_of_fold, task, {name: f.in_force for name, f in figures.items()})


def _write(run: Run, task: Task, figures: Mapping[str, Judged], openings: Openings, how: Redeciding) -> None:
    """Model first, so that at no time a new report stands beside an old model."""
    folder, decision = run.folder, figures[run.chosen].decision
    if folder.model.exists():
        replace_decision(folder.model, decision)
    how.rewritten(run, task, figures)
    tested = how.tested(run, task, decision)
    write_metrics(folder.metrics, _metrics(run.record.metrics, figures, tested, openings))
    config = replace(read_config(folder.config, folder.path), decide=decision.rule)
    write_whole(folder.config, config.as_toml())
    write_manifest(folder.manifest, _manifest(run, config, openings))


def _manifest(run: Run, config: RunConfig, openings: Openings) -> Manifest:
    """The old manifest with the decision that was in force on record."""
    metrics, manifest = run.record.metrics, run.record.manifest
    former = metrics.chosen_record.decision
    return replace(
        manifest,
        config=config.as_dict(),
        test=replace(manifest.test, openings=openings.count),
        previous_decisions=(
            *manifest.previous_decisions,
            EarlierDecision(former.rule, former.threshold, metrics.test_openings),
        ),
    )


def _metrics(old: Metrics, figures: Mapping[str, Judged], tested: Evaluation, openings: Openings) -> Metrics:
    """The old figures with new decisions, new test figures, and the warnings that follow from them."""
    unmet = {name: candidate.decision.unmet for name, candidate in old.candidates.items()}
    outdated = {*opening_warnings(Openings(old.test_openings)), UNREADABLE, *unmet_warnings(unmet)}
    lasting = [line for line in old.warnings if line not in outdated]
    fresh = [*unmet_warnings({name: f.unmet for name, f in figures.items()}), *opening_warnings(openings)]
    return replace(
        old,
        candidates={name: _decided(candidate, figures[name]) for name, candidate in old.candidates.items()},
        test=tested.metrics,
        test_confusion_matrix=tested.confusion_matrix if tested.confusion_matrix.size else None,
        test_openings=openings.count,
        warnings=(*fresh, *lasting),
    )


def _decided(candidate: CandidateRecord, figures: Judged) -> CandidateRecord:
    point = candidate.operating_point
    if point is None:
        raise TypeError("a candidate that restores images has no decision")
    return replace(candidate, operating_point=replace(point, decision=decision_record(figures)))


def _tested(run: Run, task: Task, decision: Decision) -> Evaluation:
    """The test figures from the saved scores of the test rows."""
    saved, chosen = predictions_in(run.test, task), run.record.metrics.chosen_record
    own = saved.own(task, chosen.decision.decision, chosen.probabilities)
    at: Predictions = task.apply(decision, own)
    evaluation: Evaluation = task.evaluate(
        saved.y, at.predicted, at.scores, probabilities=chosen.probabilities, decision=decision
    )
    replace_predicted(run.folder.test, task, {run.chosen: at})
    return evaluation
