"""The straight line for more rows than memory: the same steps as of a run in memory, a block of rows at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tenfold.candidates.streamed.learners import LEARNERS, Learnt
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger, OpenedTest, open_test_part
from tenfold.data.streamed.memory_budget import available_memory
from tenfold.data.streamed.row_store import Spool
from tenfold.data.streamed.source import TableSource
from tenfold.decision.rule import Rule, parse_rule
from tenfold.errors import ModelError, PartsFailedError, TenfoldError
from tenfold.folds.loop import Progress, do_units
from tenfold.folds.processes import ProcessExecutor
from tenfold.line.clock import Clock
from tenfold.line.line import Listener, already_there
from tenfold.line.streamed.final import TestRows, TestSaid, first_rows, learn_all, test_said
from tenfold.line.streamed.judgement import Spent, StreamedJudgement, streamed_judgement
from tenfold.line.streamed.prepared import FACTS, StreamPrepared, prepare_streamed
from tenfold.line.streamed.unit_predictions import answers_of_units
from tenfold.line.streamed.write import StreamFinished, write_streamed_run
from tenfold.record.bundle import Classifier, InputSchema, save
from tenfold.record.config import RunConfig
from tenfold.record.folder import RunFolder, held_folder
from tenfold.record.identity import DataIdentity, run_identity
from tenfold.record.run import Run, open_run
from tenfold.record.source import spoken_source
from tenfold.storage import make_folder, remove_folder, write_whole

__all__ = ["stream"]

_WORKER = "tenfold.line.streamed.worker"
_WORKER_BYTES = 1 << 29


def stream(
    config: RunConfig,
    source: TableSource,
    out: Path,
    draw_report: Callable[[Path, Dataset | None], Any],
    *,
    listener: Listener,
    cores: int,
    ledger: Ledger,
) -> Run:
    """
    Go the whole line for a table that is streamed, and leave a run folder; resume what was started there before.

    Parameters
    ----------
    config : RunConfig
    source : TableSource
    out : Path
        The run folder.
    draw_report : callable
        Draws the page of a run folder.
    listener : Listener
    cores : int
        Worker processes at most; fewer where memory is short. No figure depends on it.
    ledger : Ledger
        Of test openings.

    Raises
    ------
    TenfoldError
        Whatever is refused, with its exit code.
    """
    rule, clock = parse_rule(config.decide), Clock(listener.stage)
    with held_folder(out) as folder:
        if folder.finished:
            return already_there(folder, config)
        ledger.refuse_unwritable()
        workers = max(1, min(cores, available_memory() // _WORKER_BYTES))
        with clock.stage("read"):
            prepared = _prepared(folder, config, source, rule, workers, listener.noted)
        listener.planned(prepared.plan)
        _claim(folder, config, prepared)
        with clock.stage("judge out of fold"):
            failures = _judge(folder, prepared, workers, listener.progressed)
        with clock.stage("evaluate"):
            judged = _judged(folder, prepared, failures, rule)
        with clock.stage("final model"):
            learnt = learn_all(prepared.job, judged.chosen)
            failures |= _save(folder, prepared, judged, learnt)
        with clock.stage("test"):
            opened = open_test_part(prepared.test, ledger, folder.run_id(), f"final test of {folder.path.name}")
            said = _test(folder, prepared, judged, learnt, opened)
        with clock.stage("write"):
            finished = StreamFinished(config, source, prepared, judged, failures, learnt, said, opened, clock.seconds)
            write_streamed_run(folder, finished, draw_report)
    return open_run(out)


def _prepared(
    folder: RunFolder, config: RunConfig, source: TableSource, rule: Rule, workers: int, note: Callable[[str], None]
) -> StreamPrepared:
    """Prepare the run; what was refused, or interrupted before the table was read, leaves nothing behind."""
    begun = folder.work.exists()
    try:
        return prepare_streamed(config, source, folder.work, rule, workers, note)
    except BaseException as fault:
        half_read = not (folder.work / FACTS).exists()
        if folder.work.exists() and (half_read or (isinstance(fault, TenfoldError) and not begun)):
            remove_folder(folder.work)
        raise


def _claim(folder: RunFolder, config: RunConfig, prepared: StreamPrepared) -> None:
    groups = None if config.group is None else _groups_digest(prepared.job.spool)
    data = DataIdentity(prepared.facts.fingerprint, groups)
    folder.claim(run_identity(prepared.plan.config, data, streamed=True))
    write_whole(folder.work / "asked.toml", config.as_toml())


def _groups_digest(spool: Spool) -> str:
    digest = hashlib.sha256()
    for block in spool.blocks("keys"):
        digest.update(block["keys"].astype("<u8").tobytes())
    return digest.hexdigest()


def _judge(
    folder: RunFolder, prepared: StreamPrepared, workers: int, tell: Callable[[Progress], None]
) -> dict[str, str]:
    job, names = prepared.job, prepared.plan.names
    failures = do_units(job, job.units(names), ProcessExecutor(workers, _WORKER), tell)
    if len(failures) >= len(names) - 1 and len(names) > 1:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in failures.items())
        raise PartsFailedError(f"every candidate failed: {reasons}", where=folder.path)
    return failures


def _judged(folder: RunFolder, prepared: StreamPrepared, failures: Mapping[str, str], rule: Rule) -> StreamedJudgement:
    job, setting = prepared.job, prepared.plan.setting
    names = [name for name in prepared.plan.names if name not in failures]
    judged = []
    for name in names:
        told = [job.answered(unit) for unit in job.units([name])]
        spent = Spent(
            all(one.probabilities for one in told),
            tuple(one.fit_seconds for one in told),
            tuple(one.predict_seconds for one in told),
            max(one.peak_bytes for one in told),
        )
        judged.append((answers_of_units(job, name), spent))
    cost = {name: LEARNERS[name].seconds(setting, setting.rows, setting.rows) for name in names}
    metric = str(prepared.plan.config.metric)
    return streamed_judgement(prepared.task, judged, rule, metric, cost, make_folder(folder.work / "evaluation"))


def _save(folder: RunFolder, prepared: StreamPrepared, judged: StreamedJudgement, learnt: Learnt) -> dict[str, str]:
    """Write the bundle; give why not, where a type in it is not on the list of what one may hold."""
    chosen = judged.candidates[judged.chosen]
    used = tuple(c.name for c in prepared.facts.columns if c.name not in prepared.job.columns.unused)
    golden = first_rows(prepared.job, used)
    classifier = Classifier(
        pipeline=learnt.pipeline,
        task=prepared.task,
        decision=chosen.decision,
        probabilities=chosen.result.probabilities,
        schema=InputSchema.of(Dataset(prepared.name, "table", golden, None, source=prepared.name)),
        provenance=_provenance(folder, prepared, judged.chosen),
    )
    try:
        save(classifier, folder.model, golden=golden)
    except ModelError as fault:
        return {"model": str(fault)}
    return {}


def _provenance(folder: RunFolder, prepared: StreamPrepared, chosen: str) -> dict[str, Any]:
    config = prepared.plan.config
    return {
        "run": folder.path.name,
        "candidate": chosen,
        "data": prepared.name,
        "source": spoken_source(config.as_dict()["source"]),
        "fingerprint": prepared.facts.fingerprint,
        "training_rows": prepared.plan.setting.rows,
        "test_key": prepared.test.key,
        "test_instances": prepared.test.ids_digest,
        "seed": config.seed,
        "target": config.target,
        "labels": None,
    }


def _test(
    folder: RunFolder,
    prepared: StreamPrepared,
    judged: StreamedJudgement,
    learnt: Learnt,
    opened: OpenedTest[TestRows],
) -> TestSaid:
    decision = judged.candidates[judged.chosen].decision
    work = make_folder(folder.work / "test")
    return test_said(opened.data, prepared.task, judged.chosen, learnt, decision, work)
