"""The steps of a run that restores images."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sklearn.pipeline import Pipeline

from tenfold.cluster.address import LOCAL
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger
from tenfold.data.sources import load
from tenfold.data.sources.images.size import image_size_of
from tenfold.data.sources.sniff import sniff
from tenfold.errors import UsageError
from tenfold.folds.engine import opened_executor
from tenfold.folds.executor import Executor
from tenfold.folds.job import Job, write_job
from tenfold.folds.loop import gather
from tenfold.folds.start import worker_count
from tenfold.line import line
from tenfold.line.clock import Clock
from tenfold.line.line import Finished, Listener
from tenfold.line.restoration.config import DenoiseConfig, read_denoise_config
from tenfold.line.restoration.final import TestFigures, final_model, test_figures
from tenfold.line.restoration.judgement import Judgement, judgement
from tenfold.line.restoration.prepared import Prepared, prepare
from tenfold.line.restoration.write import write_model, write_run
from tenfold.record.folder import RunFolder, begun_alike
from tenfold.record.identity import Identity, data_identity, run_identity
from tenfold.record.run import Run

__all__ = ["Restoration", "default_folder", "execute", "load_images"]


@dataclass(frozen=True, eq=False)
class Restoration:
    """
    A run that puts noise on clean images and judges who takes it off best.

    Parameters
    ----------
    config : DenoiseConfig
        What is asked.
    load : callable
        Gives the clean images of a config.
    draw_report : callable
        Draws the page of a run folder.
    cores : int
        Worker processes. No figure depends on it.
    engine : str
        As for `tenfold.line.memory.steps.InMemory`.
    """

    config: DenoiseConfig
    load: Callable[[DenoiseConfig], Dataset]
    draw_report: Callable[[Path], Any]
    cores: int = 1
    engine: str = LOCAL

    def read_config(self, folder: RunFolder) -> DenoiseConfig:
        """Return the config of a finished run in this folder."""
        return read_denoise_config(folder.config, folder.path)

    def executor(self, note: Callable[[str], None]) -> AbstractContextManager[tuple[Executor, int]]:
        """Return worker processes or a cluster."""
        return opened_executor(self.engine, self.cores, {}, note)

    def prepare(self, folder: RunFolder, clock: Clock, places: int, note: Callable[[str], None]) -> Prepared:
        """Load the images, put noise on them, and make every choice."""
        with clock.stage("load"):
            data = self.load(self.config)
        with clock.stage("check"):
            return prepare(self.config, data)

    def identity(self, prepared: Prepared) -> Identity:
        """Return what a resumed run must not change."""
        return run_identity(prepared.config, data_identity(prepared.data))

    def job(self, folder: RunFolder, prepared: Prepared) -> Job:
        """Write noisy and clean images into the work folder."""
        pairs, plan = prepared.training, prepared.plan
        noisy = replace(pairs.data, X=pairs.noisy, y=None)
        sample = prepared.sample if prepared.sampled else None
        job = Job(
            folder.work,
            noisy,
            pairs.clean,
            prepared.folds,
            prepared.task,
            plan.setting,
            plan.candidates,
            sample=sample,
        )
        write_job(job)
        return job

    def judge(self, folder: RunFolder, prepared: Prepared, job: Job, failures: Mapping[str, str]) -> Judgement:
        """Compute all figures and choose."""
        return judgement(prepared, gather(job, prepared.names, failures))

    def fit(self, prepared: Prepared, judgement: Judgement) -> Pipeline:
        """Fit the chosen candidate on every training image."""
        return final_model(prepared, judgement.chosen)

    def save(self, folder: RunFolder, prepared: Prepared, judgement: Judgement, model: Pipeline) -> None:
        """Write the model with a few images by which each load is checked."""
        write_model(folder, model, prepared, judgement.chosen)

    def test(
        self, folder: RunFolder, prepared: Prepared, judgement: Judgement, model: Pipeline, rows: Dataset
    ) -> TestFigures:
        """Let the model restore the opened test part."""
        return test_figures(prepared, judgement.chosen, model, rows)

    def study(self, folder: RunFolder, prepared: Prepared, judgement: Judgement, clock: Clock) -> None:
        """Make none."""

    def write(self, folder: RunFolder, finished: Finished[Prepared, Judgement, Pipeline]) -> None:
        """Write everything that the run leaves."""
        write_run(folder, finished, self.config.as_dict(), self.draw_report)


def execute(
    config: DenoiseConfig,
    out: Path,
    load: Callable[[DenoiseConfig], Dataset],
    draw_report: Callable[[Path], Any],
    *,
    listener: Listener | None = None,
    cores: int | None = None,
    engine: str = LOCAL,
    ledger: Ledger | None = None,
) -> Run:
    """
    Go the whole line of images to be restored and leave a run folder; resume what was started there before.

    Parameters
    ----------
    config : DenoiseConfig
        What is asked.
    out : Path
        The run folder.
    load : callable
        Gives the clean images of a config.
    draw_report : callable
        Draws the page of a run folder.
    listener : Listener, optional
    cores : int, optional
        Worker processes, as `tenfold.folds.start.worker_count` takes them. No figure depends on it.
    engine : str
        As for `tenfold.line.memory.steps.InMemory`.
    ledger : Ledger, optional
        Of test openings; the user's own by default.

    Raises
    ------
    TenfoldError
        Whatever is refused, with its exit code.
    """
    steps = Restoration(config, load, draw_report, worker_count(cores), engine)
    run, _ = line.execute(steps, out, listener=listener, ledger=ledger)
    return run


def load_images(config: DenoiseConfig) -> Dataset:
    """Load the images of a config; a folder of images without class folders will do, for no class is needed."""
    path = Path(config.source)
    if path.is_file() and sniff(path) in {"csv", "parquet"}:
        raise UsageError("noise is taken off images, this is a table", where=path, do="give images, such as mnist")
    flat = path.is_dir() and not any(entry.is_dir() for entry in path.iterdir() if not entry.name.startswith("."))
    named = flat and any(entry.is_file() for entry in path.iterdir())
    return load(
        config.source,
        data_dir=None if config.data_dir is None else Path(config.data_dir),
        resize=None if config.resize is None else image_size_of(config.resize),
        colour=config.colour,
        skip_bad=config.skip_bad,
        labelled=not named,
    )


def default_folder(config: DenoiseConfig, source_name: str) -> Path:
    """
    Choose ``runs/denoise-<name>``, or the first numbered one that is free or was started with the same config.

    Parameters
    ----------
    config : DenoiseConfig
        As asked.
    source_name : str
    """
    number = 1
    while True:
        path = Path("runs") / (f"denoise-{source_name}" + ("" if number == 1 else f"-{number}"))
        if not path.exists() or begun_alike(path, config, read_denoise_config):
            return path
        number += 1
