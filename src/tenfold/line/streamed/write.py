"""The last step of a streamed run: everything it leaves in its folder, as a run in memory does, the manifest last."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenfold.candidates.streamed.model import StreamedModel
from tenfold.data.dataset import Dataset
from tenfold.data.streamed.source import TableSource
from tenfold.decision.rule import parse_rule
from tenfold.folds.unit import Unit
from tenfold.line.line import Finished
from tenfold.line.streamed.judgement import StreamedJudgement
from tenfold.line.streamed.judging import judging_of
from tenfold.line.streamed.predictions import predicted_tables, write_streamed_predictions
from tenfold.line.streamed.prepared import StreamPrepared
from tenfold.line.warnings import (
    baseline_warnings,
    failure_warnings,
    finding_warnings,
    opening_warnings,
    unmet_warnings,
    unused_columns_warning,
)
from tenfold.record.config import RunConfig
from tenfold.record.entries.from_figures import metrics_of
from tenfold.record.entries.manifest import (
    DataRecord,
    FinalModelRows,
    Manifest,
    StreamedRecord,
    manifest_of,
    write_manifest,
)
from tenfold.record.entries.metrics import Metrics, ProposalRecord, TrainingRows, write_metrics
from tenfold.record.folder import RunFolder
from tenfold.record.source import spoken_source
from tenfold.record.words.caveats import leaking_columns
from tenfold.record.words.proposal import PROPOSED_RULE, asks_for_another_decision, proposal
from tenfold.storage import write_whole
from tenfold.text import shown

__all__ = ["write_streamed_run"]

_UNLIKELY = 0.001
_Finished = Finished[StreamPrepared, StreamedJudgement, StreamedModel]


def write_streamed_run(
    folder: RunFolder,
    run: _Finished,
    request: RunConfig,
    source: TableSource,
    draw_report: Callable[[Path, Dataset | None], Any],
) -> None:
    """Write predictions, figures, config, manifest and report; the run is finished when the row store is gone."""
    job, task = run.prepared.job, run.prepared.task
    tables = (
        table
        for figures in run.judgement.candidates.values()
        for table in predicted_tables(job.store, task, figures.answers, figures.decision)
    )
    write_streamed_predictions(folder.out_of_fold, tables)
    decision = run.judgement.candidates[run.judgement.chosen].decision
    write_streamed_predictions(folder.test, predicted_tables(job.store, task, run.test.answers, decision, test=True))
    judging_of(task).write_curves(folder.curves, run.judgement.candidates)
    write_metrics(folder.metrics, _metrics(run))
    write_whole(folder.config, run.prepared.plan.config.as_toml())
    write_manifest(folder.manifest, _manifest(folder, run, request, source))
    draw_report(folder.path, None)
    folder.clear_work()


def _metrics(run: _Finished) -> Metrics:
    judgement = run.judgement
    metrics = metrics_of(
        run.prepared.task,
        run.prepared.plan.config.target,
        judgement.candidates,
        judgement.board,
        judgement.choice,
        test=run.test.evaluation,
        test_baseline=run.test.baseline,
        test_openings=run.opened.openings.count,
        failures=run.failures,
        warnings=_warnings(run),
        leaks=leaking_columns(run.prepared.findings, run.prepared.job.columns.unused),
        proposal=_proposal(run),
    )
    candidates = {name: replace(one, learnt_from=_training_rows(run, name)) for name, one in metrics.candidates.items()}
    return replace(metrics, candidates=candidates)


def _proposal(run: _Finished) -> ProposalRecord | None:
    """Another decision, where the chosen candidate's own finds too few."""
    task, chosen = run.prepared.task, run.judgement.candidates[run.judgement.chosen]
    if not asks_for_another_decision(task, chosen.decision, chosen.decided):
        return None
    judging = judging_of(task)
    decision = judging.decide(chosen.answers, chosen.streamed, parse_rule(PROPOSED_RULE))
    if decision.threshold is None:
        return None
    return proposal(decision, judging.at(chosen.answers, chosen.streamed, decision))


def _training_rows(run: _Finished, name: str) -> TrainingRows:
    """From how many of the rows at hand a candidate was fitted in each fold, and how often it met them."""
    records = [run.prepared.job.record(unit) for unit in run.prepared.job.units([name])]
    return TrainingRows(
        tuple(one.learnt_from for one in records),
        tuple(one.of for one in records),
        tuple(one.passes for one in records),
    )


def _warnings(run: _Finished) -> list[str]:
    """Gather the warnings of a run; the gravest first."""
    prepared, judgement = run.prepared, run.judgement
    return [
        *baseline_warnings(judgement.board),
        *unmet_warnings({name: figures.unmet for name, figures in judgement.candidates.items()}),
        *failure_warnings(run.failures),
        *opening_warnings(run.opened.openings),
        *_samples(run),
        *finding_warnings(prepared.findings, prepared.job.columns.unused),
        *unused_columns_warning(prepared.job.columns.unused),
        *_folds_differ(run),
        *_complaints(run),
        *prepared.facts.notes,
    ]


def _samples(run: _Finished) -> Iterator[str]:
    for name in run.judgement.candidates:
        record = run.prepared.job.record(Unit(name, 0))
        if record.learnt_from < record.of:
            yield (
                f"{name} learnt from a drawn sample: {record.learnt_from:,} of the {record.of:,} rows that fold 1 "
                "left it, and as many in the other folds."
            )


def _folds_differ(run: _Finished) -> Iterator[str]:
    chosen = run.judgement.candidates[run.judgement.chosen]
    chance = judging_of(run.prepared.task).agreement(chosen.answers, chosen.streamed)
    if chance is not None and chance < _UNLIKELY:
        yield f"The folds differ more than chance allows (p = {chance:.1g}), although they are drawn by content."


def _complaints(run: _Finished) -> Iterator[str]:
    job = run.prepared.job
    for name in run.judgement.candidates:
        lines = dict.fromkeys(line for unit in job.units([name]) for line in job.record(unit).complaints)
        yield from (f"{name}: {shown(line, 200)}" for line in lines)


def _manifest(folder: RunFolder, run: _Finished, request: RunConfig, source: TableSource) -> Manifest:
    prepared, facts = run.prepared, run.prepared.facts
    config = prepared.plan.config.as_dict()
    return manifest_of(
        folder.path.name,
        asked=request.as_dict(),
        config=config,
        data=DataRecord(
            name=prepared.name,
            kind="table",
            source=spoken_source(config["source"]),
            rows=facts.rows,
            fingerprint=facts.fingerprint,
            image_shape=None,
            columns=tuple(column.name for column in facts.columns),
            target=(config["target"],),
            notes=tuple(facts.notes),
        ),
        streamed=StreamedRecord(
            parts=len(source.parts),
            bytes=source.bytes,
            final_model=FinalModelRows(run.model.fit_rows, run.model.available_rows, run.model.passes),
        ),
        training_rows=prepared.plan.setting.rows,
        test=prepared.test,
        opened=run.opened,
        columns_unused=prepared.job.columns.unused,
        findings=prepared.findings,
        engine="local",
        seconds=run.seconds,
    )
