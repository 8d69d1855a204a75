"""The last step: everything a run leaves in its folder, the manifest last."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.cluster.address import kind_of
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import find_kind
from tenfold.decision.decision import Decision
from tenfold.decision.rule import parse_rule
from tenfold.line.line import Finished
from tenfold.line.memory.judgement import Judgement, judge
from tenfold.line.memory.prepared import Prepared
from tenfold.line.memory.warnings import run_warnings
from tenfold.record.analysis import IMPORTANCE, made_for, read_study
from tenfold.record.augmentation import augmentation
from tenfold.record.bundle import Classifier, save
from tenfold.record.entries.from_figures import metrics_of
from tenfold.record.entries.manifest import DataRecord, Manifest, manifest_of, write_manifest
from tenfold.record.entries.metrics import Metrics, ProposalRecord, write_metrics
from tenfold.record.folder import RunFolder
from tenfold.record.neighbours import write_neighbours
from tenfold.record.predictions import prediction_table, write_predictions
from tenfold.record.source import spoken_source
from tenfold.record.words.caveats import leaking_columns
from tenfold.record.words.proposal import PROPOSED_RULE, asks_for_another_decision, proposal
from tenfold.storage import write_whole

__all__ = ["write_model", "write_run"]

_Finished = Finished[Prepared, Judgement, Pipeline]


def write_model(
    folder: RunFolder, pipeline: Pipeline, prepared: Prepared, chosen: str, decision: Decision, probabilities: bool
) -> None:
    """
    Write the bundle.

    Raises
    ------
    ModelError
        The pipeline holds a type that is not on the list of what a bundle may hold.
    """
    used = _used_columns(prepared)
    classifier = Classifier(
        model=pipeline,
        task=prepared.task,
        decision=decision,
        probabilities=probabilities,
        schema=find_kind(used.kind).schema(used.X, prepared.setting.layout),
        provenance={**_provenance(folder, prepared, chosen), **_library(pipeline)},
    )
    save(classifier, folder.model, golden=used.X)


def _used_columns(prepared: Prepared) -> Dataset:
    """The training part with the columns that the model needs, so that nothing else is asked for at prediction."""
    return prepared.training.without(prepared.setting.unused)


def _library(pipeline: Pipeline) -> dict[str, str]:
    """Who found the model, where several libraries can; it answers without them."""
    library = getattr(pipeline.steps[-1][1], "library_", None)
    return {} if library is None else {"library": library}


def _provenance(folder: RunFolder, prepared: Prepared, chosen: str) -> dict[str, Any]:
    return {
        "run": folder.path.name,
        "candidate": chosen,
        "data": prepared.data.name,
        "source": spoken_source(prepared.plan.config.as_dict()["source"]),
        "fingerprint": prepared.data.fingerprint,
        "training_rows": len(prepared.training),
        "test_key": prepared.test.key,
        "test_instances": prepared.test.ids_digest,
        "seed": prepared.plan.config.seed,
        "target": prepared.plan.config.target,
        "labels": prepared.plan.config.labels,
        **({} if prepared.setting.augment is None else {"augment": prepared.setting.augment}),
        **({"target_range": _target_range(prepared)} if prepared.setting.quantities else {}),
    }


def _target_range(prepared: Prepared) -> list[list[float]]:
    """The least and the greatest training value of each target."""
    values = prepared.codes.reshape(len(prepared.codes), -1)
    return [[float(column.min()), float(column.max())] for column in values.T]


def write_run(
    folder: RunFolder,
    run: _Finished,
    request: Mapping[str, Any],
    engine: str,
    draw_report: Callable[[Path, Dataset, Dataset], Any],
) -> None:
    """Write predictions, figures, config, manifest and report; the run is finished when the units are gone."""
    _write_predictions(folder, run)
    results = {name: figures.result for name, figures in run.judgement.candidates.items()}
    if run.prepared.all_held_out:  # they are named by their places among the lines of out_of_fold.parquet
        write_neighbours(folder.neighbours, results, run.judgement.chosen)
    metrics = _metrics(folder, run)
    manifest = _manifest(folder, run, request, kind_of(engine))
    write_metrics(folder.metrics, metrics)
    write_whole(folder.config, run.prepared.plan.config.as_toml())
    write_manifest(folder.manifest, manifest)
    draw_report(folder.path, run.prepared.held_out_rows, run.opened.data)
    folder.clear_work()


def _write_predictions(folder: RunFolder, run: _Finished) -> None:
    prepared, task = run.prepared, run.prepared.task
    tables = [
        prediction_table(
            prepared.held_out_rows,
            task,
            candidate=name,
            fold=prepared.held_out_folds,
            true=prepared.held_out_codes,
            predicted=figures.in_force.predicted,
            scores=figures.in_force.scores,
        )
        for name, figures in run.judgement.candidates.items()
    ]
    write_predictions(folder.out_of_fold, tables)
    test = run.test
    table = prediction_table(
        run.opened.data,
        task,
        candidate=run.judgement.chosen,
        fold=None,
        true=test.true,
        predicted=test.predicted,
        scores=test.scores,
    )
    write_predictions(folder.test, [table])


def _metrics(folder: RunFolder, run: _Finished) -> Metrics:
    warnings = run_warnings(run.prepared, run.judgement, run.failures, run.opened, _importance(folder, run.judgement))
    data, setting, judgement = run.prepared.data, run.prepared.setting, run.judgement
    return metrics_of(
        run.prepared.task,
        data.target_names[0] if data.kind == "table" and len(data.target_names) == 1 else None,
        judgement.candidates,
        judgement.board,
        judgement.choice,
        test=run.test.evaluation,
        test_baseline=run.test.baseline,
        test_openings=run.opened.openings.count,
        failures=run.failures,
        warnings=warnings,
        augment=None if setting.augment is None else augmentation(setting.augment, run.prepared.folds),
        leaks=leaking_columns(run.prepared.findings, setting.unused),
        proposal=_proposal(run),
        shuffled=judgement.shuffled,
    )


def _importance(folder: RunFolder, judgement: Judgement) -> dict[str, Any] | None:
    """The study of importance, where it was made on the way."""
    threshold = judgement.candidates[judgement.chosen].decision.threshold
    rests_on = made_for(IMPORTANCE, judgement.chosen, judgement.board.metric, threshold)
    return read_study(folder.path, IMPORTANCE, rests_on)


def _proposal(run: _Finished) -> ProposalRecord | None:
    """Another decision, where the chosen candidate's own finds too few."""
    task, chosen = run.prepared.task, run.judgement.candidates[run.judgement.chosen]
    if not asks_for_another_decision(task, chosen.decision, chosen.decided):
        return None
    other = judge(task, run.prepared.held_out_codes, chosen.result, parse_rule(PROPOSED_RULE))
    return proposal(other.decision, other.decided)


def _manifest(folder: RunFolder, run: _Finished, request: Mapping[str, Any], engine: str) -> Manifest:
    data, prepared = run.prepared.data, run.prepared
    config = prepared.plan.config.as_dict()
    return manifest_of(
        folder.path.name,
        asked=request,
        config=config,
        data=DataRecord.of(data, spoken_source(config["source"])),
        training_rows=len(prepared.training),
        test=prepared.test,
        opened=run.opened,
        columns_unused=prepared.setting.unused,
        roles=prepared.roles,
        findings=prepared.findings,
        own_sources=prepared.sources,
        engine=engine,
        seconds=run.seconds,
        judged_rows=None if prepared.all_held_out else len(prepared.held_out),
    )
