"""The verdict of a run in a sentence, and its leader board in words: what terminal, notebook and page begin with."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.decimals import change_unit, column_texts, figure_text, figure_texts, is_rate, percent
from tenfold.record.entries.metrics import CandidateRecord, Figures, Metrics, task_in
from tenfold.record.words.quantities import (
    QUANTITY_WORDS,
    quantity_intervals_sentence,
    quantity_sentence,
    quantity_test_sentence,
)
from tenfold.record.words.restoration import denoised_rows, denoised_verdict
from tenfold.task import Task
from tenfold.text import shown

__all__ = [
    "all_labels",
    "board_rows",
    "class_words",
    "metric_words",
    "metric_words_of",
    "result_sentence",
    "sentence_on_test",
]

_METRIC_WORDS = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced accuracy",
    "precision": "precision",
    "recall": "recall",
    "specificity": "specificity",
    "f1": "F1",
    "mcc": "Matthews correlation",
    "roc_auc": "area under the ROC curve",
    "average_precision": "average precision",
    "log_loss": "log loss",
    "brier": "Brier score",
    "mae": "mean error, grey levels",
    "psnr": "peak signal-to-noise ratio, dB",
    "ssim": "structural similarity",
    "pixels_right": "pixels right",
    "pixels_exact": "pixels exactly right",
    "exact_match": "all labels right",
    "hamming_loss": "share of labels wrong",
}
_AVERAGES = {"macro": "mean over classes", "weighted": "mean over rows", "micro": "pooled"}
_AVERAGES_OF_LABELS = {
    "macro": "mean over labels",
    "weighted": "mean over labels by their rows",
    "micro": "labels of all rows together",
    "samples": "mean over rows",
}
_WIDEST_HEAD = 24


def metric_words(key: str) -> str:
    """
    Return a metric's name as people say it.

    Examples
    --------
    >>> metric_words("recall:5"), metric_words("roc_auc_macro")
    ('recall of “5”', 'area under the ROC curve, mean over classes')
    """
    base, _, one = key.partition(":")
    if one:
        return f"{_METRIC_WORDS.get(base, base)} of “{shown(one, 40)}”"
    for average, words in _AVERAGES.items():
        if base.endswith(f"_{average}"):
            base = base.removesuffix(f"_{average}")
            return f"{_METRIC_WORDS.get(base, base)}, {words}"
    return _METRIC_WORDS.get(base, base)


def metric_words_of(task: Task, key: str) -> str:
    """
    Return a metric's name as people say it of a task: averages of several labels are over labels, not classes.

    Examples
    --------
    >>> from tenfold.tasks import ClassTask, LabelTask
    >>> metric_words_of(LabelTask(("odd", "large")), "f1_macro"), metric_words_of(ClassTask(("a", "b"), "b"), "f1")
    ('F1, mean over labels', 'F1')
    """
    if task.numeric:
        base, _, target = key.partition(":")
        return QUANTITY_WORDS.get(base, base) + (f" of “{shown(target, 40)}”" if target else "")
    name, _, average = key.rpartition("_")
    if not task.several or ":" in key or average not in _AVERAGES_OF_LABELS:
        return metric_words(key)
    return f"{_METRIC_WORDS.get(name, name)}, {_AVERAGES_OF_LABELS[average]}"


def all_labels(count: int) -> str:
    """
    Say "all labels" as people do.

    Examples
    --------
    >>> all_labels(2), all_labels(3)
    ('both labels', 'all 3 labels')
    """
    return "both labels" if count == 2 else f"all {count} labels"


def class_words(target: str | None, name: str, limit: int = 40) -> str:
    """
    Return a class as people speak of it: its name; with the column where the name alone says nothing.

    Examples
    --------
    >>> class_words("Survived", "1"), class_words("species", "rose")
    ('Survived = 1', 'rose')
    """
    bare = name.lower() in {"true", "false", "yes", "no"} or name.replace(".", "", 1).isdigit()
    return shown(f"{target} = {name}" if target and bare else name, limit)


def result_sentence(metrics: Metrics) -> str:
    """
    Say in a sentence or two what the figures of a run are; `tenfold.record.words.caveats` says what goes before them.

    Parameters
    ----------
    metrics : Metrics
    """
    if metrics.restoration is not None:
        return denoised_verdict(metrics)
    figures, task = metrics.chosen_record.decision.out_of_fold, task_in(metrics)
    if task.numeric:
        parts = (quantity_sentence(metrics), quantity_test_sentence(metrics), quantity_intervals_sentence(metrics))
        return " ".join(part for part in parts if part)
    if task.several:
        sentence = _labels_sentence(metrics, figures)
    elif metrics.positive is not None and figures["precision"].value is not None:
        sentence = _detector_sentence(metrics, metrics.positive, figures)
    else:
        sentence = _classes_sentence(metrics, figures)
    return f"{sentence} {sentence_on_test(metrics)}"


def sentence_on_test(metrics: Metrics) -> str:
    """Say what the one look at the test part showed."""
    task, openings = task_in(metrics), metrics.test_openings
    if task.numeric:
        return quantity_test_sentence(metrics)
    accuracy, nothing = metrics.test[task.headline], metrics.test_baseline[task.headline].value
    text = figure_text(task.headline, accuracy)
    times = "once" if openings == 1 else f"{openings} times"
    right = "with all labels right" if task.several else "right"
    # Of a rare class nearly all rows are right where none is ever called so.
    is_close = nothing is not None and accuracy.low is not None and accuracy.low <= nothing
    beside = f", the baseline {percent(nothing)}" if nothing is not None and is_close else ""
    return f"On the {accuracy.n:,} test rows, opened {times}: {text.value} {right} ({text.interval}){beside}."


def _labels_sentence(metrics: Metrics, figures: Figures) -> str:
    exact, f1 = figure_texts((key, figures[key]) for key in ("exact_match", "f1_macro"))
    return (
        f"{shown(metrics.chosen)} gets {all_labels(len(metrics.classes))} right on {exact.value} of "
        f"{figures['exact_match'].n:,} rows judged out of fold (95 % interval {exact.interval}); "
        f"F1, mean over labels, {f1.value} ({f1.interval or 'no interval'})."
    )


def _classes_sentence(metrics: Metrics, figures: Figures) -> str:
    estimate = figures["accuracy"]
    accuracy = figure_text("accuracy", estimate)
    return (
        f"{shown(metrics.chosen)} is right on {accuracy.value} of {estimate.n:,} rows "
        f"judged out of fold (95 % interval {accuracy.interval})."
    )


def _detector_sentence(metrics: Metrics, positive: str, figures: Figures) -> str:
    recall, precision = figure_texts((key, figures[key]) for key in ("recall", "precision"))
    return (
        f"{shown(metrics.chosen)} finds {recall.value} of all '{class_words(metrics.target, positive)}' "
        f"({recall.interval}) and is right in {precision.value} "
        f"({precision.interval}) of the cases it calls so, judged out of fold on "
        f"{figures['accuracy'].n:,} rows."
    )


def board_rows(metrics: Metrics) -> list[tuple[str, ...]]:
    """
    Return the leader board as rows of text, the head first: candidate, metric, interval, difference, remark.

    Parameters
    ----------
    metrics : Metrics
    """
    if metrics.restoration is not None:
        return denoised_rows(metrics)
    key, candidates = metrics.metric, metrics.candidates
    figures = figure_texts((key, one.out_of_fold[key]) for one in candidates.values())
    rows: list[tuple[str, ...]] = [("candidate", _head(metrics), "95 % interval", "to the best", "")]
    for (name, one), text, apart in zip(candidates.items(), figures, _differences(key, candidates), strict=True):
        rows.append((shown(name, 40), text.value, text.interval, apart, _remark(metrics, name, one)))
    return rows


def _head(metrics: Metrics) -> str:
    """The metric as people say it, or its key where that would make the table wider than a terminal."""
    words = metric_words_of(task_in(metrics), metrics.metric)
    return words if len(words) <= _WIDEST_HEAD else shown(metrics.metric, _WIDEST_HEAD)


def _differences(name: str, candidates: Mapping[str, CandidateRecord]) -> list[str]:
    """What separates each candidate from the best; empty for the best itself."""
    values = [None if (best := one.difference_to_best) is None else best.value for one in candidates.values()]
    unit = " points" if is_rate(name) else ""
    texts = column_texts(change_unit(name), [(value, None, None) for value in values])
    return ["" if value is None else text.value + unit for value, text in zip(values, texts, strict=True)]


def _remark(metrics: Metrics, name: str, candidate: CandidateRecord) -> str:
    if name == metrics.chosen:
        return "chosen"
    if candidate.decision.unmet is not None:
        return "cannot meet the rule"
    return "tied with the best" if candidate.tied_with_best else ""
