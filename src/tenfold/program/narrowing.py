"""
Weights of categories are looked up, where one column each would be thousands of columns that are nearly all 0.

A product of one-hot rows with weights is a sum of one weight a column: `one_hot` and `linear` become
`category_values`, and `linear` for their sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.step import Step
from tenfold.program.values import width_of

__all__ = ["narrowed"]

_WIDE = 512
"""Columns from which a look-up takes less time than a product with rows of them."""


def narrowed(steps: Sequence[Step], types: Mapping[str, Any]) -> list[Step]:
    """
    Return the steps of a program, products with wide one-hot columns replaced by look-ups.

    Parameters
    ----------
    steps : sequence of Step
    types : mapping of str to ValueType
        Of every value.
    """
    by_name = {step.name: step for step in steps}
    uses = Counter(name for step in steps for name in step.inputs)
    result: list[Step] = []
    for step in steps:
        parts = _parts(step, by_name, uses)
        wide = [_is_wide(by_name.get(name), uses) for name in parts]
        result.extend(_looked_up(step, parts, wide, by_name, types) if any(wide) else [step])
    return result


def _parts(step: Step, by_name: Mapping[str, Step], uses: Mapping[str, int]) -> tuple[str, ...]:
    """Return the values that a product is one of, side by side; of another step none."""
    if step.operation != "linear" or step.arrays["weights"].dtype != np.float64:
        return ()
    source = by_name.get(step.inputs[0])
    joined = source is not None and source.operation == "join" and uses[source.name] == 1
    return source.inputs if source is not None and joined else step.inputs


def _is_wide(step: Step | None, uses: Mapping[str, int]) -> bool:
    """Where others take them too, the columns are needed all the same."""
    wide = step is not None and step.operation == "one_hot" and step.parameters["width"] >= _WIDE
    return wide and step is not None and uses[step.name] == 1


def _looked_up(
    step: Step, parts: Sequence[str], wide: Sequence[bool], by_name: Mapping[str, Step], types: Mapping[str, Any]
) -> list[Step]:
    ends = np.cumsum([0, *(width_of(types[name]) for name in parts)]).tolist()
    steps, names, weights = [], [], []
    for name, is_wide, (begin, end) in zip(parts, wide, pairwise(ends), strict=True):
        own = step.arrays["weights"][:, begin:end]
        if is_wide:
            values = _values(by_name[name], own, f"{step.name} of {name}")
            steps.append(values)
            # a value of each column and output, which are summed up
            own = np.tile(np.eye(len(own)), len(values.arrays["counts"]))
        names.append(steps[-1].name if is_wide else name)
        weights.append(own)
    if len(names) > 1:
        steps.append(Step(f"{step.name} of all", "join", tuple(names), {}, {}))
    arrays = {**step.arrays, "weights": np.ascontiguousarray(np.concatenate(weights, axis=1))}
    return [*steps, replace(step, inputs=(steps[-1].name,), arrays=arrays)]


def _values(one_hot: Step, weights: NDArray[np.float64], name: str) -> Step:
    """Return the weights of each category; 0 where it has no column."""
    # the last is found by the position -1
    table = np.concatenate([weights.T, np.zeros((1, len(weights)))])
    arrays = {key: values for key, values in one_hot.arrays.items() if key not in {"positions", "unknown"}}
    arrays |= {"values": table[one_hot.arrays["positions"]], "unknown": table[one_hot.arrays["unknown"]]}
    parameters = {"refuse_unknown": one_hot.parameters["refuse_unknown"], "gaps": True}
    return Step(name, "category_values", one_hot.inputs, parameters, arrays)
