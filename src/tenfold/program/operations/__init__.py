"""The closed list of operations, one file each, an `OPERATION`; a file can name no other."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from tenfold.program.operation import Operation
from tenfold.program.refusal import refuse
from tenfold.text import shown

__all__ = ["OPERATIONS", "find_operation"]

OPERATIONS = (
    "above",
    "activation",
    "arg_max",
    "average",
    "bins",
    "both_signs",
    "cast",
    "category_values",
    "clipped",
    "constant",
    "date_parts",
    "dense",
    "fill",
    "flatten",
    "hashed_terms",
    "impute",
    "indicators",
    "isotonic",
    "join",
    "join_sparse",
    "kernel_machine",
    "kernel_values",
    "labels",
    "limit",
    "linear",
    "logistic",
    "majority",
    "marked_words",
    "median_filter",
    "missing",
    "naive_bayes",
    "nearest_images",
    "neighbour_mode",
    "neighbour_votes",
    "neighbours",
    "normalise",
    "numbers",
    "one_hot",
    "pair_scores",
    "pair_votes",
    "place",
    "positions",
    "posterior",
    "power",
    "products",
    "recode",
    "scale_range",
    "select",
    "select_columns",
    "softmax",
    "sparse",
    "sparse_linear",
    "standardise",
    "table",
    "term_counts",
    "term_weights",
    "texts",
    "trees",
    "unit_norm",
    "written_numbers",
)
"""Names of all operations, each that of its module."""


@cache
def find_operation(name: str) -> Operation:
    """
    Return the operation of this name; only its module is imported.

    Raises
    ------
    Refused
        None of this name is on the list.

    Examples
    --------
    >>> find_operation("linear").summary
    'products of the rows with weights, and an offset'
    """
    if name not in OPERATIONS:
        refuse(f"its program has the operation '{shown(name, 40)}', which this Tenfold does not know")
    operation: Operation = import_module(f"tenfold.program.operations.{name}").OPERATION
    return operation
