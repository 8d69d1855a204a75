"""What is suspicious about a quantity in a stream: looked for in a sample of the rows, counted in all."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.checks import Finding
from tenfold.data.checks.quantities import check_quantities, limit_finding, limits
from tenfold.data.dataset import Dataset
from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.data.streamed.row_store import RowStore
from tenfold.data.streamed.target import StreamedTarget

__all__ = ["check_streamed_quantity"]

_SAMPLE = 20_000
_SEED = 3
_OF_ALL_ROWS = {"target-limit", "target-id"}
"""Findings that are about all rows, which a sample cannot make."""


def check_streamed_quantity(store: RowStore, target: StreamedTarget, name: str) -> list[Finding]:
    """
    Return findings about the values of the target, and about columns of numbers that nearly are the target.

    Parameters
    ----------
    store : RowStore
    target : StreamedTarget
        Of numbers.
    name : str
        Of the target.
    """
    numbers, y = _sample(store, target)
    table = pd.DataFrame(numbers, columns=list(store.numbers))
    rows = Dataset(name, "table", table, y.astype(str).astype(object), source=str(store.folder))
    findings = [one for one in check_quantities(rows, y[:, None], (name,)) if one.code not in _OF_ALL_ROWS]
    ends = list(limits(y)) if len(y) else []
    return [*(limit_finding(name, value, end, _count(store, target, value)) for value, end in ends), *findings]


def _count(store: RowStore, target: StreamedTarget, value: float) -> int:
    return sum(int((target.y(block) == value).sum()) for block in store.blocks(target.field))


def _sample(store: RowStore, target: StreamedTarget) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Numbers (m, p) and target (m,) of rows drawn by their content."""
    share, numbers, y = _SAMPLE / store.rows, [], []
    for block in store.blocks("numbers", "ids", target.field):
        is_drawn = unit_interval(mixed(block["ids"][:, 1], _SEED)) < share
        numbers.append(block["numbers"][is_drawn].astype(np.float64))
        y.append(target.y(block)[is_drawn])
    return np.concatenate(numbers), np.concatenate(y)
