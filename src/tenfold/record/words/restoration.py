"""The verdict of a run that restored images, and its candidates in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.decimals import Interval, change_unit, column_texts, figure_text, figure_texts
from tenfold.record.entries.metrics import CandidateRecord, Metrics
from tenfold.text import shown

__all__ = ["denoised_rows", "denoised_verdict", "grey", "grey_levels"]

_BASELINE = "baseline"


def grey(value: float | None) -> str:
    """
    Return grey levels with three figures.

    Examples
    --------
    >>> grey(13.142), grey(0.0312), grey(123.4), grey(None)
    ('13.1', '0.0312', '123', 'undefined')
    """
    return figure_text("mae", {"value": value}).value


def grey_levels(estimate: Interval | Mapping[str, Any]) -> str:
    """
    Return an error with its interval.

    Examples
    --------
    >>> grey_levels({"value": 13.14, "low": 13.04, "high": 13.24})
    '13.1 grey levels (13.0 to 13.2)'
    """
    error = figure_text("mae", estimate)
    return f"{error.value} grey levels" + (f" ({error.interval})" if error.interval else "")


def denoised_verdict(metrics: Metrics) -> str:
    """
    Say in a sentence or two what a run that restored images came to.

    Such as: "knn brings the mean error down from 49.5 to 13.1 grey levels (95 % interval 13.0 to 13.2) on 100 test
    images, opened once. On 400 training images judged out of fold: 13.2 grey levels (13.1 to 13.3)."
    """
    name, tested, nothing = shown(metrics.chosen, 40), metrics.test["mae"], metrics.test_baseline["mae"]
    pooled = metrics.chosen_record.out_of_fold["mae"]
    times = "once" if metrics.test_openings == 1 else f"{metrics.test_openings} times"
    where = f"on {tested.n:,} test image{'' if tested.n == 1 else 's'}, opened {times}."
    error, before = figure_texts([("mae", tested), ("mae", {"value": nothing.value})])
    interval = f" (95 % interval {error.interval})" if error.interval else ""
    images = f"{pooled.n:,} training image{'' if pooled.n == 1 else 's'}"
    more = f"On {images} judged out of fold: {grey_levels(pooled)}."
    if metrics.chosen == _BASELINE:
        return f"Doing nothing leaves a mean error of {error.value} grey levels{interval} {where} {more}"
    helps = tested.value is not None and nothing.value is not None and tested.value < nothing.value
    change = "brings the mean error down" if helps else "does not help: the mean error goes"
    return f"{name} {change} from {before.value} to {error.value} grey levels{interval} {where} {more}"


def denoised_rows(metrics: Metrics) -> list[tuple[str, ...]]:
    """Return the candidates as rows of text, the head first: candidate, error, interval, difference, remark."""
    rows: list[tuple[str, ...]] = [("candidate", "mean error", "95 % interval", "to the best", "")]
    candidates = metrics.candidates
    errors = figure_texts(("mae", one.out_of_fold["mae"]) for one in candidates.values())
    apart = [None if (best := one.difference_to_best) is None else best.value for one in candidates.values()]
    changes = column_texts(change_unit("mae"), [(value, None, None) for value in apart])
    for (name, one), error, value, change in zip(candidates.items(), errors, apart, changes, strict=True):
        difference = "" if value is None else change.value
        rows.append((shown(name, 40), error.value, error.interval, difference, _remark(metrics, name, one)))
    return rows


def _remark(metrics: Metrics, name: str, candidate: CandidateRecord) -> str:
    if name == metrics.chosen:
        return "chosen"
    if name == _BASELINE:
        return "does nothing"
    return "tied with the best" if candidate.tied_with_best else ""
