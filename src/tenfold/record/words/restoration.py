"""The verdict of a denoising run in a sentence, and its candidates in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.decimals import change_unit, column_texts, figure_text, figure_texts
from tenfold.text import shown

__all__ = ["denoised_rows", "denoised_verdict", "grey", "grey_levels", "is_denoised"]

_BASELINE = "baseline"


def is_denoised(metrics: Mapping[str, Any]) -> bool:
    """Whether ``metrics.json`` is of a denoising run."""
    return bool(metrics["task"] == "multioutput")


def grey(value: float | None) -> str:
    """
    Give grey levels with three figures, at most two decimals.

    Examples
    --------
    >>> grey(13.142), grey(0.0312), grey(123.4), grey(None)
    ('13.1', '0.03', '123', 'undefined')
    """
    return figure_text("mae", {"value": value}).value


def grey_levels(estimate: Mapping[str, Any]) -> str:
    """
    Give an error with its interval.

    Examples
    --------
    >>> grey_levels({"value": 13.14, "low": 13.04, "high": 13.24})
    '13.1 grey levels (13.0 to 13.2)'
    """
    error = figure_text("mae", estimate)
    return f"{error.value} grey levels" + (f" ({error.interval})" if error.interval else "")


def denoised_verdict(metrics: Mapping[str, Any]) -> str:
    """
    Say in a sentence or two what a denoising run has found, from the content of ``metrics.json``.

    Examples
    --------
    >>> entry = {"value": 13.1, "low": 13.0, "high": 13.2, "n": 100}
    >>> told = denoised_verdict(
    ...     {
    ...         "chosen": "knn",
    ...         "test": {"mae": entry},
    ...         "test_openings": 1,
    ...         "test_baseline": {"mae": {**entry, "value": 49.5}},
    ...         "candidates": {"knn": {"out_of_fold": {"mae": entry}}},
    ...     }
    ... )
    >>> told.split(" (95")[0]
    'knn brings the mean error down from 49.5 to 13.1 grey levels'
    """
    name, mine, nothing = shown(metrics["chosen"], 40), metrics["test"]["mae"], metrics["test_baseline"]["mae"]
    judged = metrics["candidates"][metrics["chosen"]]["out_of_fold"]["mae"]
    times = "once" if metrics["test_openings"] == 1 else f"{metrics['test_openings']} times"
    where = f"on {mine['n']:,} test image{'' if mine['n'] == 1 else 's'}, opened {times}."
    error, before = figure_texts([("mae", mine), ("mae", {"value": nothing["value"]})])
    interval = f" (95 % interval {error.interval})" if error.interval else ""
    images = f"{judged['n']:,} training image{'' if judged['n'] == 1 else 's'}"
    more = f"On {images} judged out of fold: {grey_levels(judged)}."
    if metrics["chosen"] == _BASELINE:
        return f"Doing nothing leaves a mean error of {error.value} grey levels{interval} {where} {more}"
    told = "brings the mean error down" if mine["value"] < nothing["value"] else "does not help: the mean error goes"
    return f"{name} {told} from {before.value} to {error.value} grey levels{interval} {where} {more}"


def denoised_rows(metrics: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """
    Give the candidates as rows of text, the head first: candidate, error, interval, difference, remark.

    Parameters
    ----------
    metrics : mapping
        Content of ``metrics.json``.
    """
    rows: list[tuple[str, ...]] = [("candidate", "mean error", "95 % interval", "to the best", "")]
    entries = metrics["candidates"]
    errors = figure_texts(("mae", entry["out_of_fold"]["mae"]) for entry in entries.values())
    apart = [(entry["difference_to_best"] or {}).get("value") for entry in entries.values()]
    changes = column_texts(change_unit("mae"), [(value, None, None) for value in apart])
    for (name, entry), error, value, change in zip(entries.items(), errors, apart, changes, strict=True):
        difference = "" if value is None else change.value
        rows.append((shown(name, 40), error.value, error.interval, difference, _remark(metrics, name, entry)))
    return rows


def _remark(metrics: Mapping[str, Any], name: str, entry: Mapping[str, Any]) -> str:
    if name == metrics["chosen"]:
        return "chosen"
    if name == _BASELINE:
        return "does nothing"
    return "tied with the best" if entry["tied_with_best"] else ""
