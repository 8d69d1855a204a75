"""The steps of a run for more rows than memory: those of a run in memory, a block of rows at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tenfold.candidates.regressors.difficulty import WithDifficulty
from tenfold.candidates.streamed.model import StreamedModel
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import find_kind
from tenfold.data.streamed.memory_budget import available_memory
from tenfold.data.streamed.row_store import RowStore
from tenfold.data.streamed.source import TableSource
from tenfold.decision.rule import Rule, parse_rule
from tenfold.errors import TenfoldError
from tenfold.folds.executor import Executor
from tenfold.folds.processes import ProcessExecutor
from tenfold.line.clock import Clock
from tenfold.line.line import Finished
from tenfold.line.streamed.difficulty import with_scaled_intervals
from tenfold.line.streamed.figures import Cost
from tenfold.line.streamed.final import SealedRows, StreamedTestFigures, first_rows, learn_all, streamed_test_figures
from tenfold.line.streamed.job import StreamJob
from tenfold.line.streamed.judgement import StreamedJudgement, streamed_judgement
from tenfold.line.streamed.prepared import FACTS, StreamPrepared, prepare_streamed
from tenfold.line.streamed.unit_predictions import answers_of_units
from tenfold.line.streamed.write import write_streamed_run
from tenfold.record.bundle import Classifier, save
from tenfold.record.config import RunConfig, read_config
from tenfold.record.folder import RunFolder
from tenfold.record.identity import DataIdentity, Identity, run_identity
from tenfold.record.source import spoken_source
from tenfold.storage import make_folder, remove_folder

__all__ = ["Streamed"]

_WORKER = "tenfold.line.streamed.worker"
_WORKER_BYTES = 1 << 29


@dataclass(frozen=True, eq=False)
class Streamed:
    """
    A run whose rows are streamed from disk, a block at a time.

    Parameters
    ----------
    config : RunConfig
        What is asked.
    source : TableSource
    draw_report : callable
        Draws the page of a run folder.
    cores : int
        Worker processes at most; fewer where memory is short. No figure depends on it.
    """

    config: RunConfig
    source: TableSource
    draw_report: Callable[[Path, Dataset | None], Any]
    cores: int = 1

    @property
    def rule(self) -> Rule:
        """The decision asked for."""
        return parse_rule(self.config.decide)

    def read_config(self, folder: RunFolder) -> RunConfig:
        """Return the config of a finished run in this folder."""
        return read_config(folder.config, folder.path)

    @contextmanager
    def executor(self, note: Callable[[str], None]) -> Iterator[tuple[Executor, int]]:
        """Return worker processes, as many as memory has room for."""
        workers = max(1, min(self.cores, available_memory() // _WORKER_BYTES))
        yield ProcessExecutor(workers, _WORKER), workers

    def prepare(self, folder: RunFolder, clock: Clock, places: int, note: Callable[[str], None]) -> StreamPrepared:
        """Read the table once and make every choice; what was refused, or interrupted before, leaves nothing."""
        begun = folder.work.exists()
        try:
            with clock.stage("read"):
                return prepare_streamed(self.config, self.source, folder.work, self.rule, places, note)
        except BaseException as fault:
            half_read = not (folder.work / FACTS).exists()
            if folder.work.exists() and (half_read or (isinstance(fault, TenfoldError) and not begun)):
                remove_folder(folder.work)
            raise

    def identity(self, prepared: StreamPrepared) -> Identity:
        """Return what a resumed run must not change."""
        groups = None if self.config.group is None else _groups_digest(prepared.job.store)
        data = DataIdentity(prepared.facts.fingerprint, groups)
        return run_identity(prepared.plan.config, data, streamed=True)

    def job(self, folder: RunFolder, prepared: StreamPrepared) -> StreamJob:
        """Return the units; what workers need lies in the work folder already."""
        return prepared.job

    def judge(
        self, folder: RunFolder, prepared: StreamPrepared, job: StreamJob, failures: Mapping[str, str]
    ) -> StreamedJudgement:
        """Compute all figures and choose."""
        names, setting = [name for name in prepared.names if name not in failures], prepared.plan.setting
        predictions = [(answers_of_units(job, name), _cost(job, name)) for name in names]
        seconds = {name: job.candidates[name].seconds(setting, setting.rows, setting.rows) for name in names}
        metric = str(prepared.plan.config.metric)
        work = make_folder(folder.work / "evaluation")
        made = streamed_judgement(prepared.task, predictions, self.rule, metric, seconds, work)
        return with_scaled_intervals(job, prepared.task, made, self.rule, work) if prepared.task.numeric else made

    def fit(self, prepared: StreamPrepared, judgement: StreamedJudgement) -> StreamedModel:
        """Fit the chosen candidate on every training row, or a sample of them."""
        return replace(learn_all(prepared.job, judgement.chosen), difficulty=judgement.difficulty)

    def save(
        self, folder: RunFolder, prepared: StreamPrepared, judgement: StreamedJudgement, model: StreamedModel
    ) -> None:
        """Write the bundle."""
        chosen = judgement.candidates[judgement.chosen]
        used = tuple(c.name for c in prepared.facts.columns if c.name not in prepared.job.columns.unused)
        golden = first_rows(prepared.job, used)
        classifier = Classifier(
            model=model.pipeline if model.difficulty is None else WithDifficulty(model.pipeline, model.difficulty),
            task=prepared.task,
            decision=chosen.decision,
            probabilities=chosen.result.probabilities,
            schema=find_kind("table").schema(golden),
            provenance=_provenance(folder, prepared, judgement),
        )
        save(classifier, folder.model, golden=golden)

    def test(
        self,
        folder: RunFolder,
        prepared: StreamPrepared,
        judgement: StreamedJudgement,
        model: StreamedModel,
        rows: SealedRows,
    ) -> StreamedTestFigures:
        """Let the model predict the opened test part."""
        decision = judgement.candidates[judgement.chosen].decision
        return streamed_test_figures(
            rows, prepared.task, judgement.chosen, model, decision, make_folder(folder.work / "test")
        )

    def study(self, folder: RunFolder, prepared: StreamPrepared, judgement: StreamedJudgement, clock: Clock) -> None:
        """Make none: the rows are not held."""

    def write(self, folder: RunFolder, finished: Finished[StreamPrepared, StreamedJudgement, StreamedModel]) -> None:
        """Write everything that the run leaves."""
        write_streamed_run(folder, finished, self.config, self.source, self.draw_report)


def _cost(job: StreamJob, name: str) -> Cost:
    """What judging a candidate took."""
    units = [job.record(unit) for unit in job.units([name])]
    return Cost(
        all(one.probabilities for one in units),
        tuple(one.fit_seconds for one in units),
        tuple(one.predict_seconds for one in units),
        max(one.peak_bytes for one in units),
    )


def _groups_digest(store: RowStore) -> str:
    digest = hashlib.sha256()
    for block in store.blocks("keys"):
        digest.update(block["keys"].astype("<u8").tobytes())
    return digest.hexdigest()


def _provenance(folder: RunFolder, prepared: StreamPrepared, judgement: StreamedJudgement) -> dict[str, Any]:
    config = prepared.plan.config
    chosen = judgement.candidates[judgement.chosen]
    return {
        "run": folder.path.name,
        "candidate": judgement.chosen,
        "data": prepared.name,
        "source": spoken_source(config.as_dict()["source"]),
        "fingerprint": prepared.facts.fingerprint,
        "training_rows": prepared.plan.setting.rows,
        "test_key": prepared.test.key,
        "test_instances": prepared.test.ids_digest,
        "seed": config.seed,
        "target": config.target,
        "labels": None,
        **({} if prepared.job.classes else {"target_range": [list(chosen.streamed.totals.range)]}),
    }
