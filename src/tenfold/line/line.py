"""The straight line: data to out-of-fold predictions, to figures and a decision, to a model, to one test, to files."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.analysis.studies.importance import importance_seconds, study_importance
from tenfold.analysis.studies.study_input import Subject
from tenfold.candidates.catalogue import refuse_untrusted
from tenfold.candidates.entry import Candidate
from tenfold.candidates.search import with_setting
from tenfold.cluster.address import LOCAL, kind_of
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger, home_ledger, open_test_part
from tenfold.decision.rule import parse_rule
from tenfold.errors import ModelError, PartsFailedError, UsageError
from tenfold.folds.engine import opened_executor
from tenfold.folds.executor import Executor
from tenfold.folds.job import Job
from tenfold.folds.loop import Judged, Progress, judge_out_of_fold
from tenfold.folds.processes import usable_cores
from tenfold.line.clock import Clock
from tenfold.line.final import final_model, test_figures
from tenfold.line.judgement import Judgement, judgement
from tenfold.line.plan import Announced
from tenfold.line.prepared import Prepared, prepare
from tenfold.line.write import Finished, write_model, write_run
from tenfold.record.config import RunConfig, read_config
from tenfold.record.folder import RunFolder, held_folder
from tenfold.record.identity import data_identity, own_code, run_identity
from tenfold.record.run import Run, open_run
from tenfold.record.source import is_same_request
from tenfold.storage import write_whole

__all__ = ["Listener", "already_there", "execute"]

_MANY_ROWS = 20_000
_STUDY_SECONDS, _LONG_STUDY_SECONDS = 5.0, 10.0
_WRITES_MODELS = "skops.io"


@dataclass(frozen=True)
class Listener:
    """
    Whoever wants to know how a run goes: each field is called at its moment.

    Parameters
    ----------
    planned : callable
        With the plan, before any work.
    stage : callable
        With the name of each stage as it begins.
    progressed : callable
        With the progress of the out-of-fold loop.
    noted : callable
        With a line about the engine, such as a worker that is lost.
    """

    planned: Callable[[Announced], None] = lambda plan: None
    stage: Callable[[str], None] = lambda name: None
    progressed: Callable[[Progress], None] = lambda progress: None
    noted: Callable[[str], None] = lambda line: None


def execute(
    config: RunConfig,
    out: Path,
    load: Callable[[RunConfig], Dataset],
    draw_report: Callable[[Path, Dataset], Any],
    *,
    listener: Listener | None = None,
    own: Mapping[str, Any] | None = None,
    trusted: Collection[str] = (),
    cores: int | None = None,
    engine: str = LOCAL,
    ledger: Ledger | None = None,
) -> Run:
    """
    Go the whole line and leave a run folder; resume what was started there before.

    Parameters
    ----------
    config : RunConfig
        What is asked.
    out : Path
        The run folder.
    load : callable
        Gives the data of a config.
    draw_report : callable
        Draws the page of a run folder; it is given the training rows.
    listener : Listener, optional
    own : mapping of name to classifier, optional
        Live classifiers beside those of the catalogue; they are judged in this process.
    trusted : collection of str
        Names ``module:object`` whose code may be imported: the user typed them, no file alone can ask for that.
    cores : int, optional
        Worker processes; all cores by default. No figure depends on it.
    engine : str
        ``local``, or the Dask cluster that judges out of fold: ``dask://host:port``, ``dask+tls://host:port``. No
        figure depends on it, and a run may be resumed by another one.
    ledger : Ledger, optional
        Of test openings; the user's own by default.

    Returns
    -------
    Run
        Its ``metrics["failed"]`` names the candidates that failed, if any.

    Raises
    ------
    TenfoldError
        Whatever is refused, with its exit code.
    """
    told, rule, own, cores = listener or Listener(), parse_rule(config.decide), own or {}, cores or usable_cores()
    clock, ledger = Clock(told.stage), ledger or home_ledger()
    refuse_untrusted(config.models or (), trusted)
    with held_folder(out) as folder:
        if folder.finished:
            return already_there(folder, config)
        ledger.refuse_unwritable()
        with opened_executor(engine, cores, own, told.noted) as (executor, places):
            with clock.stage("load"):
                data = load(config)
            with clock.stage("check"):
                prepared = prepare(config, data, rule, own, places, trusted)
            told.planned(prepared.plan)
            _claim(folder, config, prepared, own)
            with clock.stage("judge out of fold"):
                judged = _judged(folder, prepared, executor, told.progressed)
        with clock.stage("evaluate"):
            figures = judgement(prepared, judged, rule)
        model, finished = _finish(folder, config, prepared, judged, figures, clock, cores, engine, ledger)
        if (subject := _affordable(prepared, figures)) is not None:
            # A run does not fail for a study: without one the page says how to make it, which then tells the fault.
            with clock.stage("importance"), suppress(Exception):
                study_importance(subject, folder.path)
        with clock.stage("write"):
            write_run(folder, finished, draw_report)
    return replace(open_run(out), pipeline=model)


def _affordable(prepared: Prepared, figures: Judgement) -> Subject | None:
    """The subject of the study of importance, where it takes seconds; a page without it says how to get it."""
    if prepared.task.type not in {"binary", "multiclass"}:
        return None
    subject = Subject(
        _settled(prepared, figures),
        prepared.training,
        prepared.task,
        prepared.codes,
        prepared.folds,
        prepared.setting,
        figures.candidates[figures.chosen].result,
        figures.candidates[figures.chosen].decision,
        figures.board.metric,
    )
    room = _STUDY_SECONDS if len(prepared.training) <= _MANY_ROWS else _LONG_STUDY_SECONDS
    return subject if importance_seconds(subject) <= room else None


def _settled(prepared: Prepared, figures: Judgement) -> Candidate:
    """The chosen candidate at the setting that was best over all folds."""
    candidate, tuning = prepared.plan.candidates[figures.chosen], figures.candidates[figures.chosen].tuning
    return candidate if tuning is None else with_setting(candidate, tuning.setting)


def already_there(folder: RunFolder, config: RunConfig) -> Run:
    """
    Answer the same request of a finished run by that run.

    Raises
    ------
    UsageError
        The folder holds a run of another request.
    """
    run = open_run(folder.path)
    kept = read_config(folder.config, folder.path).as_dict()
    if any(is_same_request(one, config) for one in (run.manifest["asked"], kept)):
        return run
    raise UsageError(
        "this folder holds a finished run of another request", where=folder.path, do="choose another --out"
    )


def _claim(folder: RunFolder, config: RunConfig, prepared: Prepared, own: Collection[str]) -> None:
    plan = prepared.plan
    code = own_code(plan.candidates, prepared.sources, own)
    folder.claim(run_identity(plan.config, data_identity(prepared.data), code))
    write_whole(folder.work / "asked.toml", config.as_toml())


def _judged(folder: RunFolder, prepared: Prepared, executor: Executor, tell: Callable[[Progress], None]) -> Judged:
    """Judge every candidate; it is fatal only when all but the baseline fail."""
    plan = prepared.plan
    # Half a second of imports, which the end of a run would otherwise wait for; now only workers are waited for.
    threading.Thread(target=import_module, args=(_WRITES_MODELS,), daemon=True).start()
    job = Job(
        folder.work,
        prepared.training,
        prepared.codes,
        prepared.folds,
        prepared.task,
        plan.setting,
        plan.candidates,
        plan.config.tune,
        prepared.sources,
    )
    judged = judge_out_of_fold(job, list(plan.candidates), executor, tell)
    if judged.failures and len(judged.results) < 2 <= len(plan.candidates):
        reasons = "; ".join(f"{name}: {reason}" for name, reason in judged.failures.items())
        raise PartsFailedError(f"every candidate failed: {reasons}", where=folder.path)
    return judged


def _finish(
    folder: RunFolder,
    config: RunConfig,
    prepared: Prepared,
    judged: Judged,
    figures: Judgement,
    clock: Clock,
    cores: int,
    engine: str,
    ledger: Ledger,
) -> tuple[Pipeline, Finished]:
    """Fit the chosen candidate on everything, save it, open the test part once."""
    chosen, failures = figures.chosen, dict(judged.failures)
    decision = figures.candidates[chosen].decision
    with clock.stage("final model"):
        pipeline = final_model(_settled(prepared, figures), prepared.training, prepared.codes, cores)
        try:
            write_model(folder, pipeline, prepared, chosen, decision, figures.candidates[chosen].result.probabilities)
        except ModelError as fault:
            failures["model"] = str(fault)
    with clock.stage("test"):
        opened = open_test_part(prepared.test, ledger, folder.run_id(), f"final test of {folder.path.name}")
        test = test_figures(pipeline, decision, opened.data, prepared.task, prepared.codes)
    asked, where = config.as_dict(), kind_of(engine)
    return pipeline, Finished(asked, prepared, judged, figures, failures, test, opened, clock.seconds, where)
