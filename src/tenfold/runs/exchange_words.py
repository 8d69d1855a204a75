"""A comparison in sentences: who is ahead and by how much, what is fixed and broken, whether it may be chance."""

from __future__ import annotations

from tenfold.runs.comparing import Comparison
from tenfold.runs.verdict import metric_words, percent
from tenfold.text import shown

__all__ = ["class_rows", "difference_words", "headline", "probability_words", "sentences"]

_RATES = ("accuracy", "precision", "recall", "f1", "specificity")


def sentences(found: Comparison) -> list[str]:
    """Say a comparison in a few sentences, the verdict first."""
    told = [_verdict(found), _tested(found)]
    if found.metric != "accuracy":
        told.append(f"In {metric_words(found.metric)}: {difference_words(found)}.")
    if any(found.left_out):
        first, second = found.left_out
        told.append(
            f"Only the {len(found.rows):,} rows that both runs hold are compared; {first:,} of the first and "
            f"{second:,} of the second are left out."
        )
    return told


def headline(found: Comparison) -> str:
    """Say who is ahead, and by how much."""
    return f"{_ahead(found)}."


def _verdict(found: Comparison) -> str:
    return f"{_ahead(found)}: {_exchanged(found)}."


def _exchanged(found: Comparison) -> str:
    fixed, broken = len(found.exchange.fixed), len(found.exchange.broken)
    return f"it fixes {fixed:,} and breaks {broken:,}; {found.test}: p {probability_words(found.p_value)}"


def _ahead(found: Comparison) -> str:
    value, low, high = (100 * part for part in (found.accuracy.value, found.accuracy.low, found.accuracy.high))
    if found.accuracy.contains_zero:
        return (
            f"{found.second} cannot be told apart from {found.first} ({value:+.2f} points, {low:+.2f} to {high:+.2f})"
        )
    word = "more" if value > 0 else "fewer"
    low, high = sorted((abs(low), abs(high)))
    return f"{found.second} is right on {abs(value):.2f} points {word} than {found.first} ({low:.2f} to {high:.2f})"


def _tested(found: Comparison) -> str:
    told = f"Judged out of fold on {found.exchange.n:,} rows, each at its decision in force; no test row is used. "
    told += f"Both are wrong on {found.exchange.both_wrong:,}."
    if found.p_adjusted != found.p_value:
        told += f" After Holm's correction for all comparisons made here, p {probability_words(found.p_adjusted)}."
    return told


def probability_words(p: float) -> str:
    """
    Give a p-value with two figures; the very small as below a bound.

    Examples
    --------
    >>> probability_words(0.0312), probability_words(1e-9)
    ('= 0.031', '< 0.0001')
    """
    return "< 0.0001" if p < 1e-4 else f"= {p:.2g}"


def difference_words(found: Comparison) -> str:
    """Give the difference of the metric with its interval, in points where it is a rate."""
    if found.difference is None:
        return "undefined for one of the two"
    rate = found.metric.split(":")[0].startswith(_RATES)
    scale, unit, digits = (100, " points", 2) if rate else (1, "", 4)
    value, low, high = (scale * part for part in (found.difference.value, found.difference.low, found.difference.high))
    return f"{value:+.{digits}f}{unit} ({low:+.{digits}f} to {high:+.{digits}f})"


def class_rows(found: Comparison) -> list[tuple[str, ...]]:
    """Give what changes for each class, as rows of text, the head first."""
    rows: list[tuple[str, ...]] = [("class", "rows", "right before", "right after", "change")]
    for name, (n, before, after) in zip(found.task.classes, found.exchange.by_class, strict=True):
        shares = (percent(count / n) if n else "none there" for count in (before, after))
        rows.append((shown(name, 24), f"{n:,}", *shares, f"{after - before:+,}"))
    return rows
