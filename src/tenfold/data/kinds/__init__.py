"""Kinds of data, one folder each: everything that depends on whether instances are images, rows of a table, or else."""

from tenfold.data.kinds.kind import (
    Augmentation,
    Kind,
    Need,
    Part,
    Scaling,
    Schema,
    find_augmentation,
    find_kind,
    is_built_in,
    known_kinds,
    noun_of,
    register_kind,
)

__all__ = [
    "Augmentation",
    "Kind",
    "Need",
    "Part",
    "Scaling",
    "Schema",
    "find_augmentation",
    "find_kind",
    "is_built_in",
    "known_kinds",
    "noun_of",
    "register_kind",
]
