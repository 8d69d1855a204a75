"""The steps of a run in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.analysis.studies.importance import importance_seconds, study_importance
from tenfold.analysis.studies.study_input import Subject, is_studied
from tenfold.candidates.catalogue import refuse_untrusted
from tenfold.candidates.entry import BASELINE, Candidate
from tenfold.candidates.regressors.difficulty import WithDifficulty
from tenfold.candidates.search import with_setting
from tenfold.cluster.address import LOCAL
from tenfold.data.dataset import Dataset
from tenfold.data.scratch import Scratch
from tenfold.decision.rule import Rule, parse_rule
from tenfold.folds.assign import MANY_ROWS
from tenfold.folds.engine import opened_executor
from tenfold.folds.executor import Executor
from tenfold.folds.job import Job, write_job
from tenfold.folds.loop import gather
from tenfold.line.clock import Clock
from tenfold.line.line import Finished
from tenfold.line.memory.difficulty import with_scaled_intervals
from tenfold.line.memory.final import TestFigures, final_model, test_figures, test_predictions
from tenfold.line.memory.judgement import Judgement, judgement
from tenfold.line.memory.prepared import Prepared, prepare
from tenfold.line.memory.shuffled import shuffled_figure
from tenfold.line.memory.write import write_model, write_run
from tenfold.record.config import RunConfig, read_config
from tenfold.record.folder import RunFolder
from tenfold.record.identity import Identity, data_identity, own_code, run_identity
from tenfold.task import is_built_in

__all__ = ["InMemory"]

_STUDY_SECONDS, _LONG_STUDY_SECONDS = 5.0, 10.0


@dataclass(frozen=True, eq=False)
class InMemory:
    """
    A run whose rows are in memory.

    Parameters
    ----------
    config : RunConfig
        What is asked.
    load : callable
        Gives the data of a config; what does not fit in memory has a place on disk.
    draw_report : callable
        Draws the page of a run folder; it is given the training rows and those of the test part.
    own : mapping of name to classifier
        Live classifiers beside those of the catalogue; they are judged in this process.
    trusted : collection of str
        Names ``module:object`` whose code may be imported: the user typed them, no file alone can ask for that.
    cores : int
        Worker processes. No figure depends on it.
    engine : str
        ``local``, or the Dask cluster that judges out of fold: ``dask://host:port``, ``dask+tls://host:port``. No
        figure depends on it, and a run may be resumed by another one.
    """

    config: RunConfig
    load: Callable[[RunConfig, Scratch], Dataset]
    draw_report: Callable[[Path, Dataset, Dataset], Any]
    own: Mapping[str, Any] = field(default_factory=dict)
    trusted: Collection[str] = ()
    cores: int = 1
    engine: str = LOCAL

    @property
    def rule(self) -> Rule:
        """The decision asked for."""
        return parse_rule(self.config.decide)

    def read_config(self, folder: RunFolder) -> RunConfig:
        """Return the config of a finished run in this folder."""
        return read_config(folder.config, folder.path)

    def executor(self, note: Callable[[str], None]) -> AbstractContextManager[tuple[Executor, int]]:
        """Return worker processes or a cluster; this process alone for live classifiers."""
        return opened_executor(self.engine, self.cores, self.own, note)

    def prepare(self, folder: RunFolder, clock: Clock, places: int, note: Callable[[str], None]) -> Prepared:
        """Load and check the data, and make every choice."""
        refuse_untrusted(self.config.models or (), self.trusted)
        with clock.stage("load"):
            data = self.load(self.config, Scratch(folder.work, self.cores))
        with clock.stage("check"):
            return prepare(self.config, data, self.rule, self.own, places, self.trusted)

    def identity(self, prepared: Prepared) -> Identity:
        """Return what a resumed run must not change."""
        plan = prepared.plan
        code = own_code(plan.candidates, prepared.sources, self.own)
        return run_identity(plan.config, data_identity(prepared.data), code)

    def job(self, folder: RunFolder, prepared: Prepared) -> Job:
        """Write the units' data into the work folder."""
        plan = prepared.plan
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
        write_job(job)
        return job

    def judge(self, folder: RunFolder, prepared: Prepared, job: Job, failures: Mapping[str, str]) -> Judgement:
        """Compute all figures and choose."""
        made = judgement(prepared, gather(job, prepared.names, failures), self.rule)
        if prepared.setting.quantities:
            made = with_scaled_intervals(prepared, made, self.rule)
        return replace(
            made,
            shuffled=shuffled_figure(
                prepared, made, _settled(prepared, made), folder.work, self.cores, live=bool(self.own)
            ),
        )

    def fit(self, prepared: Prepared, judgement: Judgement) -> Pipeline:
        """Fit the chosen candidate, at its best setting, on every training row."""
        return final_model(_settled(prepared, judgement), prepared.training, prepared.codes, self.cores)

    def save(self, folder: RunFolder, prepared: Prepared, judgement: Judgement, model: Pipeline) -> None:
        """Write the bundle."""
        chosen = judgement.candidates[judgement.chosen]
        whole = _with_difficulty(model, judgement)
        write_model(folder, whole, prepared, judgement.chosen, chosen.decision, chosen.result.probabilities)

    def test(
        self, folder: RunFolder, prepared: Prepared, judgement: Judgement, model: Pipeline, rows: Dataset
    ) -> TestFigures:
        """Let the model predict the opened test part: as it was saved, where it is a program of arrays."""
        decision = judgement.candidates[judgement.chosen].decision
        baseline = prepared.plan.candidates[BASELINE]
        predictions = test_predictions(folder, _with_difficulty(model, judgement), rows, prepared.task)
        return test_figures(predictions, decision, rows, prepared.task, prepared.codes, baseline)

    def study(self, folder: RunFolder, prepared: Prepared, judgement: Judgement, clock: Clock) -> None:
        """Study the importance of columns or pixels, where that takes seconds."""
        if (subject := _affordable(prepared, judgement)) is not None:
            # A run does not fail for a study: without one the page says how to make it, which then tells the fault.
            with clock.stage("importance"), suppress(Exception):
                study_importance(subject, folder.path)

    def write(self, folder: RunFolder, finished: Finished[Prepared, Judgement, Pipeline]) -> None:
        """Write everything that the run leaves."""
        write_run(folder, finished, self.config.as_dict(), self.engine, self.draw_report)


def _with_difficulty(model: Pipeline, judgement: Judgement) -> Any:
    return model if judgement.difficulty is None else WithDifficulty(model, judgement.difficulty)


def _affordable(prepared: Prepared, judgement: Judgement) -> Subject | None:
    """The input of the study of importance, where it takes seconds; a page without it says how to get it."""
    if not is_studied(prepared.task) or not is_built_in(prepared.task) or not prepared.training.traits.part:
        return None
    if not prepared.all_held_out:  # a study holds folds out, and learns from all others: later ones too
        return None
    chosen = judgement.candidates[judgement.chosen]
    subject = Subject(
        _settled(prepared, judgement),
        prepared.training,
        prepared.task,
        prepared.codes,
        prepared.folds,
        prepared.setting,
        chosen.result,
        chosen.decision,
        judgement.board.metric,
    )
    limit = _STUDY_SECONDS if len(prepared.training) <= MANY_ROWS else _LONG_STUDY_SECONDS
    return subject if importance_seconds(subject) <= limit else None


def _settled(prepared: Prepared, judgement: Judgement) -> Candidate:
    """The chosen candidate at the setting that was best over all folds."""
    candidate, tuning = prepared.plan.candidates[judgement.chosen], judgement.candidates[judgement.chosen].tuning
    return candidate if tuning is None else with_setting(candidate, tuning.setting)
