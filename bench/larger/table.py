"""A labelled table of any length, written in parts: numbers with gaps, whole numbers, text; two classes or a number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["COLUMNS", "QUANTITY", "TARGET", "write_table"]

COLUMNS = 30
"""Features of a row."""
TARGET, QUANTITY = "outcome", "amount"
"""The column of two classes, and that of numbers."""
_NUMBERS, _COUNTS = 22, 4
_TEXTS = {"colour": 3, "region": 40, "device": 12, "shop": 2_000}
_PART_ROWS, _SEED = 1_000_000, 20_260_101
_GAPS = 0.03


def write_table(folder: Path, rows: int, part_rows: int = _PART_ROWS, target: str = TARGET) -> Path:
    """
    Write so many rows as Parquet files of a million rows each; the same ones every time.

    Of the 30 features 22 are real numbers, two of them with gaps, 4 whole numbers, 4 text of 3 to 2,000 values. The
    target follows from a sum of some, a product of two and the colour, with noise: whether that is large, or how large.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number, start in enumerate(range(0, rows, part_rows)):
        path = folder / f"part-{number:04d}.parquet"
        if not path.exists():
            draft = path.with_suffix(".part")
            pq.write_table(_part(number, min(part_rows, rows - start), target), draft, row_group_size=1 << 17)
            draft.replace(path)
    return folder


def _part(number: int, rows: int, target: str) -> pa.Table:
    rng = np.random.default_rng([_SEED, number])
    weights = np.random.default_rng(_SEED).normal(size=_NUMBERS) / 3
    numbers = rng.normal(size=(_NUMBERS, rows))
    counts = rng.poisson(5, size=(_COUNTS, rows))
    texts = {name: rng.integers(0, values, rows) for name, values in _TEXTS.items()}
    score = weights @ numbers + numbers[0] * numbers[1] + (texts["colour"] == 0) + 0.2 * (counts[0] - 5)
    amount = score + rng.logistic(size=rows)
    columns: dict[str, pa.Array] = {}
    for place, values in enumerate(numbers):
        gap = rng.random(rows) < _GAPS if place < 2 else None
        columns[f"number_{place}"] = pa.array(values, mask=gap)
    columns |= {f"count_{place}": pa.array(values) for place, values in enumerate(counts)}
    for name, values in texts.items():
        known = pa.array([f"{name} {value}" for value in range(_TEXTS[name])])
        columns[name] = pa.DictionaryArray.from_arrays(pa.array(values, pa.int32()), known).cast(pa.string())
    if target == QUANTITY:
        columns[QUANTITY] = pa.array(100 * amount)
    else:
        outcome = pa.DictionaryArray.from_arrays(pa.array(amount > 1.0, pa.int8()), pa.array(["no", "yes"]))
        columns[TARGET] = outcome.cast(pa.string())
    return pa.table(columns)
