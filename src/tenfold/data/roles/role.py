"""The roles that a column can have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["ROLES", "UNUSED", "ColumnRole", "plain_roles", "read_roles"]

UNUSED = ("id", "constant", "empty", "leak", "unused")
"""Roles of columns that no candidate is given."""

ROLES = (
    "number", "number with a point", "number with a comma", "yes/no", "category", "ordered category", "many categories",
    "date", "date, month first", "text", "tags", "near-constant", "sum of others", *UNUSED,
)  # fmt: skip


@dataclass(frozen=True)
class ColumnRole:
    """
    What a column is.

    Parameters
    ----------
    name : str
    role : str
        One of `ROLES`.
    reason : str
        In a sentence, what tells so.
    warning : str
        What a reader must worry about, such as cells that are read as missing; mostly empty.
    """

    name: str
    role: str
    reason: str
    warning: str = ""

    @property
    def used(self) -> bool:
        """Whether candidates are given the column."""
        return self.role not in UNUSED


def plain_roles(roles: Sequence[ColumnRole]) -> tuple[str, ...]:
    """
    Return roles as a config holds them.

    Examples
    --------
    >>> plain_roles([ColumnRole("a: b", "text", "")]), read_roles(["text: a: b"])
    (('text: a: b',), {'a: b': 'text'})
    """
    return tuple(f"{one.role}: {one.name}" for one in roles)


def read_roles(plain: Sequence[str]) -> dict[str, str]:
    """Read what `plain_roles` gave: role by column; raises `UsageError` where a role is none."""
    roles = {}
    for line in plain:
        role, _, name = line.partition(": ")
        if role not in ROLES:
            what = f"'{shown(role, 40)}' is no role of a column.{near(role, ROLES)}"
            raise UsageError(what, do=f"give one of {', '.join(ROLES)}")
        roles[name] = role
    return roles
