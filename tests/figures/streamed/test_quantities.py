"""Figures of quantities that stream by are those in memory; order statistics are exact."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.figures.comparison.difference import Difference
from tenfold.figures.quantities.estimates import RANKING_KEYS, quantity_difference, quantity_estimates
from tenfold.figures.quantities.rows import Column, checked_quantity_rows
from tenfold.figures.streamed import order_statistics as selection
from tenfold.figures.streamed.order_statistics import order_statistics
from tenfold.figures.streamed.quantities import (
    ColumnBlock,
    QuantityStream,
    evaluate_quantity_stream,
    quantity_board,
    totals_of,
)

FINITE = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: 0.0 if abs(value) < 1e-6 else value)


def stream(name: str, y: Any, predicted: Any, fold: Any, ends: Any = None, block: int = 7) -> QuantityStream:
    """The rows in blocks of seven."""
    low, high = (None, None) if ends is None else (ends[:, 0], ends[:, 1])

    def blocks() -> Iterator[ColumnBlock]:
        for start in range(0, len(y), block):
            rows = slice(start, start + block)
            of_block = (None, None) if low is None or high is None else (low[rows], high[rows])
            yield ColumnBlock(Column(y[rows], predicted[rows], *of_block, 0.8), fold[rows])

    return QuantityStream(name, len(y), int(fold.max()) + 1, blocks)


def drawn(seed: int, n: int, folds: int) -> tuple[Any, Any, Any, Any]:
    """True values, predictions, folds and ends of intervals."""
    rng = np.random.default_rng(seed)
    y = rng.normal(size=n).round(3) + (0 if seed % 4 else 5)
    predicted = (y + rng.standard_t(3, size=n)).round(3)
    fold = np.concatenate([np.arange(folds), rng.integers(0, folds, n - folds)])
    ends = np.column_stack([predicted - rng.uniform(0.5, 2, n), predicted + 1])
    return y, predicted, fold, ends


@pytest.mark.parametrize("n", [3, 8, 20, 500])
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("with_ends", [False, True])
def test_figures_of_a_stream_are_those_in_memory(seed: int, n: int, with_ends: bool) -> None:
    y, predicted, fold, ends = drawn(seed, n, 3)
    ends = ends if with_ends else None
    streamed = evaluate_quantity_stream(totals_of(stream("a", y, predicted, fold, ends))).metrics
    rows = checked_quantity_rows(("t",), y, predicted, ends, coverage=0.8, fold=fold)
    in_memory = quantity_estimates(rows)
    assert list(streamed) == list(in_memory)
    for key, one in in_memory.items():
        other = streamed[key]
        assert (other.n, other.interval, other.reason) == (one.n, one.interval, one.reason), key
        for mine, theirs in zip(
            (other.value, other.low, other.high, *other.folds), (one.value, one.low, one.high, *one.folds), strict=True
        ):
            assert mine == (None if theirs is None else pytest.approx(theirs, rel=1e-9, abs=1e-12)), key


@pytest.mark.parametrize("metric", RANKING_KEYS)
@pytest.mark.parametrize("n", [2, 9, 400])
def test_differences_of_streams_are_those_in_memory(metric: str, n: int) -> None:
    y, predicted, fold, _ = drawn(4, n, 2)
    y = y + 50.0
    others = {"a": predicted + 50.0, "b": predicted + 51.0, "baseline": np.full(n, y.mean())}
    totals = {name: totals_of(stream(name, y, values, fold)) for name, values in others.items()}
    estimates = {name: evaluate_quantity_stream(one).metrics[metric] for name, one in totals.items()}
    board = quantity_board(totals, estimates, metric, dict.fromkeys(others, 1.0), "baseline")
    best = board.standings[0].name
    for standing in board.standings[1:]:
        rows = [checked_quantity_rows(("t",), y, others[name]) for name in (standing.name, best)]
        expected = quantity_difference(*rows, metric)
        same_or_none(standing.difference, expected)


def same_or_none(one: Difference | None, other: Difference | None) -> None:
    """Both are undefined, or the same number with the same interval."""
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        for mine, theirs in ((one.value, other.value), (one.low, other.low), (one.high, other.high)):
            assert mine == pytest.approx(theirs, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("held", [1 << 20, 4])
@given(values=st.lists(st.tuples(FINITE, st.integers(0, 2)), min_size=1, max_size=60))
def test_order_statistics_are_those_of_sorted_values(held: int, values: list[tuple[float, int]]) -> None:
    numbers, groups = (np.array(column) for column in zip(*values, strict=True))

    def blocks() -> Iterator[tuple[Any, Any]]:
        for start in range(0, len(numbers), 5):
            yield numbers[start : start + 5], groups[start : start + 5]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selection, "_HELD", held)
        ranks = [list(range(int((groups == group).sum()))) for group in range(3)]
        by_group, of_all = order_statistics(blocks, 3, ranks, range(len(numbers)))
    assert of_all == np.sort(numbers).tolist()
    assert by_group == [np.sort(numbers[groups == group]).tolist() for group in range(3)]
