"""Known values as positions: those of each column for itself, and NaN for any other."""

from __future__ import annotations

import numpy as np
import pytest

from tenfold.program.operations.columns.positions import OPERATION
from tenfold.program.refusal import Refused
from tenfold.program.values import Matrix

GIVEN = Matrix("float64", 3, gaps=True)
ARRAYS = {
    "columns": np.array([2, 0]),
    "sizes": np.array([3, 1]),
    "known": np.array([-1.0, 0.5, 2.0, 7.0]),
}


def test_each_column_has_its_own_known_values() -> None:
    part, kind = OPERATION.check((GIVEN,), {}, ARRAYS)
    rows = np.array([[7.0, 7.0, -1.0], [0.5, np.nan, 2.0], [np.nan, 0.0, np.nan], [np.inf, -np.inf, -np.inf]])
    expected = [[0.0, 7.0, 0.0], [np.nan, np.nan, 2.0], [np.nan, 0.0, np.nan], [np.nan, -np.inf, np.nan]]
    before = rows.copy()
    np.testing.assert_array_equal(OPERATION.bind(part)(rows), expected)
    np.testing.assert_array_equal(rows, before)
    assert kind == GIVEN


def test_a_column_without_known_values_has_none() -> None:
    arrays = {"columns": np.array([0, 1]), "sizes": np.array([0, 1]), "known": np.array([3.0])}
    part, _ = OPERATION.check((GIVEN,), {}, arrays)
    np.testing.assert_array_equal(OPERATION.bind(part)(np.full((1, 3), 3.0)), [[np.nan, 0.0, 3.0]])


@pytest.mark.parametrize(
    "change",
    [
        {"columns": np.array([2, 2])},
        {"columns": np.array([2, 3])},
        {"columns": np.array([-1, 0])},
        {"columns": np.array([2])},
        {"sizes": np.array([4, 1])},
        {"sizes": np.array([3, 0])},
        {"sizes": np.array([5, -1])},
        {"sizes": np.array([1 << 62, 1 << 62])},
        {"known": np.array([-1.0, 2.0, 0.5, 7.0])},
        {"known": np.array([-1.0, -1.0, 0.5, 7.0])},
        {"known": np.array([-1.0, 0.5, np.nan, 7.0])},
        {"known": np.zeros(0)},
        {"columns": np.zeros(0, np.int64), "sizes": np.zeros(0, np.int64), "known": np.zeros(0)},
    ],
)
def test_known_values_that_fit_no_columns_are_refused(change: dict[str, np.ndarray]) -> None:
    with pytest.raises(Refused):
        OPERATION.check((GIVEN,), {}, ARRAYS | change)


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_only_double_precision_is_looked_up(dtype: str) -> None:
    with pytest.raises(Refused):
        OPERATION.check((Matrix(dtype, 3),), {}, ARRAYS)
