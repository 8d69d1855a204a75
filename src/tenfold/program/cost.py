"""What the evaluation of one row costs at most, known from the types of a program's values before anything runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenfold.program.limits import BYTES_AT_ONCE, ROW_OPERATIONS, ROW_VALUES
from tenfold.program.refusal import demand
from tenfold.program.values import ValueType, bytes_of, width_of

if TYPE_CHECKING:
    from tenfold.program.program import Step

__all__ = ["RowCost", "row_cost"]


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


def row_cost(
    steps: Sequence[Step],
    types: Mapping[str, ValueType],
    last_uses: Sequence[Sequence[str]],
    first: str,
    work: int,
) -> RowCost:
    """
    Return what one row of a program takes, or refuse a program that takes more than any model.

    Parameters
    ----------
    steps : sequence of Step
    types : mapping of str to ValueType
        Of every value.
    last_uses : sequence of sequences of str
        For each step the values that are not needed after it.
    first : str
        Name of the value that the program is given.
    work : int
        Operations that steps need beyond those.

    Raises
    ------
    Refused
        Over a limit.
    """
    values = width_of(types[first])
    live = most = bytes_of(types[first])
    for step, unneeded in zip(steps, last_uses, strict=True):
        values += width_of(types[step.name]) + sum(width_of(types[name]) for name in step.inputs)
        result = bytes_of(types[step.name])
        live += result
        # an evaluation may hold its result twice more: a factor and a sum, before it is what it gives
        most = max(most, live + 2 * result)
        live -= sum(bytes_of(types[name]) for name in unneeded)
    demand(
        values <= ROW_VALUES, f"its program computes {values:,} values for one row, over the limit of {ROW_VALUES:,}"
    )
    demand(most <= BYTES_AT_ONCE, f"its program needs {most:,} bytes for one row, over the limit of {BYTES_AT_ONCE:,}")
    demand(work <= ROW_OPERATIONS, f"its program takes {work:,} operations for one row, over {ROW_OPERATIONS:,}")
    arrays = sum(array.size for step in steps for array in step.arrays.values())
    return RowCost(values + arrays + work, max(1, most))
