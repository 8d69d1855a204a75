"""The verdict of a run in a sentence, and its leader board in words: what terminal, notebook and page begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.runs.denoised import denoised_rows, denoised_verdict, image_figure, is_denoised
from tenfold.text import shown

__all__ = [
    "all_labels",
    "board_rows",
    "figure",
    "headline",
    "is_rate",
    "metric_words",
    "percent",
    "range_of",
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
_MOST_DIGITS = 6
_RATES = {
    *("accuracy", "balanced_accuracy", "precision", "recall", "specificity", "f1", "exact_match", "hamming_loss"),
    *("pixels_right", "pixels_exact"),
}
_OF_IMAGES = {"mae", "psnr", "ssim"}


def percent(value: float) -> str:
    """
    Give a rate with three significant figures, never rounded up to all or down to nothing.

    Examples
    --------
    >>> percent(0.9651), percent(0.99987), percent(0.99999), percent(1.0), percent(0.0004), percent(0.1124)
    ('96.5 %', '99.987 %', '99.999 %', '100 %', '0.040 %', '11.2 %')
    """
    share = 100 * value
    if share in {0.0, 100.0}:
        return f"{share:.0f} %"
    digits = 1
    while digits < 3 and (round(share, digits) in {0.0, 100.0} or min(share, 100 - share) < 0.5 * 10 ** (1 - digits)):
        digits += 1
    return f"{share:.{digits}f} %"


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


def is_rate(name: str) -> bool:
    """
    Tell whether a metric is a share, told in percent.

    Examples
    --------
    >>> is_rate("recall:5"), is_rate("f1_macro"), is_rate("log_loss")
    (True, True, False)
    """
    return name.split(":", maxsplit=1)[0].rsplit("_", 1)[0] in _RATES or name in _RATES


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


def figure(name: str, value: float | None) -> str:
    """Give a metric's value as people read it: rates in percent, the rest with three figures."""
    if value is None:
        return "undefined"
    base = name.split(":", maxsplit=1)[0]
    if base in _OF_IMAGES:
        return image_figure(base, value)
    stem, _, average = base.rpartition("_")
    base = stem if average in _AVERAGES_OF_LABELS else base
    return percent(value) if base in _RATES else f"{value:.4f}" if abs(value) > 0.99 else f"{value:.3f}"


def range_of(name: str, estimate: Mapping[str, Any]) -> str:
    """
    Give the interval of a metric; empty where there is none.

    Of millions of rows it may be so narrow that its ends need more figures to be told apart.

    Examples
    --------
    >>> range_of("accuracy", {"low": 0.963, "high": 0.966}), range_of("accuracy", {"low": 0.77722, "high": 0.77741})
    ('96.3 to 96.6', '77.72 to 77.74')
    """
    low, high = estimate.get("low"), estimate.get("high")
    if low is None or high is None:
        return ""
    ends = [figure(name, end).removesuffix(" %") for end in (low, high)]
    scale, digits = 100 if is_rate(name) else 1, 2
    while ends[0] == ends[1] and low < high and digits < _MOST_DIGITS:
        ends = [f"{scale * end:.{digits}f}" for end in (low, high)]
        digits += 1
    return f"{ends[0]} to {ends[1]}"


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
    Say in a sentence or two what the figures of a run are; `tenfold.runs.caveats` says what goes before them.

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
    times = "once" if openings == 1 else f"{openings} times"
    right = "right" if metrics["task"] != "multilabel" else "with all labels right"
    nothing = metrics["test_baseline"][headline(metrics)]["value"]
    # Of a rare class nearly all rows are right without any answer.
    beside = f", the baseline {percent(nothing)}" if accuracy["low"] <= nothing else ""
    return (
        f"On the {accuracy['n']:,} test rows, opened {times}: {percent(accuracy['value'])} {right} "
        f"({range_of('accuracy', accuracy)}){beside}."
    )


def _labels_sentence(metrics: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    figures = chosen["decision"]["out_of_fold"]
    exact, f1 = figures["exact_match"], figures["f1_macro"]
    return (
        f"{shown(metrics['chosen'])} gets {all_labels(len(metrics['classes']))} right on {percent(exact['value'])} of "
        f"{exact['n']:,} rows judged out of fold (95 % interval {range_of('exact_match', exact)}); "
        f"F1, mean over labels, {figure('f1_macro', f1['value'])} ({range_of('f1_macro', f1) or 'no interval'})."
    )


def _classes_sentence(metrics: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    accuracy = chosen["decision"]["out_of_fold"]["accuracy"]
    return (
        f"{shown(metrics['chosen'])} is right on {percent(accuracy['value'])} of {accuracy['n']:,} rows "
        f"judged out of fold (95 % interval {range_of('accuracy', accuracy)})."
    )


def _detector_sentence(metrics: Mapping[str, Any], chosen: Mapping[str, Any]) -> str:
    figures, positive = chosen["decision"]["out_of_fold"], spoken_class(metrics, metrics["positive"])
    precision, recall = figures["precision"], figures["recall"]
    if precision["value"] is None:
        return _classes_sentence(metrics, chosen)
    return (
        f"{shown(metrics['chosen'])} finds {percent(recall['value'])} of all '{positive}' "
        f"({range_of('recall', recall)}) and is right in {percent(precision['value'])} "
        f"({range_of('precision', precision)}) of the cases it calls so, judged out of fold on "
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
    rows: list[tuple[str, ...]] = [("candidate", _head(metrics, name), "95 % interval", "to the best", "")]
    for candidate, entry in metrics["candidates"].items():
        estimate = entry["out_of_fold"][name]
        rows.append(
            (
                shown(candidate, 40),
                figure(name, estimate["value"]),
                range_of(name, estimate),
                _difference(name, entry["difference_to_best"]),
                _remark(metrics, candidate, entry),
            )
        )
    return rows


def _head(metrics: Mapping[str, Any], name: str) -> str:
    """The metric as people say it, or its key where that would make the table wider than a terminal."""
    words = spoken_metric(metrics, name)
    return words if len(words) <= _WIDEST_HEAD else shown(name, _WIDEST_HEAD)


def _difference(name: str, difference: Mapping[str, Any] | None) -> str:
    if difference is None:
        return ""
    scale, unit = (100, " points") if name in _RATES or name.rpartition("_")[0] in _RATES else (1, "")
    return f"{scale * difference['value']:+.{2 if scale > 1 else 3}f}{unit}"


def _remark(metrics: Mapping[str, Any], candidate: str, entry: Mapping[str, Any]) -> str:
    if candidate == metrics["chosen"]:
        return "chosen"
    if "unmet" in entry["decision"]:
        return "cannot meet the rule"
    return "tied with the best" if entry["tied_with_best"] else ""
