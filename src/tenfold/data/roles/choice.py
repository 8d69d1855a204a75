"""The roles that a run goes by, and what it says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.data.dataset import Dataset
from tenfold.data.roles.role import UNUSED, ColumnRole, read_roles
from tenfold.errors import DataError, UsageError
from tenfold.text import near, shown

__all__ = ["column_roles", "role_sentences", "role_warnings"]

_PLAIN = ("number", "category")
_LISTED = 40


def column_roles(data: Dataset, request: Sequence[str] | None) -> tuple[ColumnRole, ...]:
    """
    Return the role of each column: as asked, and inferred where nothing is asked of it.

    Parameters
    ----------
    data : Dataset
        The training rows.
    request : sequence of str or None
        As a config holds them; empty for none at all.

    Raises
    ------
    DataError
        A column is asked for that there is not, or none is left.
    """
    if request is not None and not request:
        return ()
    roles, by_name = data.traits.roles(data.X), read_roles(request or ())
    names = [one.name for one in roles]
    for name in by_name:
        if name not in names:
            what = f"no column '{shown(name)}', whose role is given.{near(name, names)}"
            raise DataError(what, where=data.source, do="write its name as the table has it")
    if not roles:
        return ()
    chosen = tuple(_chosen(one, by_name.get(one.name)) for one in roles)
    if all(one.role in UNUSED for one in chosen) and by_name:
        raise UsageError("no column is left to learn from", where=data.source, do="give one of them another role")
    return chosen


def _chosen(inferred: ColumnRole, role: str | None) -> ColumnRole:
    if role is None or role == inferred.role:
        return inferred
    return ColumnRole(inferred.name, role, f"as was asked; by its values {inferred.role}")


def role_sentences(roles: Sequence[ColumnRole]) -> Iterator[str]:
    """
    Say before a run what each column is that is no plain number or category.

    Examples
    --------
    >>> list(role_sentences([ColumnRole("weight", "number with a point", "60 of 60 are numbers, in kg")]))
    ['weight: number with a point (60 of 60 are numbers, in kg).']
    """
    special = [one for one in roles if one.role not in _PLAIN or one.reason.startswith("as was asked")]
    for one in special[:_LISTED]:
        role = one.role if one.used else f"{one.role}, not used"
        yield f"{shown(one.name, 40)}: {role} ({one.reason})."
    if len(special) > _LISTED:
        yield f"{len(special) - _LISTED:,} more columns have roles of their own (tenfold data show tells all)."


def role_warnings(roles: Sequence[ColumnRole]) -> Iterator[str]:
    """Say of which columns no candidate is told anything and why, and what cells mean that are no values."""
    for one in roles:
        if not one.used:
            yield f"Column '{shown(one.name, 40)}' is not used: {one.role}, {one.reason}."
        if one.warning:
            yield f"Column '{shown(one.name, 40)}': {one.warning}."
