"""What the report is made from: the files of one run folder, read once."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.analysis.studies.study import studies_of
from tenfold.analysis.weak_spots import PredictedInstances
from tenfold.ask.errors.one_label import label_figures, label_lines
from tenfold.data.dataset import Dataset
from tenfold.errors import TenfoldError
from tenfold.figures import Calibration, ThresholdCurve, calibration, one_vs_rest_curves, threshold_curve
from tenfold.folds.nearest import NearestRows
from tenfold.record.curves import KeptCurves, read_curves
from tenfold.record.folder import RunFolder
from tenfold.record.instances import training_instances
from tenfold.record.neighbours import KeptNeighbours, read_neighbours
from tenfold.record.run import Run
from tenfold.record.words.caveats import unsaved_reason
from tenfold.record.words.verdict import headline, spoken_class
from tenfold.text import shown

__all__ = ["Answers", "Content", "Scored", "named", "read_content"]

_BASELINE = "baseline"
_NOUNS = {"image": "image", "mail": "message"}


@dataclass(frozen=True, eq=False)
class Scored:
    """
    One candidate's out-of-fold scores.

    Parameters
    ----------
    y : ndarray of int64, shape (n,)
        Class codes; of a binary task 1 is the positive class.
    scores : ndarray of float64, shape (n,) if binary, else (n, k)
    """

    y: NDArray[np.int64]
    scores: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Answers:
    """
    One candidate's out-of-fold answers at the decision in force.

    Parameters
    ----------
    y, predicted : ndarray of int64, shape (n,)
        Class codes.
    scores : ndarray of float64, shape (n,) if binary, else (n, k); None where it gave none
    """

    y: NDArray[np.int64]
    predicted: NDArray[np.int64]
    scores: NDArray[np.float64] | None


@dataclass(frozen=True, eq=False)
class Content:
    """
    The content of a run folder.

    Parameters
    ----------
    run : str
        The folder as commands name it.
    metrics, manifest : mapping
        Content of ``metrics.json`` and ``manifest.json``.
    out_of_fold : DataFrame
        A line a training row and candidate.
    instances : Dataset or None
        The training rows, in the order of every candidate's lines; None where they could not be loaded.
    absent : str
        Why there are no instances; empty where there are.
    studies : mapping
        Content of the files of ``analysis/``, by name.
    neighbours : KeptNeighbours or None
        What a candidate of neighbours found while it was judged; None where none looked for any.
    kept : mapping of candidate to KeptCurves, or None
        Of a streamed run, whose predictions are not read: `out_of_fold` has no lines then.
    """

    run: str
    metrics: Mapping[str, Any]
    manifest: Mapping[str, Any]
    out_of_fold: pd.DataFrame
    instances: Dataset | None = None
    absent: str = ""
    studies: Mapping[str, Any] = field(default_factory=dict)
    neighbours: KeptNeighbours | None = None
    kept: Mapping[str, KeptCurves] | None = None

    def study(self, name: str) -> Mapping[str, Any] | None:
        """Give a study that was made of the run, by the name of its file; None where it was not."""
        return self.studies.get(name)

    @property
    def chosen(self) -> str:
        """Name of the chosen candidate."""
        return str(self.metrics["chosen"])

    @property
    def candidate(self) -> Mapping[str, Any]:
        """Entry of the chosen candidate."""
        entry: Mapping[str, Any] = self.metrics["candidates"][self.chosen]
        return entry

    @property
    def decision(self) -> Mapping[str, Any]:
        """The decision in force, with its figures."""
        decision: Mapping[str, Any] = self.candidate["decision"]
        return decision

    @property
    def figures(self) -> Mapping[str, Any]:
        """Out-of-fold figures of the chosen candidate at the decision in force."""
        figures: Mapping[str, Any] = self.decision["out_of_fold"]
        return figures

    @property
    def test(self) -> Mapping[str, Any]:
        """Figures on the test part, at the decision in force."""
        figures: Mapping[str, Any] = self.metrics["test"]
        return figures

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in order of their codes."""
        return tuple(self.metrics["classes"])

    @property
    def saved(self) -> bool:
        """Whether the model of the run was saved, so that there is one to predict with."""
        return unsaved_reason(self.metrics) is None

    @property
    def several_labels(self) -> bool:
        """Whether each row has several labels, named by `classes`."""
        return bool(self.metrics["task"] == "multilabel")

    def of_label(self, name: str) -> Content:
        """Give the run as if it had been one of a detector of a label, without its instances."""
        metrics, lines = label_figures(self.metrics, name), label_lines(self.out_of_fold, name)
        return replace(self, metrics=metrics, out_of_fold=lines, instances=None, neighbours=None)

    @property
    def positive(self) -> str | None:
        """The class a detector detects, ready to show; None for several classes."""
        positive = self.metrics["positive"]
        return None if positive is None else shown(positive, 40)

    def spoken(self, name: str) -> str:
        """Give a class as people speak of it, ready to show: ``Survived = 1`` rather than ``1``."""
        return spoken_class(self.metrics, name)

    @property
    def threshold(self) -> float | None:
        """Score from which the positive class is answered, if the decision has one."""
        threshold = self.decision.get("threshold")
        return None if threshold is None else float(threshold)

    @property
    def rows(self) -> int:
        """Training rows."""
        return int(self.figures[headline(self.metrics)]["n"])

    @property
    def streamed(self) -> bool:
        """Whether the rows were streamed, so that neither they nor their predictions are at hand."""
        return self.kept is not None

    @property
    def folds(self) -> int:
        """Number of folds."""
        return len(self.figures[headline(self.metrics)].get("folds", ())) or int(self.manifest["config"].get("cv") or 0)

    @property
    def data(self) -> Mapping[str, Any]:
        """What the manifest says about the data."""
        data: Mapping[str, Any] = self.manifest["data"]
        return data

    def noun(self, count: int = 2) -> str:
        """Give the word for `count` instances of the data: images, messages, rows."""
        one = _NOUNS.get(self.data["kind"], "row")
        return one if count == 1 else f"{one}s"

    def command(self, verb: str, *words: str) -> str:
        """Give a command about this run, as typed in a terminal."""
        return " ".join(["tenfold", verb, shlex.quote(self.run), *(shlex.quote(word) for word in words)])

    @property
    def rows_in_source(self) -> NDArray[np.int64]:
        """Position in the source of each training row, shape (n,)."""
        return self.out_of_fold.loc[self.out_of_fold["candidate"] == self.chosen, "row"].to_numpy(np.int64)

    def short(self, code: int) -> str:
        """Give a class in few letters, for the foot of a picture."""
        return shown(self.classes[code], 10)

    @property
    def seed(self) -> int:
        """Seed of the run."""
        return int(self.manifest["config"].get("seed", 0))

    def judged(self) -> PredictedInstances | None:
        """Give the training rows, unused columns left out, and what was said of them; None without them."""
        if self.instances is None or self.metrics["task"] not in {"binary", "multiclass"}:
            return None
        data, own = self.instances.without(self.manifest["columns_unused"]), self.answers(self.chosen)
        probabilities = bool(self.candidate["probabilities"])
        threshold = self.threshold if self.threshold is not None else 0.5 if probabilities else 0.0
        names = [name for name in self.metrics["candidates"] if name not in {self.chosen, _BASELINE}]
        others = [self.answers(name).predicted for name in names]
        kept = self.neighbours
        nearby = None if kept is None else NearestRows(kept.rows, kept.distances)
        labels = self.instances.labels
        return PredictedInstances(
            data, own.y, own.predicted, own.scores, probabilities, threshold, labels, others, nearby
        )

    def answers(self, candidate: str) -> Answers:
        """Give a candidate's answers."""
        lines = self.out_of_fold[self.out_of_fold["candidate"] == candidate]
        y, predicted = (
            pd.Categorical(lines[name], categories=list(self.classes)).codes.astype(np.int64)
            for name in ("true", "predicted")
        )
        found = self.scored(candidate)
        return Answers(y, predicted, None if found is None else found.scores)

    def scored(self, candidate: str) -> Scored | None:
        """Give a candidate's scores; None if it gives none, or where rows have several labels (`labelled`)."""
        if self.several_labels:
            return None
        lines = self.out_of_fold[self.out_of_fold["candidate"] == candidate]
        names = self.classes[1:] if self.positive is not None else self.classes
        columns = [f"score:{name}" for name in names]
        if lines.empty or not set(columns) <= set(lines.columns):
            return None
        scores = lines[columns].to_numpy(dtype=np.float64)
        if not np.isfinite(scores).all():
            return None
        y = pd.Categorical(lines["true"], categories=list(self.classes)).codes.astype(np.int64)
        return Scored(y, scores[:, 0] if self.positive is not None else scores)

    def curves(self, candidate: str) -> tuple[ThresholdCurve, ...] | None:
        """Give a candidate's curves, of a detector one, else one a class; None if it gives no scores."""
        return self._curves_of_chosen if candidate == self.chosen else self._curves_of(candidate)

    @cached_property
    def _curves_of_chosen(self) -> tuple[ThresholdCurve, ...] | None:
        """Many views ask for these, some only whether there are any."""
        return self._curves_of(self.chosen)

    def _curves_of(self, candidate: str) -> tuple[ThresholdCurve, ...] | None:
        if self.kept is not None:
            return self.kept[candidate].curves if candidate in self.kept else None
        scored = self.scored(candidate)
        if scored is None:
            return None
        if self.positive is not None:
            return (threshold_curve(scored.y, scored.scores),)
        return one_vs_rest_curves(scored.y, scored.scores)

    def calibration(self, bins: int) -> Calibration | None:
        """Compare the chosen candidate's probabilities with what happened; None where its scores are none."""
        if not self.candidate.get("probabilities"):
            return None
        if self.kept is not None:
            return self.kept[self.chosen].calibration if self.chosen in self.kept else None
        scored = self.scored(self.chosen)
        if scored is None:
            return None
        if self.positive is not None:
            return calibration(scored.y, scored.scores, bins=bins)
        answer = scored.scores.argmax(axis=1)
        return calibration((answer == scored.y).astype(np.int64), scored.scores.max(axis=1), bins=bins)


def read_content(folder: Path, instances: Dataset | None = None) -> Content:
    """Read the files of a run folder that the report shows, and the instances where they are not given."""
    run, absent = Run(RunFolder(folder)), ""
    if run.streamed:
        told = "the rows of a streamed run are not held"
        lines = pd.DataFrame(columns=["row", "id", "fold", "candidate", "true", "predicted"])
        kept = read_curves(run.folder.curves)
        return Content(named(folder), run.metrics, run.manifest, lines, None, told, {}, None, kept)
    if instances is None:
        try:
            instances = training_instances(run)
        except TenfoldError as fault:
            absent = str(fault)
    rows = int((run.out_of_fold["candidate"] == run.chosen).sum())
    neighbours = read_neighbours(run, rows) if rows else None
    return Content(
        named(folder), run.metrics, run.manifest, run.out_of_fold, instances, absent, studies_of(run), neighbours
    )


def named(folder: Path) -> str:
    """Give the folder as seen from the working directory; of one elsewhere the name alone, for a page is passed on."""
    full = folder.resolve()
    return str(full.relative_to(Path.cwd())) if full.is_relative_to(Path.cwd()) else full.name
