"""Arrays of the steps before a classifier: lengths that must agree, and columns that are picked by index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tenfold.record.bundle.arrays import StoredArrays
from tenfold.record.bundle.packed import length, text_values, whole_values
from tenfold.record.bundle.refusal import demand
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.kinds import items_of, plain_value

__all__ = [
    "check_columns",
    "check_components",
    "check_dtype",
    "check_imputer",
    "check_indicator",
    "check_kernel_map",
    "check_loss",
    "check_pixels",
    "check_scaler",
]


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
    picked = _listed(columns, arrays) if header is None else arrays(columns).tolist()
    if picked and all(type(column) is bool for column in picked):
        demand(len(picked) == features, "a ColumnTransformer picks columns out of range")
        return
    inside = all(type(column) is str or (type(column) is int and abs(column) <= features) for column in picked)
    demand(inside, "a ColumnTransformer picks columns out of range")
    distinct = {column if type(column) is str else column % features for column in picked}
    demand(len(distinct) == len(picked) <= features, "a ColumnTransformer picks a column twice")


def _listed(columns: Stored, arrays: StoredArrays) -> list[Any]:
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
