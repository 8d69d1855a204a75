"""The verdict of a run in a sentence, and its leader board in words: what terminal, notebook and page begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.decimals import change_unit, column_texts, figure_text, figure_texts, is_rate, percent
from tenfold.record.words.restoration import denoised_rows, denoised_verdict, is_denoised
from tenfold.text import shown

__all__ = [
    "all_labels",
    "board_rows",
    "headline",
    "metric_words",
    "spoken_class",
    "result_sentence",
    "spoken_metric",
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
    Give a metric's name as people say it.

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


def spoken_metric(metrics: Mapping[str, Any], key: str) -> str:
    """
    Give a metric's name as people say it of this run: averages of several labels are over labels, not classes.

    Examples
    --------
    >>> spoken_metric({"task": "multilabel"}, "f1_macro"), spoken_metric({"task": "binary"}, "f1")
    ('F1, mean over labels', 'F1')
    """
    name, _, average = key.rpartition("_")
    if metrics["task"] != "multilabel" or ":" in key or average not in _AVERAGES_OF_LABELS:
        return metric_words(key)
    return f"{_METRIC_WORDS.get(name, name)}, {_AVERAGES_OF_LABELS[average]}"


def headline(metrics: Mapping[str, Any]) -> str:
    """
    Give the key of the share of rows that are right: with every label right, where there are several.

    Examples
    --------
    >>> headline({"task": "multilabel"}), headline({"task": "binary"})
    ('exact_match', 'accuracy')
    """
    return "exact_match" if metrics["task"] == "multilabel" else "accuracy"


def all_labels(count: int) -> str:
    """
    Say "all labels" as people do.

    Examples
    --------
    >>> all_labels(2), all_labels(3)
    ('both labels', 'all 3 labels')
    """
    return "both labels" if count == 2 else f"all {count} labels"


def spoken_class(metrics: Mapping[str, Any], name: str, limit: int = 40) -> str:
    """
    Give a class as people speak of it: its name; with the column where the name alone says nothing.

    Examples
    --------
    >>> spoken_class({"target": "Survived"}, "1"), spoken_class({"target": "species"}, "rose")
    ('Survived = 1', 'rose')
    """
    bare = name.lower() in {"true", "false", "yes", "no"} or name.replace(".", "", 1).isdigit()
    target = metrics.get("target")
    return shown(f"{target} = {name}" if target and bare else name, limit)


def result_sentence(metrics: Mapping[str, Any]) -> str:
    """
    Say in a sentence or two what the figures of a run are; `tenfold.record.words.caveats` says what goes before them.

    Parameters
    ----------
    metrics : mapping
        Content of ``metrics.json``.
    """
    if is_denoised(metrics):
        return denoised_verdict(metrics)
    chosen = metrics["candidates"][metrics["chosen"]]
    told = _detector_sentence if metrics["positive"] is not None else _classes_sentence
    told = _labels_sentence if metrics["task"] == "multilabel" else told
    return f"{told(metrics, chosen)} {sentence_on_test(metrics)}"


def sentence_on_test(metrics: Mapping[str, Any]) -> str:
    """Say what the one look at the test part showed."""
    accuracy, openings = metrics["test"][headline(metrics)], metrics["test_openings"]
    tested = figure_text(headline(metrics), accuracy)
    times = "once" if openings == 1 else f"{openings} times"
    right = "right" if metrics["task"] != "multilabel" else "with all labels right"
    nothing = metrics["test_baseline"][headline(metrics)]["value"]
    # Of a rare class nearly all rows are right without any answer.
    beside = f", the baseline {percent(nothing)}" if accuracy["low"] <= nothing else ""
    return f"On the {accuracy['n']:,} test rows, opened {times}: {tested.value} {right} ({tested.interval}){beside}."


def _labels_sentence(metrics: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    figures = chosen["decision"]["out_of_fold"]
    exact, f1 = figure_texts((key, figures[key]) for key in ("exact_match", "f1_macro"))
    return (
        f"{shown(metrics['chosen'])} gets {all_labels(len(metrics['classes']))} right on {exact.value} of "
        f"{figures['exact_match']['n']:,} rows judged out of fold (95 % interval {exact.interval}); "
        f"F1, mean over labels, {f1.value} ({f1.interval or 'no interval'})."
    )


def _classes_sentence(metrics: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    estimate = chosen["decision"]["out_of_fold"]["accuracy"]
    accuracy = figure_text("accuracy", estimate)
    return (
        f"{shown(metrics['chosen'])} is right on {accuracy.value} of {estimate['n']:,} rows "
        f"judged out of fold (95 % interval {accuracy.interval})."
    )


def _detector_sentence(metrics: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    figures, positive = chosen["decision"]["out_of_fold"], spoken_class(metrics, metrics["positive"])
    if figures["precision"]["value"] is None:
        return _classes_sentence(metrics, chosen)
    recall, precision = figure_texts((key, figures[key]) for key in ("recall", "precision"))
    return (
        f"{shown(metrics['chosen'])} finds {recall.value} of all '{positive}' "
        f"({recall.interval}) and is right in {precision.value} "
        f"({precision.interval}) of the cases it calls so, judged out of fold on "
        f"{figures['accuracy']['n']:,} rows."
    )


def board_rows(metrics: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """
    Give the leader board as rows of text, the head first: candidate, metric, interval, difference, remark.

    Parameters
    ----------
    metrics : mapping
        Content of ``metrics.json``.
    """
    if is_denoised(metrics):
        return denoised_rows(metrics)
    name = metrics["metric"]
    entries = metrics["candidates"]
    figures = figure_texts((name, entry["out_of_fold"][name]) for entry in entries.values())
    rows: list[tuple[str, ...]] = [("candidate", _head(metrics, name), "95 % interval", "to the best", "")]
    for (candidate, entry), told, apart in zip(entries.items(), figures, _differences(name, entries), strict=True):
        rows.append((shown(candidate, 40), told.value, told.interval, apart, _remark(metrics, candidate, entry)))
    return rows


def _head(metrics: Mapping[str, Any], name: str) -> str:
    """The metric as people say it, or its key where that would make the table wider than a terminal."""
    words = spoken_metric(metrics, name)
    return words if len(words) <= _WIDEST_HEAD else shown(name, _WIDEST_HEAD)


def _differences(name: str, entries: Mapping[str, Any]) -> list[str]:
    """What separates each candidate from the best; empty for the best itself."""
    values = [(entry["difference_to_best"] or {}).get("value") for entry in entries.values()]
    unit = " points" if is_rate(name) else ""
    texts = column_texts(change_unit(name), [(value, None, None) for value in values])
    return ["" if value is None else text.value + unit for value, text in zip(values, texts, strict=True)]


def _remark(metrics: Mapping[str, Any], candidate: str, entry: Mapping[str, Any]) -> str:
    if candidate == metrics["chosen"]:
        return "chosen"
    if "unmet" in entry["decision"]:
        return "cannot meet the rule"
    return "tied with the best" if entry["tied_with_best"] else ""
