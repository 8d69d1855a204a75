"""
Some columns of a table, in any order.

Examples
--------
>>> table = Columns((("age", "number"), ("sex", "text")))
>>> part, kind = OPERATION.check((table,), {}, {"columns": np.array([1])})
>>> kind
Columns(columns=(('sex', 'text'),))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.operation import ArrayRule, Operation, Part
from tenfold.program.refusal import demand
from tenfold.program.values import Columns

__all__ = ["OPERATION"]


def _result(part: Part) -> Columns:
    columns, some = part.inputs[0].columns, part.arrays["columns"]
    demand(len(some) > 0 and int(some.max()) < len(columns), "a column is taken that there is not")
    demand(len(np.unique(some)) == len(some), "a column of a table is taken twice")
    return Columns(tuple(columns[position] for position in some.tolist()))


def _bind(part: Part) -> Any:
    names = _result(part).names

    def evaluate(table: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        return {name: table[name] for name in names}

    return evaluate


OPERATION = Operation(
    name="select_columns",
    summary="some columns of a table, in any order",
    inputs=(Columns,),
    arrays={"columns": ArrayRule(dtypes=("int64",), shape=("some",), least=0)},
    result=_result,
    bind=_bind,
)
