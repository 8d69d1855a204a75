"""A comparison in sentences: who is ahead and by how much, what is fixed and broken, whether it may be chance."""

from __future__ import annotations

from dataclasses import replace

from tenfold.ask.comparison.compare import Comparison
from tenfold.decimals import POINTS, change_unit, column_texts, is_rate, percents
from tenfold.record.words.verdict import metric_words
from tenfold.text import shown

__all__ = ["class_rows", "difference_words", "headline", "probability_words", "sentences"]


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
    value, ends = found.accuracy.value, (found.accuracy.low, found.accuracy.high)
    if found.accuracy.contains_zero:
        (apart,) = column_texts(POINTS, [(value, *ends)])
        return f"{found.second} cannot be told apart from {found.first} ({apart.value} points, {apart.interval})"
    word = "more" if value > 0 else "fewer"
    low, high = sorted(map(abs, ends))
    (apart,) = column_texts(replace(POINTS, signed=False), [(abs(value), low, high)])
    return f"{found.second} is right on {apart.value} points {word} than {found.first} ({apart.interval})"


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
    row = (found.difference.value, found.difference.low, found.difference.high)
    (apart,) = column_texts(change_unit(found.metric), [row])
    return f"{apart.value}{' points' if is_rate(found.metric) else ''} ({apart.interval})"


def class_rows(found: Comparison) -> list[tuple[str, ...]]:
    """Give what changes for each class, as rows of text, the head first."""
    by_class = found.exchange.by_class
    shares = percents(count / n if n else None for n, *counts in by_class for count in counts)
    rows: list[tuple[str, ...]] = [("class", "rows", "right before", "right after", "change")]
    for name, (n, before, after), *pair in zip(found.task.classes, by_class, shares[::2], shares[1::2], strict=True):
        rows.append((shown(name, 24), f"{n:,}", *(pair if n else ("none there",) * 2), f"{after - before:+,}"))
    return rows
