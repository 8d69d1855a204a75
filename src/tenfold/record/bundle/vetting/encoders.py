"""
Arrays of encoders: the code of a category indexes tables and columns, and the last of them a sparse matrix.

scikit-learn follows these codes without looking; one out of range writes past the end of an array. A category that
no golden row holds is met at some later prediction, so that all of them are checked here.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.program.refusal import demand
from tenfold.record.bundle.codecs.packed import array_values, lengths, whole_values
from tenfold.record.bundle.vetting.grammar import Stored, attributes
from tenfold.record.bundle.vetting.rules import StoredArrays, plain_value

__all__ = ["MOST_VALUES", "check_one_hot", "check_ordinal", "check_target"]

MOST_VALUES = 1 << 21
"""Numbers a row may become: 20,000 columns of 50 categories are a million."""


def check_one_hot(encoder: Stored, arrays: StoredArrays) -> None:
    """Check categories, their groups, what is dropped and how many columns come out."""
    counts, groups = _groups(encoder, arrays)
    own = attributes(encoder)
    _dropped_places(own["drop_idx_"], counts, arrays)
    dropped = _dropped_places(own["_drop_idx_after_grouping"], groups, arrays)
    widths = [size - gone for size, gone in zip(groups, dropped, strict=True)]
    demand(whole_values(own["_n_features_outs"], arrays) == widths, "an encoder counts its columns wrongly")
    demand(sum(widths) <= MOST_VALUES, f"an encoder makes {sum(widths):,} columns, over the limit of {MOST_VALUES:,}")


def check_ordinal(encoder: Stored, arrays: StoredArrays) -> None:
    """Check categories, their groups, and the code of a missing value."""
    counts, _ = _groups(encoder, arrays)
    for column, place in attributes(encoder)["_missing_indices"].parts.items():
        inside = column.isdecimal() and int(column) < len(counts) and plain_value(place, arrays) < counts[int(column)]
        demand(inside, "an encoder has a missing value out of range")


def check_target(encoder: Stored, arrays: StoredArrays) -> None:
    """Check categories and the encoding of each, one a class where there are several."""
    counts, groups = _groups(encoder, arrays)
    own = attributes(encoder)
    demand(counts == groups, "an encoder of targets groups its categories")
    several = own["target_type_"].value == "multiclass"
    classes = len(arrays(own["classes_"])) if several else 1
    header = arrays.header(own["target_mean_"])
    demand(not several or (header is not None and header.shape == (classes,)), "an encoder has means of other classes")
    sizes = [size for size in counts for _ in range(classes)]
    demand(lengths(own["encodings_"], arrays) == sizes, "an encoder has encodings of other categories")
    floats = all(one is not None and one.dtype == np.float64 for one in array_values(own["encodings_"], arrays))
    demand(floats, "an encoder has encodings that are no numbers")


def _groups(encoder: Stored, arrays: StoredArrays) -> tuple[list[int], list[int]]:
    """Categories of each column, and groups: infrequent ones share one."""
    own = attributes(encoder)
    sizes = lengths(own["categories_"], arrays)
    counts = [size for size in sizes if size]
    demand(len(counts) == len(sizes) == own["n_features_in_"].value, "an encoder has categories of other columns")
    demand(all(map(_is_ordered, array_values(own["categories_"], arrays))), "an encoder has categories out of order")
    if not own["_infrequent_enabled"].value:
        return counts, counts
    rare = array_values(own["_infrequent_indices"], arrays)
    maps = array_values(own["_default_to_infrequent_mappings"], arrays)
    demand(len(rare) == len(maps) == len(counts), "an encoder groups the categories of other columns")
    return counts, [_group_count(size, few, to) for size, few, to in zip(counts, rare, maps, strict=True)]


def _is_ordered(categories: NDArray[Any] | None) -> bool:
    """Numbers are looked up by bisection, in ascending order with a missing one last."""
    if categories is None:
        return True
    known = categories[:-1] if categories.dtype.kind == "f" and np.isnan(categories[-1]) else categories
    return bool((known[1:] > known[:-1]).all()) and not bool(np.isnan(known).any())


def _group_count(size: int, rare: NDArray[Any] | None, to: NDArray[Any] | None) -> int:
    demand((rare is None) == (to is None), "an encoder groups categories by half")
    if rare is None or to is None:
        return size
    groups = size - len(rare) + 1
    indices = rare.dtype.kind in "iu" and to.dtype.kind in "iu" and 0 < len(rare) <= size and len(to) == size
    demand(indices and len(np.unique(rare)) == len(rare), "an encoder has a wrong number of infrequent categories")
    demand(_inside(rare, size) and _inside(to, groups), "an encoder has an infrequent category out of range")
    return groups


def _inside(indices: NDArray[Any], size: int) -> bool:
    return bool(((indices >= 0) & (indices < size)).all())


def _dropped_places(node: Stored, sizes: list[int], arrays: StoredArrays) -> list[bool]:
    """Which columns drop a category; the array holds its index, or None."""
    if node.kind == "JsonNode":
        return [False] * len(sizes)
    places = [plain_value(part, arrays) for part in node.parts.values()]
    demand(node.file is None and len(places) == len(sizes), "an encoder drops categories of other columns")
    for place, size in zip(places, sizes, strict=True):
        demand(place is None or (type(place) is int and 0 <= place < size), "an encoder drops a category out of range")
    return [place is not None for place in places]
