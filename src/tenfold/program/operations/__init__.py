"""The closed list of operations, one file each with an `OPERATION`, in rooms; a file can name no other."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from tenfold.program.operation import Operation
from tenfold.program.refusal import refuse
from tenfold.text import shown

__all__ = ["OPERATIONS", "find_operation"]

_ROOMS = {
    "columns": (
        "category_values",
        "date_parts",
        "fill",
        "missing_values",
        "numbers",
        "one_hot",
        "positions",
        "select_columns",
        "table",
        "written_numbers",
    ),
    "texts": (
        "hashed_terms",
        "marked_words",
        "stemmed_words",
        "term_counts",
        "term_weights",
        "texts",
    ),
    "images": (
        "flatten",
        "median_filter",
        "nearest_images",
    ),
    "values": (
        "bins",
        "both_signs",
        "cast",
        "clipped",
        "constant",
        "dense",
        "impute",
        "indicators",
        "join",
        "join_sparse",
        "limit",
        "missing",
        "normalise",
        "place",
        "power",
        "products",
        "root",
        "scale_range",
        "select",
        "sparse",
        "standardise",
        "unit_norm",
    ),
    "models": (
        "activation",
        "kernel_machine",
        "kernel_values",
        "linear",
        "naive_bayes",
        "neighbour_mean",
        "neighbour_mode",
        "neighbour_votes",
        "neighbours",
        "sparse_linear",
        "trees",
    ),
    "scores": (
        "above",
        "arg_max",
        "average",
        "isotonic",
        "labels",
        "logistic",
        "majority",
        "pair_scores",
        "pair_votes",
        "posterior",
        "recode",
        "softmax",
    ),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

OPERATIONS = tuple(sorted(_ROOM_OF))
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
    operation: Operation = import_module(f"tenfold.program.operations.{_ROOM_OF[name]}.{name}").OPERATION
    return operation
