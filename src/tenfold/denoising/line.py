"""The line of a denoising run: clean images to noisy pairs, to figures, to a model, to one test, to files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger, home_ledger, open_test_part
from tenfold.data.sources import load
from tenfold.data.sources.images.size import image_size_of
from tenfold.data.sources.sniff import sniff
from tenfold.denoising.catalogue import BASELINE
from tenfold.denoising.config import DenoiseConfig, read_denoise_config
from tenfold.denoising.files import Finished, write_model, write_run
from tenfold.denoising.final import final_model, test_figures
from tenfold.denoising.judgement import judgement
from tenfold.denoising.prepared import Prepared, prepare
from tenfold.denoising.units import Judged, judge_out_of_fold
from tenfold.errors import PartsFailedError, UsageError
from tenfold.folds.loop import Progress
from tenfold.line.clock import Clock
from tenfold.line.line import Listener
from tenfold.record.folder import RunFolder, begun_alike, held_folder
from tenfold.record.identity import data_identity, run_identity
from tenfold.record.run import Run, open_run
from tenfold.record.source import is_same_request
from tenfold.storage import write_whole

__all__ = ["default_folder", "execute", "load_images"]


def execute(
    config: DenoiseConfig,
    out: Path,
    load_data: Callable[[DenoiseConfig], Dataset],
    draw_report: Callable[[Path], Any],
    *,
    listener: Listener | None = None,
    ledger: Ledger | None = None,
) -> Run:
    """
    Go the whole line and leave a run folder; resume what was started there before.

    Parameters
    ----------
    config : DenoiseConfig
        What is asked.
    out : Path
        The run folder.
    load_data : callable
        Gives the clean images of a config.
    draw_report : callable
        Draws the page of a run folder.
    listener : Listener, optional
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
    told, ledger = listener or Listener(), ledger or home_ledger()
    clock = Clock(told.stage)
    with held_folder(out) as folder:
        if folder.finished:
            return _already_there(folder, config)
        ledger.refuse_unwritable()
        with clock.stage("load"):
            data = load_data(config)
        with clock.stage("check"):
            prepared = prepare(config, data)
        told.planned(prepared)
        folder.claim(run_identity(prepared.config, data_identity(prepared.data)))
        write_whole(folder.work / "asked.toml", config.as_toml())
        with clock.stage("judge out of fold"):
            judged = _judged(folder, prepared, told.progressed)
        with clock.stage("evaluate"):
            figures = judgement(prepared, judged)
        with clock.stage("final model"):
            model = final_model(prepared, figures.chosen)
            write_model(folder, model, prepared, figures.chosen)
        with clock.stage("test"):
            purpose = f"final test of {folder.path.name}"
            opened = open_test_part(prepared.test, ledger, folder.run_id(), purpose)
            test = test_figures(prepared, figures.chosen, model, opened)
        with clock.stage("write"):
            finished = Finished(config.as_dict(), prepared, judged, figures, test, opened, clock.seconds)
            write_run(folder, finished, draw_report)
    return open_run(out)


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


def _already_there(folder: RunFolder, config: DenoiseConfig) -> Run:
    """The same request of a finished run is answered by that run; another one is refused."""
    run = open_run(folder.path)
    if any(is_same_request(run.manifest[key], config) for key in ("asked", "config")):
        return run
    raise UsageError(
        "this folder holds a finished run of another request", where=folder.path, do="choose another --out"
    )


def _judged(folder: RunFolder, prepared: Prepared, tell: Callable[[Progress], None]) -> Judged:
    """Judge every candidate; it is fatal only when all but the baseline fail."""
    judged = judge_out_of_fold(prepared, folder.work / "units", tell)
    if judged.failures and set(judged.results) <= {BASELINE}:
        reasons = "; ".join(f"{name}: {reason}" for name, reason in judged.failures.items())
        raise PartsFailedError(f"every candidate failed: {reasons}", where=folder.path)
    return judged
