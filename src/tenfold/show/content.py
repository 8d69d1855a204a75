"""What a page is drawn from: the files of one run folder, read once; the same for runs of every task."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.evidence.word_model import WordModel
from tenfold.analysis.studies.study import studies_of
from tenfold.analysis.weak_spots import PredictedInstances
from tenfold.ask.errors.one_label import label_lines, label_metrics
from tenfold.ask.words.messages import words_model
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.kind import has_texts, noun_of
from tenfold.errors import TenfoldError
from tenfold.figures import Calibration, Estimate, ThresholdCurve
from tenfold.figures.quantities.rows import Column
from tenfold.folds.nearest import NearestRows
from tenfold.line.restoration.pictures import Pictures, read_pictures
from tenfold.record.curves import KeptCurves, read_curves
from tenfold.record.entries.manifest import DataRecord, Manifest, NoiseRecord
from tenfold.record.entries.metrics import CandidateRecord, DecisionRecord, Figures, Metrics, Restoration, task_in
from tenfold.record.folder import RunFolder
from tenfold.record.instances import judged_instances, training_instances, with_rows
from tenfold.record.neighbours import KeptNeighbours, read_neighbours
from tenfold.record.run import Run
from tenfold.record.words.caveats import unsaved_reason
from tenfold.record.words.verdict import class_words
from tenfold.show.predictions import (
    Predictions,
    Scored,
    calibration_of,
    curves_of,
    predictions_in,
    quantity_in,
    scores_in,
)
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["BASELINE", "NOT_COMPUTED", "Content", "folder_name", "read_content"]

BASELINE = "baseline"
NOT_COMPUTED = Estimate(None, None, None, n=0, reason="not computed")
_LINE = ["row", "id", "fold", "candidate", "true", "predicted"]
_STREAMED = "the rows of a streamed run are not held"
_ONE_LABEL = "the rows are those of all labels"


@dataclass(frozen=True, eq=False)
class Content:
    """
    The content of a run folder.

    Parameters
    ----------
    origin : Run
        The folder, read when asked for more than the fields hold.
    run : str
        The folder as commands name it.
    metrics : Metrics
        Every figure.
    manifest : Manifest
        Where the figures come from.
    out_of_fold : DataFrame
        A line a training row and candidate; of a streamed run without lines.
    dataset : Dataset, optional
        The training rows, in the order of every candidate's lines, where they are loaded already.
    unreachable : str
        Why they cannot be loaded; empty where they are loaded from their source when first asked for.
    test_rows : Dataset, optional
        The rows of the test part, in the order of their predictions, where they are loaded already.
    about : str
        Of several targets the one that sections on single rows are about; the first where it is empty.
    """

    origin: Run
    run: str
    metrics: Metrics
    manifest: Manifest
    out_of_fold: pd.DataFrame
    dataset: Dataset | None = None
    unreachable: str = ""
    test_rows: Dataset | None = None
    about: str = ""

    @property
    def instances(self) -> Dataset | None:
        """The training rows, in the order of every candidate's lines; None where they cannot be loaded."""
        return self._training_rows[0]

    @property
    def absent(self) -> str:
        """Why there are no instances; empty where there are."""
        return self._training_rows[1]

    @cached_property
    def _training_rows(self) -> tuple[Dataset | None, str]:
        if self.dataset is not None or self.unreachable:
            return self.dataset, self.unreachable
        try:
            return training_instances(self._with_rows), ""
        except TenfoldError as fault:
            return None, str(fault)

    @cached_property
    def _with_rows(self) -> Run:
        """The run with its rows, which are loaded once for both parts."""
        return with_rows(self.origin)

    @cached_property
    def test_instances(self) -> Dataset | None:
        """The rows of the test part, in the order of their predictions; None where they cannot be loaded."""
        if self.test_rows is not None:
            return self.test_rows
        try:
            return judged_instances(self._with_rows, self.origin.test)
        except TenfoldError:
            return None

    @property
    def has_texts(self) -> bool:
        """Whether instances are texts to be read, as messages are."""
        return has_texts(self.data.kind)

    @property
    def word_model(self) -> WordModel | None:
        """The saved model as a sum over words; None where it is none, for the reason that `no_word_model` gives."""
        return self._word_model[0]

    @property
    def no_word_model(self) -> str:
        """Why there is no such model; empty where there is."""
        return self._word_model[1]

    @cached_property
    def _word_model(self) -> tuple[WordModel | None, str]:
        try:
            return words_model(self.origin), ""
        except TenfoldError as fault:
            return None, str(fault)

    def study(self, name: str) -> Mapping[str, Any] | None:
        """Return a study that was made of the run, by the name of its file; None where it was not."""
        return self._studies.get(name)

    @cached_property
    def _studies(self) -> Mapping[str, Mapping[str, Any]]:
        return studies_of(self.origin)

    @cached_property
    def neighbours(self) -> KeptNeighbours | None:
        """The nearest rows of each row, where a candidate of neighbours was judged; None where none was."""
        rows = len(self.lines(self.chosen))
        return read_neighbours(self.origin, rows) if rows else None

    @property
    def task(self) -> Task:
        """What is predicted."""
        return task_in(self.metrics)

    @property
    def metric(self) -> str:
        """Key of the figure that orders the candidates."""
        return self.metrics.metric

    @property
    def candidates(self) -> Mapping[str, CandidateRecord]:
        """The candidates by name, the best first."""
        return self.metrics.candidates

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return self.metrics.chosen

    @property
    def candidate(self) -> CandidateRecord:
        """The chosen candidate."""
        return self.metrics.chosen_record

    @property
    def baseline(self) -> CandidateRecord | None:
        """The baseline; None where it was not judged."""
        return self.candidates.get(BASELINE)

    @property
    def decision(self) -> DecisionRecord:
        """The decision in force, with its figures; of a candidate that predicts classes or labels."""
        return self.candidate.decision

    @property
    def rule(self) -> str:
        """The rule that set the decision in force."""
        return self.decision.rule

    @property
    def decides_otherwise(self) -> bool:
        """Whether the decision in force is not the candidate's own."""
        return self.candidate.operating_point is not None and self.decision.kind != "argmax"

    @property
    def figures(self) -> Figures:
        """Out-of-fold figures of the chosen candidate at the decision in force."""
        candidate = self.candidate
        return candidate.out_of_fold if candidate.operating_point is None else candidate.decision.out_of_fold

    @property
    def test(self) -> Figures:
        """Figures on the test part, at the decision in force."""
        return self.metrics.test

    @property
    def test_baseline(self) -> Figures:
        """Figures of the baseline on the test part."""
        return self.metrics.test_baseline

    @property
    def openings(self) -> int:
        """How often the test part has been opened."""
        return self.metrics.test_openings

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in order of their codes; of several labels a row, the labels."""
        return self.metrics.classes

    @property
    def saved(self) -> bool:
        """Whether the model of the run was saved, so that there is one to predict with."""
        return unsaved_reason(self.metrics) is None

    def of_label(self, name: str) -> Content:
        """Return the run as if it had been one of a detector of a label, without its instances."""
        metrics, lines = label_metrics(self.metrics, name), label_lines(self.out_of_fold, name)
        return replace(self, metrics=metrics, out_of_fold=lines, dataset=None, unreachable=_ONE_LABEL)

    @property
    def positive(self) -> str | None:
        """The class a detector detects, ready to show; None for several classes."""
        positive = self.metrics.positive
        return None if positive is None else shown(positive, 40)

    @property
    def spoken_positive(self) -> str:
        """The class a detector detects, as people speak of it; empty for several classes."""
        positive = self.metrics.positive
        return "" if positive is None else self.spoken(positive)

    def spoken(self, name: str) -> str:
        """Return a class as people speak of it, ready to show: ``Survived = 1`` rather than ``1``."""
        return class_words(self.metrics.target, name)

    @property
    def threshold(self) -> float | None:
        """Score from which the positive class is predicted, if the decision has one."""
        return None if self.candidate.operating_point is None else self.decision.threshold

    @property
    def rows(self) -> int:
        """Training rows that were judged out of fold."""
        sample = self.manifest.judged_rows
        return self.manifest.training_rows if sample is None else sample

    @property
    def streamed(self) -> bool:
        """Whether the rows were streamed, so that neither they nor their predictions are at hand."""
        return self.manifest.streamed is not None

    @property
    def folds(self) -> int:
        """Number of folds."""
        longest = max((len(one.folds) for one in self.figures.values()), default=0)
        return longest or int(self.config.get("cv") or 0)

    @property
    def config(self) -> Mapping[str, Any]:
        """The config of the run, resolved."""
        return self.manifest.config

    @property
    def data(self) -> DataRecord:
        """What the manifest says about the data."""
        return self.manifest.data

    @property
    def restoration(self) -> Restoration:
        """What was restored; of a run that restored images."""
        if self.metrics.restoration is None:
            raise TypeError("this run restored no images")
        return self.metrics.restoration

    @property
    def noise(self) -> NoiseRecord:
        """The noise that was put on images; of a run that restored them."""
        if self.manifest.noise is None:
            raise TypeError("this run restored no images")
        return self.manifest.noise

    def noun(self, count: int = 2) -> str:
        """Return the word for `count` instances of the data: images, messages, rows."""
        return noun_of(self.data.kind, count)

    def command(self, verb: str, *words: str) -> str:
        """Return a command about this run, as typed in a terminal."""
        return " ".join(["tenfold", verb, shlex.quote(self.run), *(shlex.quote(word) for word in words)])

    def repeat(self, verb: str) -> str:
        """Return the command that makes the run again; `verb` is that of its task."""
        return f"tenfold {verb} {shlex.quote(self.run)}/config.toml"

    def lines(self, candidate: str) -> pd.DataFrame:
        """Return the out-of-fold lines of a candidate."""
        return self.out_of_fold[self.out_of_fold["candidate"] == candidate]

    @cached_property
    def rows_in_source(self) -> NDArray[np.int64]:
        """Position in the source of each training row, shape (n,)."""
        return self.lines(self.chosen)["row"].to_numpy(np.int64)

    def short(self, code: int) -> str:
        """Return a class in few letters, for the foot of a picture."""
        return shown(self.classes[code], 10)

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return int(self.config.get("seed", 0))

    @cached_property
    def pictures(self) -> Pictures:
        """
        Images as the chosen candidate restored them.

        Raises
        ------
        DataError
            The file is missing or damaged.
        """
        return read_pictures(self.origin.path)

    @cached_property
    def stored_curves(self) -> Mapping[str, KeptCurves] | None:
        """Curves by candidate of a streamed run, whose predictions are not read; None of others."""
        return read_curves(self.origin.folder.curves) if self.streamed else None

    @cached_property
    def predictions(self) -> PredictedInstances | None:
        """The training rows, unused columns left out, with the predictions of all candidates; None without the rows."""
        if self.instances is None:
            return None
        data, own = self.instances.without(self.manifest.columns_unused), self.predictions_of(self.chosen)
        probabilities = self.candidate.probabilities
        threshold = self.threshold if self.threshold is not None else 0.5 if probabilities else 0.0
        names = [name for name in self.candidates if name not in {self.chosen, BASELINE}]
        others = [self.predictions_of(name).predicted for name in names]
        near = self.neighbours
        nearby = None if near is None else NearestRows(near.rows, near.distances)
        labels = self.instances.labels
        return PredictedInstances(
            data, own.y, own.predicted, own.scores, probabilities, threshold, labels, others, nearby
        )

    def predictions_of(self, candidate: str) -> Predictions:
        """Return a candidate's predictions."""
        return predictions_in(self.lines(candidate), self.classes, detector=self.positive is not None)

    @property
    def target(self) -> str:
        """Of quantities the one that sections on single rows are about."""
        return self.about or self.classes[0]

    @property
    def target_place(self) -> int:
        """Its place among all."""
        return self.classes.index(self.target)

    def of_target(self, name: str) -> Content:
        """Return the same run with its sections on single rows about another target."""
        return replace(self, about=name, dataset=self.instances, unreachable=self.absent)

    @cached_property
    def quantity(self) -> Column:
        """True and predicted values of the target in question, out of fold, by the chosen candidate at its decision."""
        return self._quantity(self.lines(self.chosen))

    @cached_property
    def test_quantity(self) -> Column:
        """The same of the test part."""
        return self._quantity(self.origin.test)

    def _quantity(self, lines: pd.DataFrame) -> Column:
        interval = self.decision.interval
        target = self.target if len(self.classes) > 1 else ""
        return quantity_in(lines, target, None if interval is None else interval.coverage)

    @cached_property
    def used_table(self) -> pd.DataFrame | None:
        """The columns of the training rows that candidates are given; None of other kinds, and without the rows."""
        return None if self.instances is None else self.instances.without(self.manifest.columns_unused).table

    def scored(self, candidate: str) -> Scored | None:
        """Return a candidate's scores; None if it gives none."""
        return scores_in(self.lines(candidate), self.classes, detector=self.positive is not None)

    def curves(self, candidate: str) -> tuple[ThresholdCurve, ...] | None:
        """Return a candidate's curves, of a detector one, else one a class; None if it gives no scores."""
        return self._curves_of_chosen if candidate == self.chosen else self._curves_of(candidate)

    @cached_property
    def _curves_of_chosen(self) -> tuple[ThresholdCurve, ...] | None:
        """Many sections ask for these, some only whether there are any."""
        return self._curves_of(self.chosen)

    def _curves_of(self, candidate: str) -> tuple[ThresholdCurve, ...] | None:
        if self.stored_curves is not None:
            return self.stored_curves[candidate].curves if candidate in self.stored_curves else None
        scored = self.scored(candidate)
        return None if scored is None else curves_of(scored)

    def calibration(self, bins: int) -> Calibration | None:
        """Compare the chosen candidate's probabilities with what happened; None where its scores are none."""
        if not self.candidate.probabilities:
            return None
        if self.stored_curves is not None:
            return self.stored_curves[self.chosen].calibration if self.chosen in self.stored_curves else None
        scored = self.scored(self.chosen)
        return None if scored is None else calibration_of(scored, bins)


def read_content(folder: Path, dataset: Dataset | None = None, test_rows: Dataset | None = None) -> Content:
    """
    Read the files of a run folder that a page shows.

    Parameters
    ----------
    folder : Path
    dataset : Dataset, optional
        The training rows in the order of their out-of-fold predictions, where they are loaded already.
    test_rows : Dataset, optional
        The rows of the test part in the order of their predictions, where they are loaded already.
    """
    run = Run(RunFolder(folder))
    name = folder_name(folder)
    if run.streamed:
        return Content(run, name, run.record.metrics, run.record.manifest, pd.DataFrame(columns=_LINE), None, _STREAMED)
    return Content(run, name, run.record.metrics, run.record.manifest, run.out_of_fold, dataset, "", test_rows)


def folder_name(folder: Path) -> str:
    """Return the folder as seen from the working directory; elsewhere its name alone, for a page is passed on."""
    full = folder.resolve()
    return str(full.relative_to(Path.cwd())) if full.is_relative_to(Path.cwd()) else full.name
