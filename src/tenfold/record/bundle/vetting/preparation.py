"""The steps before a classifier: lengths that must agree, columns picked by index, and the few functions they hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.packed import length, text_values, whole_values
from tenfold.record.bundle.vetting.allow import BIT_GENERATORS
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import StoredArrays, items_of, plain_value
from tenfold.text import shown

__all__ = [
    "check_columns",
    "check_components",
    "check_dtype",
    "check_function_place",
    "check_function_transformer",
    "check_generator",
    "check_imputer",
    "check_indicator",
    "check_kernel_map",
    "check_loss",
    "check_partial",
    "check_pixels",
    "check_scaler",
]

_CHECK_ARRAY = "sklearn.utils.validation.check_array"
_OPTIONS = frozenset({"dtype", "ensure_all_finite"})
_NUMBERS = frozenset({"numpy.float32", "numpy.float64"})
_FINITE = frozenset({None, True, False, "allow-nan"})
_NEVER_SET = ("inverse_func", "kw_args", "inv_kw_args")
_LARGEST_POOL = 64


def check_columns(transformer: Stored, arrays: StoredArrays) -> None:
    """No part takes a column twice or one that is not there: taken over and over, it would make rows of any size."""
    own = attributes(transformer)
    features = own["n_features_in_"].value
    for part in items_of(own["transformers_"]):
        demand(len(items_of(part)) == 3, "a ColumnTransformer has a part of another form")
        _check_picked(items_of(part)[2], features, arrays)
    for columns in items_of(own["_columns"]):
        _check_picked(columns, features, arrays)


def _check_picked(columns: Stored, features: int, arrays: StoredArrays) -> None:
    header = arrays.header(columns)
    picked = _column_list(columns, arrays) if header is None else arrays(columns).tolist()
    if picked and all(type(column) is bool for column in picked):
        demand(len(picked) == features, "a ColumnTransformer picks columns out of range")
        return
    inside = all(type(column) is str or (type(column) is int and abs(column) <= features) for column in picked)
    demand(inside, "a ColumnTransformer picks columns out of range")
    distinct = {column if type(column) is str else column % features for column in picked}
    demand(len(distinct) == len(picked) <= features, "a ColumnTransformer picks a column twice")


def _column_list(columns: Stored, arrays: StoredArrays) -> list[Any]:
    if columns.kind == "ListNode":
        return [item.value for item in items_of(columns)]
    if columns.type.endswith(".Packed"):
        numeric = attributes(columns)["form"].value == "number list"
        return [*whole_values(columns, arrays)] if numeric else text_values(columns, arrays)
    return []


def check_imputer(imputer: Stored, arrays: StoredArrays) -> None:
    """Check the value of each column, and that the indicator is of the same columns."""
    own = attributes(imputer)
    features, statistics = own["n_features_in_"].value, own["statistics_"]
    scalars = all(part.kind == "JsonNode" or arrays.header(part) is not None for part in statistics.parts.values())
    plain = statistics.type.endswith(".Packed") or scalars
    demand(length(statistics, arrays) == features and plain, "an imputer has values for other columns")
    indicator = attributes(own["indicator_"])
    demand(not indicator or indicator["_n_features"].value == features, "an imputer marks gaps of other columns")


def check_indicator(indicator: Stored, arrays: StoredArrays) -> None:
    """Check the columns whose gaps are marked."""
    own = attributes(indicator)
    columns, features = arrays(own["features_"]), own["_n_features"].value
    inside = bool(((columns >= 0) & (columns < features)).all()) and len(np.unique(columns)) == len(columns)
    demand(inside and own["n_features_in_"].value == features, "an indicator marks columns out of range")


def check_scaler(scaler: Stored, arrays: StoredArrays) -> None:
    """Check one value a column."""
    own = attributes(scaler)
    for name in ("mean_", "scale_", "var_", "min_", "data_min_", "data_max_", "data_range_"):
        header = arrays.header(own[name]) if name in own else None
        demand(header is None or header.shape == (own["n_features_in_"].value,), "a scaler has values of other columns")


def check_empty_columns(columns: Stored, arrays: StoredArrays) -> None:
    """Check that each column is said to be empty or not."""
    own = attributes(columns)
    fit = _shape(own, "empty_", arrays) == (own["n_features_in_"].value,)
    demand(fit, "columns without a value are those of another table")


def check_components(reduction: Stored, arrays: StoredArrays) -> None:
    """Check principal components."""
    own = attributes(reduction)
    count, features = plain_value(own["n_components_"], arrays), own["n_features_in_"].value
    demand(_shape(own, "components_", arrays) == (count, features), "components are of a wrong shape")
    demand(_shape(own, "mean_", arrays) == (features,), "components have a mean of other columns")
    for name in ("explained_variance_", "explained_variance_ratio_", "singular_values_"):
        demand(_shape(own, name, arrays) == (count,), "components have variances of a wrong shape")


def check_kernel_map(kernel: Stored, arrays: StoredArrays) -> None:
    """Check the rows that a Nystroem map compares with."""
    own = attributes(kernel)
    rows, features = _shape(own, "components_", arrays) or (0, 0)
    demand(features == own["n_features_in_"].value, "a kernel map has rows of other columns")
    demand(_shape(own, "normalization_", arrays) == (rows, rows), "a kernel map has weights of a wrong shape")


def _shape(own: Mapping[str, Stored], name: str, arrays: StoredArrays) -> tuple[int, ...] | None:
    header = arrays.header(own[name])
    return None if header is None else header.shape


def check_dtype(node: Stored, arrays: StoredArrays) -> None:
    """Refuse a type under which values would be laid out as text of any length; objects and plain numbers stay."""
    content = node.parts["content"]
    objects = content.kind == "NdArrayNode" and content.file is None and not content.parts
    header = arrays.header(content)
    demand(objects or (header is not None and header.dtype.kind in "biuf"), "it holds an odd type of values")


def check_loss(node: Stored, arrays: StoredArrays) -> None:
    """Refuse a loss made from anything but a few numbers."""
    content, args = node.parts["content"], node.parts["args"]
    few = len(args.parts) <= 2 and all(type(part.value) in {int, float} for part in args.parts.values())
    demand(not content.parts and few, "a loss is made of other than numbers")


def check_pixels(pixels: Stored, arrays: StoredArrays) -> None:
    """Check how many values an image becomes."""
    values = attributes(pixels)["n_values_"].value
    demand(values > 0 and attributes(pixels)["largest_"].value > 0, "images have an odd size")


def check_function_transformer(transformer: Stored) -> None:
    """It holds no function ("passthrough" of a table), or the ``partial(check_array, ...)`` of histogram boosting."""
    own = attributes(transformer)
    func = own["func"]
    known = func.kind == "PartialNode" or (func.kind == "JsonNode" and func.value is None)
    nothing = all(own[name].kind == "JsonNode" and own[name].value is None for name in _NEVER_SET)
    demand(known and nothing, "a FunctionTransformer holds another function")


def check_partial(partial: Stored) -> None:
    """The partial is of ``check_array``, without positional arguments, with the two options of boosting."""
    parts = partial.parts
    demand(parts["func"].type == _CHECK_ARRAY, f"a partial holds '{shown(parts['func'].type)}'")
    demand(parts["args"].kind == "TupleNode" and not parts["args"].parts, "a partial holds arguments")
    options = parts["kwds"].parts
    demand(parts["kwds"].kind == "DictNode" and set(options) <= _OPTIONS, "a partial holds other options")
    types = [
        item for option in options.values() for item in (items_of(option) or [option]) if option.kind != "JsonNode"
    ]
    numbers = all(item.type in _NUMBERS for item in types)
    demand(numbers and all(option.value in _FINITE for option in options.values()), "a partial holds other options")
    demand(parts["namespace"].kind in {"JsonNode", "DictNode"}, "a partial holds a namespace")
    demand(not parts["namespace"].parts and not parts["namespace"].value, "a partial holds a namespace")


def check_function_place(function: Stored, around: Stored | None) -> None:
    """A function, or a partial, stands only inside a FunctionTransformer."""
    inside = around is not None and around.type.endswith(".FunctionTransformer")
    demand(inside, f"it holds the function '{shown(function.type)}' outside of its place")


def check_generator(generator: Stored) -> None:
    """A random generator is rebuilt by a call: of a known bit generator, from a seed of harmless size."""
    name = generator.parts["bit_generator"].parts["bit_generator"].value
    demand(name in BIT_GENERATORS, f"it holds the random generator '{shown(name)}', which is not on Tenfold's list")
    seed = generator.parts["seed_seq"].parts
    pool = seed["pool_size"].value if "pool_size" in seed else 4
    demand(type(pool) is int and 0 < pool <= _LARGEST_POOL, "a random generator has a pool of odd size")
    plain = all(type(leaf.value) in {int, str, type(None)} for leaf in _leaves(generator))
    demand(plain, "a random generator has a state of other than whole numbers")


def _leaves(node: Stored) -> Iterator[Stored]:
    if not node.parts:
        yield node
    for part in node.parts.values():
        yield from _leaves(part)
