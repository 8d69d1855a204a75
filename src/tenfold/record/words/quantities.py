"""The verdict of a run that predicts quantities, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.decimals import Interval, figure_text, figure_texts, percent
from tenfold.record.entries.metrics import Metrics
from tenfold.text import shown

__all__ = [
    "QUANTITY_WORDS",
    "judged_sentence",
    "quantity_intervals_sentence",
    "quantity_sentence",
    "quantity_test_sentence",
    "target_words",
]

QUANTITY_WORDS: Mapping[str, str] = {
    "rmse": "RMSE",
    "mae": "mean absolute error",
    "median_absolute_error": "median absolute error",
    "r2": "R²",
    "mape": "mean error in % of the value",
    "bias": "bias (predicted less true)",
    "pinball": "pinball loss of the intervals",
    "coverage": "coverage of the intervals",
    "width": "width of the intervals",
}
"""Names of figures as people say them."""


def target_words(metrics: Metrics) -> str:
    """Return the targets as people speak of them."""
    names = [f"“{shown(name, 40)}”" for name in metrics.classes]
    return names[0] if len(names) == 1 else f"{len(names)} quantities"


def quantity_sentence(metrics: Metrics) -> str:
    """
    Say in a sentence how far off predictions are, out of fold.

    Such as: "boosting is off by less than 18,100 for half of the rows, RMSE 47,200 (46,100 to 48,300), judged out of
    fold on 16,512 rows; the mean alone has 115,000."
    """
    figures, name = metrics.chosen_record.decision.out_of_fold, shown(metrics.chosen, 40)
    if len(metrics.classes) > 1:
        r2 = figure_text("r2", figures["r2"])
        return (
            f"{name} explains {r2.value} of the variance (R², mean over {len(metrics.classes)} quantities; "
            f"{r2.interval or 'no interval'}), judged out of fold on {figures['r2'].n:,} rows."
        )
    middle, rmse, nothing = figure_texts(
        [
            ("median_absolute_error", {"value": figures["median_absolute_error"].value}),
            ("rmse", figures["rmse"]),
            ("rmse", {"value": _baseline_value(metrics)}),
        ]
    )
    beside = f"; the mean alone has {nothing.value}" if _baseline_value(metrics) is not None else ""
    error = _with_interval(rmse.value, rmse.interval)
    off = "exactly right" if figures["median_absolute_error"].value == 0 else f"off by less than {middle.value}"
    return (
        f"{name} is {off} for half of the rows, RMSE {error}, judged out of fold on {figures['rmse'].n:,} rows{beside}."
    )


def judged_sentence(name: str, rows: str, figures: Mapping[str, Interval], asked: float | None, targets: int) -> str:
    """
    Say how far off a saved model is on some rows, and how many of their values lie inside its intervals.

    Parameters
    ----------
    name, rows : str
        Of the model, and the rows in words, such as ``12 rows of homes``.
    figures : mapping
        By key.
    asked : float or None
        Share of the values that the intervals are to hold.
    targets : int
    """
    if targets > 1:
        r2 = figure_text("r2", figures["r2"])
        words = f"R², mean over {targets} quantities"
        said = (
            f"{name} explains {_with_interval(r2.value, '; '.join(filter(None, (words, r2.interval))))} of the variance"
        )
        said = f"{said}, on {rows}."
    else:
        middle, rmse = figure_texts(
            [("median_absolute_error", {"value": figures["median_absolute_error"].value}), ("rmse", figures["rmse"])]
        )
        off = "exactly right" if figures["median_absolute_error"].value == 0 else f"off by at most {middle.value}"
        said = f"{name} is {off} for half of {rows}, RMSE {_with_interval(rmse.value, rmse.interval)}."
    inside = figures["coverage"]
    if asked is None or inside.value is None:
        return said
    text = figure_text("coverage", inside)
    held = f"Its intervals hold {_with_interval(text.value, text.interval)} of the values"
    return f"{said} {held} where {percent(asked)} were asked for{_is_missed(inside, asked)}."


def quantity_test_sentence(metrics: Metrics) -> str:
    """Say what the one look at the test part showed: the error, and how many values lie inside their intervals."""
    key = "rmse" if len(metrics.classes) == 1 else "r2"
    estimate, openings = metrics.test[key], metrics.test_openings
    text = figure_text(key, estimate)
    times = "once" if openings == 1 else f"{openings} times"
    rows = f"On the {estimate.n:,} test rows, opened {times}"
    return f"{rows}: {QUANTITY_WORDS[key]} {_with_interval(text.value, text.interval)}."


def quantity_intervals_sentence(metrics: Metrics) -> str:
    """Say how many test values lie inside their intervals, beside how many are to; empty without intervals."""
    interval, coverage = metrics.chosen_record.decision.interval, metrics.test["coverage"]
    if interval is None or coverage.value is None:
        return ""
    text, wide = figure_text("coverage", coverage), figure_text("width", {"value": metrics.test["width"].value})
    size = f", {wide.value} wide," if len(metrics.classes) == 1 else ""
    asked = f"{percent(interval.coverage)} were asked for{_is_missed(coverage, interval.coverage)}"
    return f"Its intervals{size} hold {text.value} of the test values ({text.interval}) where {asked}."


def _is_missed(coverage: Interval, asked: float) -> str:
    if coverage.high is not None and coverage.high < asked:
        return ": fewer than chance explains, so new rows are not like those it was judged on"
    return ""


def _with_interval(value: str, interval: str) -> str:
    return f"{value} ({interval})" if interval else value


def _baseline_value(metrics: Metrics) -> float | None:
    baseline = metrics.candidates.get("baseline")
    return None if baseline is None or metrics.chosen == "baseline" else baseline.out_of_fold["rmse"].value
