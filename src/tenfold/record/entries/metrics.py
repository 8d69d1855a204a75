"""``metrics.json``: every figure of a run with its interval, n and provenance; one type, one reader, one writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from tenfold.decision.decision import Decision
from tenfold.decision.interval import Interval, read_interval
from tenfold.errors import DataError
from tenfold.figures import Difference, Estimate
from tenfold.figures.comparison.choice import Reason
from tenfold.record.entries.typed_json import (
    FLAT,
    NULLABLE,
    REST,
    Counts,
    MisfitError,
    no_counts,
    plain_record,
    read_record,
)
from tenfold.record.reading import SCHEMA, read_run_json
from tenfold.storage import write_json
from tenfold.task import Task, is_built_in, task_from_dict
from tenfold.text import shown

__all__ = [
    "Augmentation",
    "BesideBaseline",
    "CandidateRecord",
    "ChoiceRecord",
    "OperatingPoint",
    "DecisionRecord",
    "Figures",
    "Metrics",
    "ProposalRecord",
    "ShuffledRecord",
    "Restoration",
    "RowCounts",
    "TrainingRows",
    "TrialRecord",
    "TuningRecord",
    "read_metrics",
    "task_in",
    "write_metrics",
]

Figures = Mapping[str, Estimate]
"""Estimates by key of the metric, such as ``accuracy`` or ``recall:5``."""

_AGAIN = "repeat the run"


@dataclass(frozen=True, eq=False, kw_only=True)
class DecisionRecord:
    """
    The decision in force of one candidate, and its figures there.

    Parameters
    ----------
    rule, kind, threshold, positive, confidence, thresholds, unadjusted, interval, shift
        As in `Decision`.
    unmet : str or None
        Why the rule asked for cannot be met.
    confusion_matrix : ndarray of int64, shape (k, k); of several labels (k, 2, 2), of quantities (0, 0)
    out_of_fold : mapping of str to Estimate
    """

    rule: str
    kind: Literal["argmax", "threshold", "thresholds", "value", "interval"]
    threshold: float | None = field(default=None, metadata=NULLABLE)
    positive: str | None = field(default=None, metadata=NULLABLE)
    confidence: float | None = field(default=None, metadata=NULLABLE)
    thresholds: tuple[float, ...] | None = None
    unadjusted: float | None = None
    interval: Interval | None = None
    shift: tuple[float, ...] | None = None
    unmet: str | None = None
    confusion_matrix: Counts = field(default_factory=no_counts)
    out_of_fold: Figures

    @property
    def decision(self) -> Decision:
        """The decision alone, as it is applied to scores."""
        return Decision(**{one.name: getattr(self, one.name) for one in fields(Decision)})


@dataclass(frozen=True, eq=False, kw_only=True)
class ProposalRecord:
    """
    Another decision, proposed where the usual one finds few of a class that the scores rank well.

    Parameters
    ----------
    rule, kind, threshold, positive, confidence, thresholds, unadjusted
        As in `Decision`.
    out_of_fold : mapping of str to Estimate
        Precision, recall and F1 at that decision.
    """

    rule: str
    kind: Literal["argmax", "threshold", "thresholds"]
    threshold: float | None = field(default=None, metadata=NULLABLE)
    positive: str | None = field(default=None, metadata=NULLABLE)
    confidence: float | None = field(default=None, metadata=NULLABLE)
    thresholds: tuple[float, ...] | None = None
    unadjusted: float | None = None
    out_of_fold: Figures


@dataclass(frozen=True, eq=False, kw_only=True)
class OperatingPoint:
    """
    What a candidate has where a decision is made on what it predicts: a class, labels or a quantity.

    Parameters
    ----------
    confusion_matrix : ndarray of int64, shape (k, k); of several labels (k, 2, 2), of quantities (0, 0)
        At the candidate's own decision.
    decision : DecisionRecord
        In force.
    probabilities : bool
        Whether its scores are probabilities.
    """

    confusion_matrix: Counts = field(default_factory=no_counts)
    decision: DecisionRecord
    probabilities: bool


@dataclass(frozen=True)
class TrialRecord:
    """
    One setting of a candidate that was tuned.

    Parameters
    ----------
    setting : mapping of str to object
        Parameter of the pipeline -> value.
    folds : tuple of (float or None)
        The metric on each fold.
    mean : float or None
        Over the folds.
    """

    setting: Mapping[str, Any]
    folds: tuple[float | None, ...]
    mean: float | None


@dataclass(frozen=True)
class TuningRecord:
    """
    The settings that a candidate was fitted with, and the best of them.

    Parameters
    ----------
    how, metric : str
    chosen : int
        Number of the best setting.
    setting : mapping of str to object
        The best setting.
    by_fold : tuple of int
        Number of the setting that predicted each fold.
    trials : tuple of TrialRecord
    """

    how: str
    metric: str
    chosen: int
    setting: Mapping[str, Any]
    by_fold: tuple[int, ...]
    trials: tuple[TrialRecord, ...]


@dataclass(frozen=True)
class BesideBaseline:
    """
    How a candidate stands beside the baseline.

    Parameters
    ----------
    difference_to_baseline : Difference or None
        Of the metric; None for the baseline itself, and where there is none.
    beats_baseline : bool or None
    """

    difference_to_baseline: Difference | None
    beats_baseline: bool | None


@dataclass(frozen=True)
class TrainingRows:
    """
    How many rows the models of a streamed candidate were fitted on, one count a fold.

    Parameters
    ----------
    rows, of : tuple of int
        Rows fitted on, of those that were there.
    passes : tuple of int
        How often each was met.
    """

    rows: tuple[int, ...]
    of: tuple[int, ...]
    passes: tuple[int, ...]


@dataclass(frozen=True, eq=False, kw_only=True)
class CandidateRecord:
    """
    Everything about one candidate.

    Parameters
    ----------
    out_of_fold : mapping of str to Estimate
        At its own decision.
    operating_point : OperatingPoint or None
        Where classes, labels or quantities are predicted.
    tuning : TuningRecord or None
        Where it was tuned.
    fit_seconds, predict_seconds : float
        Of all folds together.
    peak_bytes : int
    difference_to_best : Difference or None
        None for the best.
    tied_with_best : bool
    beside_baseline : BesideBaseline or None
        None in runs of versions that did not compare.
    learnt_from : TrainingRows or None
        Of a streamed run.
    more : mapping of str to object
        Entries that this version does not know.
    """

    out_of_fold: Figures
    operating_point: OperatingPoint | None = field(default=None, metadata=FLAT)
    tuning: TuningRecord | None = None
    fit_seconds: float
    predict_seconds: float
    peak_bytes: int
    difference_to_best: Difference | None
    tied_with_best: bool
    beside_baseline: BesideBaseline | None = field(default=None, metadata=FLAT)
    learnt_from: TrainingRows | None = None
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)

    @property
    def decision(self) -> DecisionRecord:
        """The decision in force; of a candidate that restores no images."""
        return self._operating_point.decision

    @property
    def confusion_matrix(self) -> Counts:
        """At its own decision; of a candidate that predicts classes or labels."""
        return self._operating_point.confusion_matrix

    @property
    def probabilities(self) -> bool:
        """Whether its scores are probabilities; of a candidate that restores no images."""
        return self._operating_point.probabilities

    @property
    def beats_baseline(self) -> bool | None:
        """Whether it beats the baseline; None where that is not known."""
        return None if self.beside_baseline is None else self.beside_baseline.beats_baseline

    @property
    def _operating_point(self) -> OperatingPoint:
        if self.operating_point is None:
            raise TypeError("a candidate that restores images has no decision")
        return self.operating_point


@dataclass(frozen=True)
class ChoiceRecord:
    """
    Why the chosen candidate was chosen; as in `tenfold.figures.Choice`.

    Parameters
    ----------
    reason : str
    over : str or None
    times : float or None
    """

    reason: Reason
    over: str | None
    times: float | None


@dataclass(frozen=True)
class RowCounts:
    """Training rows as they came (`rows`) and with their augmented copies (`grown`)."""

    rows: int
    grown: int


@dataclass(frozen=True)
class Augmentation:
    """
    How training rows were augmented.

    Parameters
    ----------
    how : str
        Such as ``shift``.
    folds : tuple of RowCounts
        Of the models of each fold.
    model : RowCounts
        Of the saved model.
    """

    how: str
    folds: tuple[RowCounts, ...]
    model: RowCounts


@dataclass(frozen=True)
class Restoration:
    """
    What was restored.

    Parameters
    ----------
    outputs : int
        Pixel values of an image.
    image_shape : tuple of int
    noise : str
    peak : int
        The grey level of white.
    tolerance : int
        Grey levels within which a pixel is right.
    ssim_window : int
        Pixels, of structural similarity.
    """

    outputs: int
    image_shape: tuple[int, ...]
    noise: str
    peak: int
    tolerance: int
    ssim_window: int


@dataclass(frozen=True)
class ShuffledRecord:
    """
    What folds drawn at random, whatever the order or the group of a row, would say of the chosen candidate.

    Parameters
    ----------
    metric : str
        Key of the figure that orders the candidates.
    value : float
        From shuffled folds, of the rows that were judged.
    difference : Difference
        That less the figure of the run, on the same rows.
    """

    metric: str
    value: float
    difference: Difference


@dataclass(frozen=True, eq=False, kw_only=True)
class Metrics:
    """
    Content of ``metrics.json``, schema 1, in the order of its entries.

    Parameters
    ----------
    schema : int
    task : str
        ``binary``, ``multiclass``, ``multilabel`` or ``multioutput``.
    target : str or None
        Column of the labels, of a table.
    classes : tuple of str
    positive : str or None
        The class to detect.
    restoration : Restoration or None
        Of a run that restored images.
    metric : str
        Key of the figure that orders the candidates.
    chosen : str
    choice : ChoiceRecord or None
        None in runs of versions that did not write it.
    candidates : mapping of str to CandidateRecord
        In order of the metric, the best first.
    failed : mapping of str to str
        Candidate -> reason; ``model`` where the model could not be saved.
    augment : Augmentation or None
    leaks : tuple of str
        Columns that give the class away.
    proposal : ProposalRecord or None
    shuffled : ShuffledRecord or None
        Of a run in order of time or with groups.
    test, test_baseline : mapping of str to Estimate
        Of the chosen candidate and of the baseline, on the test rows.
    test_confusion_matrix : ndarray of int64 or None
    test_openings : int
    test_difference : Difference or None
        Restored less doing nothing, of images.
    warnings : tuple of str
    more : mapping of str to object
        Entries that this version does not know.
    """

    schema: int = SCHEMA
    task: str
    target: str | None = field(default=None, metadata=NULLABLE)
    classes: tuple[str, ...]
    positive: str | None
    restoration: Restoration | None = field(default=None, metadata=FLAT)
    metric: str
    chosen: str
    choice: ChoiceRecord | None = None
    candidates: Mapping[str, CandidateRecord]
    failed: Mapping[str, str]
    augment: Augmentation | None = None
    leaks: tuple[str, ...] = ()
    proposal: ProposalRecord | None = None
    shuffled: ShuffledRecord | None = None
    test: Figures
    test_confusion_matrix: Counts | None = None
    test_openings: int
    test_baseline: Figures
    test_difference: Difference | None = None
    more: Mapping[str, Any] = field(default_factory=dict, metadata=REST)
    warnings: tuple[str, ...]

    @property
    def chosen_record(self) -> CandidateRecord:
        """The record of the chosen candidate."""
        return self.candidates[self.chosen]

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], where: str | Path | None = None) -> Metrics:
        """
        Read what `as_dict` gave.

        Raises
        ------
        DataError
            An entry is missing, of another type, or contradicts another one; the message names it.
        """
        metrics = read_record(cls, content, where, _AGAIN)
        contradiction = next(_contradictions(metrics), None)
        if contradiction is not None:
            raise DataError(f"damaged: {contradiction}", where=where, do=_AGAIN)
        return metrics

    def as_dict(self) -> dict[str, Any]:
        """Return the content of the file as plain values."""
        plain = plain_record(self)
        if self.restoration is not None and self.target is None:
            del plain["target"]
        return plain


def read_metrics(path: Path) -> Metrics:
    """
    Read ``metrics.json``.

    Raises
    ------
    DataError
        The file is damaged, or of a newer version; the message names the entry.
    """
    return Metrics.from_dict(read_run_json(path), path)


def write_metrics(path: Path, metrics: Metrics) -> None:
    """Write ``metrics.json`` whole or not at all."""
    write_json(path, metrics.as_dict())


def task_in(metrics: Metrics) -> Task:
    """
    Return the task of a run.

    Raises
    ------
    ValueError
        There is none of these classes.
    """
    against_the_rest = metrics.positive is not None and metrics.classes[:1] == (f"not {metrics.positive}",)
    images = metrics.restoration
    plain = {
        "type": metrics.task,
        "classes": metrics.classes,
        "positive": metrics.positive,
        "one_vs_rest": metrics.positive if against_the_rest else None,
        **({} if images is None else {"shape": images.image_shape, "peak": images.peak}),
    }
    return task_from_dict(plain)


def _contradictions(metrics: Metrics) -> Iterator[str | MisfitError]:
    """Tell what cannot be together in one file, though each entry is of its type."""
    if metrics.chosen not in metrics.candidates:
        yield "the chosen candidate is not there"
    try:
        task = task_in(metrics)
    except KeyError as fault:
        yield MisfitError("", ("image_shape" if fault.args == ("shape",) else str(fault.args[0]),))
        return
    except ValueError as fault:
        yield f"'task', 'classes' and 'positive' are of no task that this version knows: {shown(fault, 80)}"
        return
    yield from _missing_figures(metrics, task)
    if is_built_in(task) and (task.exclusive or task.several):
        yield from _unfit_classes(metrics, task.several)
    if is_built_in(task) and task.numeric:
        yield from _unfit_quantities(metrics)


def _unfit_classes(metrics: Metrics, several: bool) -> Iterator[MisfitError]:
    k = len(metrics.classes)
    shape = (k, 2, 2) if several else (k, k)
    if metrics.test_confusion_matrix is None:
        yield MisfitError("", ("test_confusion_matrix",))
    else:
        yield from _unfit_matrix(metrics.test_confusion_matrix, shape, ("test_confusion_matrix",))
    for name, candidate in metrics.candidates.items():
        yield from _unfit_candidate(candidate, shape, ("candidates", name))


def _unfit_quantities(metrics: Metrics) -> Iterator[MisfitError]:
    """Every candidate has a decision, and its interval and its shift are as many as there are targets."""
    for name, candidate in metrics.candidates.items():
        place = ("candidates", name, "decision")
        if candidate.operating_point is None:
            yield MisfitError("", place)
            return
        decision = candidate.decision
        if (decision.kind == "interval") != (decision.interval is not None):
            yield MisfitError(f"does not go with kind {decision.kind}", (*place, "interval"))
        interval = () if decision.interval is None else (decision.interval.below, decision.interval.above)
        for part in (*interval, *(() if decision.shift is None else (decision.shift,))):
            if len(part) != len(metrics.classes):
                yield MisfitError(f"has {len(part)} values for {len(metrics.classes)} targets", place)
        if decision.interval is not None and (fault := _interval_fault(decision.interval)):
            yield MisfitError(fault, (*place, "interval"))


def _interval_fault(interval: Interval) -> str:
    """What an interval cannot be; empty of a sound one."""
    try:
        read_interval(asdict(interval))
    except ValueError as fault:
        return f"is none: {fault}"
    return ""


def _missing_figures(metrics: Metrics, task: Task) -> Iterator[MisfitError]:
    """Every candidate has the same figures, and so have the model and the baseline on the test rows."""
    out_of_fold: dict[tuple[str, ...], Figures] = {}
    for name, candidate in metrics.candidates.items():
        out_of_fold["candidates", name, "out_of_fold"] = candidate.out_of_fold
        if candidate.operating_point is not None:
            out_of_fold["candidates", name, "decision", "out_of_fold"] = candidate.decision.out_of_fold
    tested = {("test",): metrics.test, ("test_baseline",): metrics.test_baseline}
    for figures in (out_of_fold, tested):
        keys = dict.fromkeys([metrics.metric, task.headline, *(key for one in figures.values() for key in one)])
        for names, one in figures.items():
            yield from (MisfitError("", (*names, key)) for key in keys if key not in one)
    if metrics.proposal is not None:
        missing = {"precision", "recall"}.difference(metrics.proposal.out_of_fold)
        yield from (MisfitError("", ("proposal", "out_of_fold", key)) for key in sorted(missing))


def _unfit_candidate(
    candidate: CandidateRecord, shape: tuple[int, ...], place: tuple[str, ...]
) -> Iterator[MisfitError]:
    if candidate.operating_point is None:
        yield MisfitError("", (*place, "decision"))
        return
    yield from _unfit_matrix(candidate.confusion_matrix, shape, (*place, "confusion_matrix"))
    decision = candidate.decision
    yield from _unfit_matrix(decision.confusion_matrix, shape, (*place, "decision", "confusion_matrix"))
    if (decision.kind == "threshold") != (decision.threshold is not None):
        yield MisfitError(f"does not go with kind {decision.kind}", (*place, "decision", "threshold"))
    if (decision.kind == "thresholds") != (decision.thresholds is not None):
        yield MisfitError(f"does not go with kind {decision.kind}", (*place, "decision", "thresholds"))
    tuning = candidate.tuning
    if tuning is not None and not all(0 <= one < len(tuning.trials) for one in (tuning.chosen, *tuning.by_fold)):
        yield MisfitError("is the number of no trial", (*place, "tuning", "chosen"))


def _unfit_matrix(counts: Counts, shape: tuple[int, ...], names: tuple[str, ...]) -> Iterator[MisfitError]:
    if not counts.size:
        yield MisfitError("", names)
    elif counts.shape != shape:
        yield MisfitError(f"is not of shape {' x '.join(map(str, shape))}, as 'classes' asks", names)
