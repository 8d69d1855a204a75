"""A finished run, read back from its folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn.pipeline import Pipeline

from tenfold.data.dataset import Dataset
from tenfold.errors import DataError, UsageError
from tenfold.folds.result import OutOfFold
from tenfold.record.entries.manifest import Manifest
from tenfold.record.entries.metrics import Metrics, task_in
from tenfold.record.folder import RunFolder
from tenfold.record.predictions import lines_of, predictions_in, read_predictions
from tenfold.record.reading import read_run_json
from tenfold.record.words.caveats import verdict, verdict_html
from tenfold.task import Task
from tenfold.text import printable, shown

__all__ = ["Record", "Run", "open_run", "out_of_fold_of", "refuse_denoised"]

_MOST_LINES = 5_000_000


@dataclass(frozen=True, eq=False)
class Record:
    """
    The record of a finished run, typed and checked.

    Parameters
    ----------
    metrics : Metrics
        Every figure, ``metrics.json``.
    manifest : Manifest
        Where the figures come from, ``manifest.json``.
    """

    metrics: Metrics
    manifest: Manifest


@dataclass(frozen=True, eq=False)
class Run:
    """
    A finished run.

    Parameters
    ----------
    folder : RunFolder
    data : Dataset, optional
        All its rows, where they came as arrays; otherwise what needs them loads them from their source.
    live : mapping of name to classifier
        Live classifiers that were judged beside those of the catalogue.
    pipeline : Pipeline, optional
        The fitted preparation and model of a run that `tenfold.run` has just made, saved or not: its classes are the
        codes of ``metrics["classes"]``. None where the run was read from its folder (`tenfold.load_model` reads the
        model) or was streamed.
    """

    folder: RunFolder
    data: Dataset | None = None
    live: Mapping[str, Any] = field(default_factory=dict)
    pipeline: Pipeline | None = field(default=None, repr=False, kw_only=True)

    @property
    def path(self) -> Path:
        """The run folder."""
        return self.folder.path

    @cached_property
    def record(self) -> Record:
        """Figures and manifest, typed and checked."""
        return Record(
            Metrics.from_dict(self.metrics, self.folder.metrics),
            Manifest.from_dict(self.manifest, self.folder.manifest),
        )

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Content of ``metrics.json``, as other programs read it; `record` has it typed."""
        return read_run_json(self.folder.metrics)

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Content of ``manifest.json``, as other programs read it; `record` has it typed."""
        return read_run_json(self.folder.manifest)

    @cached_property
    def out_of_fold(self) -> pd.DataFrame:
        """A line a training row and candidate."""
        self._refuse_many(self.record.manifest.training_rows * len(self.record.metrics.candidates))
        lines = read_predictions(self.folder.out_of_fold, self.task)
        if self.task.numeric:
            self._refuse_other_rows(lines)
        return lines

    def _refuse_other_rows(self, lines: pd.DataFrame) -> None:
        sample = self.record.manifest.judged_rows
        judged = self.record.manifest.training_rows if sample is None else sample
        for name in self.record.metrics.candidates:
            if (found := int((lines["candidate"] == name).sum())) != judged:
                what = f"damaged: {found:,} rows of '{shown(name, 40)}', and {judged:,} were judged"
                raise DataError(what, where=self.folder.out_of_fold, do="repeat the run")

    @cached_property
    def test(self) -> pd.DataFrame:
        """A line a test row, for the chosen candidate."""
        self._refuse_many(self.record.manifest.test.rows)
        return read_predictions(self.folder.test, self.task)

    @property
    def streamed(self) -> bool:
        """Whether its rows were streamed: then they, and their predictions, may be more than memory holds."""
        return self.record.manifest.streamed is not None

    @cached_property
    def task(self) -> Task:
        """What was predicted."""
        return task_in(self.record.metrics)

    def lines(self, candidate: str) -> pd.DataFrame:
        """Return the out-of-fold predictions of one candidate as the folder has them, a line a training row."""
        return lines_of(self.out_of_fold, candidate)

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return self.record.metrics.chosen

    def _refuse_many(self, lines: int) -> None:
        """Of a streamed run the predictions may be more than memory holds."""
        if self.streamed and lines > _MOST_LINES:
            raise UsageError(
                f"{lines:,} predictions of a streamed run are more than are read at once ({_MOST_LINES:,})",
                where=self.path,
                do="see its report, use tenfold decide, predict or verify, or read its .parquet files in batches",
            )

    def __repr__(self) -> str:
        return printable(f"<Run {self.path}: {verdict(self.record.metrics)}>")

    def _repr_html_(self) -> str:
        """Show the verdict and the leader board in a notebook."""
        return verdict_html(self.record.metrics, str(self.folder.report))


def open_run(path: str | Path) -> Run:
    """
    Open a finished run folder.

    Raises
    ------
    UsageError
        No run there, or one that is not finished.
    DataError
        Files are missing or damaged, or of a newer version; the message says which.
    """
    folder = RunFolder(Path(path))
    if folder.work.exists():
        raise UsageError(
            "this run is not finished", where=folder.path, do="give the same run command again to resume it"
        )
    if not folder.manifest.exists():
        raise UsageError("no run here (no manifest.json)", where=folder.path, do="see tenfold runs")
    folder.refuse_links_out()
    run = Run(folder)
    _refuse_damaged(run)
    return run


def out_of_fold_of(run: Run, name: str) -> OutOfFold:
    """Read a candidate's out-of-fold predictions, at its own decision, in the order of the training rows."""
    candidate = run.record.metrics.candidates[name]
    saved = predictions_in(run.lines(name), run.task, run.folder.out_of_fold)
    own = saved.own(run.task, candidate.decision.decision, candidate.probabilities)
    return OutOfFold(
        name,
        saved.fold,
        own.predicted,
        own.scores,
        candidate.probabilities,
        (candidate.fit_seconds,),
        (candidate.predict_seconds,),
        candidate.peak_bytes,
    )


def refuse_denoised(run: Run, verb: str) -> None:
    """
    Refuse a denoising run where a verb is about classes.

    Raises
    ------
    UsageError
        The run took noise off images.
    """
    if run.record.metrics.restoration is not None:
        do = "see its report, or give it images: tenfold denoise RUN IN.png --out CLEAN.png"
        raise UsageError(f"this run took noise off images: {verb} is about classes", where=run.path, do=do)


def _refuse_damaged(run: Run) -> None:
    for path in (run.folder.metrics, run.folder.out_of_fold, run.folder.config):
        if not path.exists():
            raise DataError("this file of the run is missing", where=path, do="repeat the run")
    _ = run.record
