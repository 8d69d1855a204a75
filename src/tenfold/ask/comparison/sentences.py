"""A comparison in sentences: who is ahead and by how much, what is fixed and broken, whether it may be chance."""

from __future__ import annotations

from dataclasses import replace

from tenfold.ask.comparison.compare import Comparison
from tenfold.decimals import POINTS, change_unit, column_texts, is_rate, percents
from tenfold.record.words.verdict import metric_words
from tenfold.text import shown

__all__ = ["class_rows", "difference_words", "headline", "probability_words", "sentences"]


def sentences(comparison: Comparison) -> list[str]:
    """Say a comparison in a few sentences, the verdict first."""
    lines = [_verdict(comparison), _tested(comparison)]
    if comparison.metric != "accuracy":
        lines.append(f"In {metric_words(comparison.metric)}: {difference_words(comparison)}.")
    if any(comparison.left_out):
        first, second = comparison.left_out
        lines.append(
            f"Only the {len(comparison.rows):,} rows that both runs hold are compared; {first:,} of the first and "
            f"{second:,} of the second are left out."
        )
    return lines


def headline(comparison: Comparison) -> str:
    """Say who is ahead, and by how much."""
    return f"{_ahead(comparison)}."


def _verdict(comparison: Comparison) -> str:
    return f"{_ahead(comparison)}: {_exchanged(comparison)}."


def _exchanged(comparison: Comparison) -> str:
    fixed, broken = len(comparison.exchange.fixed), len(comparison.exchange.broken)
    return f"it fixes {fixed:,} and breaks {broken:,}; {comparison.test}: p {probability_words(comparison.p_value)}"


def _ahead(comparison: Comparison) -> str:
    value, ends = comparison.accuracy.value, (comparison.accuracy.low, comparison.accuracy.high)
    if comparison.accuracy.contains_zero:
        (apart,) = column_texts(POINTS, [(value, *ends)])
        return (
            f"{comparison.second} cannot be told apart from {comparison.first} ({apart.value} points, {apart.interval})"
        )
    word = "more" if value > 0 else "fewer"
    low, high = sorted(map(abs, ends))
    (apart,) = column_texts(replace(POINTS, signed=False), [(abs(value), low, high)])
    return f"{comparison.second} is right on {apart.value} points {word} than {comparison.first} ({apart.interval})"


def _tested(comparison: Comparison) -> str:
    sentence = (
        f"Judged out of fold on {comparison.exchange.n:,} rows, each at its decision in force; no test row is used. "
    )
    sentence += f"Both are wrong on {comparison.exchange.both_wrong:,}."
    if comparison.p_adjusted != comparison.p_value:
        sentence += (
            f" After Holm's correction for all comparisons made here, p {probability_words(comparison.p_adjusted)}."
        )
    return sentence


def probability_words(p: float) -> str:
    """
    Return a p-value with two figures; the very small as below a bound.

    Examples
    --------
    >>> probability_words(0.0312), probability_words(1e-9)
    ('= 0.031', '< 0.0001')
    """
    return "< 0.0001" if p < 1e-4 else f"= {p:.2g}"


def difference_words(comparison: Comparison) -> str:
    """Return the difference of the metric with its interval, in points where it is a rate."""
    if comparison.difference is None:
        return "undefined for one of the two"
    row = (comparison.difference.value, comparison.difference.low, comparison.difference.high)
    (apart,) = column_texts(change_unit(comparison.metric), [row])
    return f"{apart.value}{' points' if is_rate(comparison.metric) else ''} ({apart.interval})"


def class_rows(comparison: Comparison) -> list[tuple[str, ...]]:
    """Return what changes for each class, as rows of text, the head first."""
    by_class = comparison.exchange.by_class
    shares = percents(count / n if n else None for n, *counts in by_class for count in counts)
    rows: list[tuple[str, ...]] = [("class", "rows", "right before", "right after", "change")]
    for name, (n, before, after), *pair in zip(
        comparison.task.classes, by_class, shares[::2], shares[1::2], strict=True
    ):
        rows.append((shown(name, 24), f"{n:,}", *(pair if n else ("none there",) * 2), f"{after - before:+,}"))
    return rows
