"""What the evaluation of one row costs at most, known from the types of a program's values before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.program.limits import BYTES_AT_ONCE, ROW_OPERATIONS, ROW_VALUES
from tenfold.program.refusal import OverLimit
from tenfold.program.values import Columns, ValueType, bytes_of, width_of

if TYPE_CHECKING:
    from tenfold.program.step import Step

__all__ = ["RowCost", "refuse_long", "row_cost", "values_of"]

_OPERATIONS_A_COLUMN = 100
"""Of a table: each is an array of its own, with a name."""


@dataclass(frozen=True)
class RowCost:
    """
    What one row takes.

    Parameters
    ----------
    operations : int
        One at least for each value that the steps take and give, or that their arrays hold.
    bytes : int
        Of the values that are needed at once, and of what the step of the time holds beside them.
    """

    operations: int
    bytes: int


def values_of(value: ValueType) -> int:
    """
    Return what a value counts as, of the values that a row may take.

    Examples
    --------
    >>> values_of(Columns((("age", "number"), ("sex", "text"))))
    200
    """
    return width_of(value) * (_OPERATIONS_A_COLUMN if isinstance(value, Columns) else 1)


def refuse_long(values: int, work: int) -> None:
    """Refuse a program that computes more values for one row than any model, or takes more operations for them."""
    if values > ROW_VALUES:
        raise OverLimit(f"its program computes {values:,} values for one row, over the limit of {ROW_VALUES:,}")
    if work > ROW_OPERATIONS:
        raise OverLimit(f"its program takes {work:,} operations for one row, over the limit of {ROW_OPERATIONS:,}")


def row_cost(
    steps: Sequence[Step],
    types: Mapping[str, ValueType],
    last_uses: Sequence[Sequence[str]],
    first: str,
    operations: int,
    memory: Sequence[int],
) -> RowCost:
    """
    Return what one row of a program takes, or refuse a program that needs more memory for it than any model.

    Parameters
    ----------
    steps : sequence of Step
    types : mapping of str to ValueType
        Of every value.
    last_uses : sequence of sequences of str
        For each step the values that are not needed after it.
    first : str
        Name of the value that the program is given.
    operations : int
        Without those for each value of its arrays.
    memory : sequence of int
        Bytes that the evaluation of each step holds beside its values.

    Raises
    ------
    OverLimit
    """
    live = most = bytes_of(types[first])
    for step, unneeded, beside in zip(steps, last_uses, memory, strict=True):
        result = bytes_of(types[step.name])
        live += result
        # an evaluation may hold its result twice more: a factor and a sum, before it is what it gives
        most = max(most, live + max(2 * result, beside))
        live -= sum(bytes_of(types[name]) for name in unneeded)
    if most > BYTES_AT_ONCE:
        raise OverLimit(f"its program needs {most:,} bytes for one row, over the limit of {BYTES_AT_ONCE:,}")
    arrays = sum(array.size for step in steps for array in step.arrays.values())
    return RowCost(operations + arrays, max(1, most))
