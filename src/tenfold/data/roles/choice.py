"""The roles that a run goes by, and what it says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from tenfold.data.dataset import Dataset
from tenfold.data.roles.role import ORDERED, UNUSED, ColumnRole, read_roles
from tenfold.errors import DataError, UsageError
from tenfold.text import near, shown

__all__ = ["column_roles", "proposed_words", "role_sentences", "role_warnings"]

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
    by_name = read_roles(request or ())
    missing = {name: one.missing for name, one in by_name.items() if one.missing}
    roles = data.traits.roles(data.X, missing) if missing else data.traits.roles(data.X)
    names = [one.name for one in roles]
    for name in by_name:
        if name not in names:
            what = f"no column '{shown(name)}', whose role is given.{near(name, names)}"
            raise DataError(what, where=data.source, do="write its name as the table has it")
    if not roles:
        return ()
    chosen = tuple(_chosen(one, by_name.get(one.name), data) for one in roles)
    if all(one.role in UNUSED for one in chosen) and by_name:
        raise UsageError("no column is left to learn from", where=data.source, do="give one of them another role")
    return chosen


def _chosen(inferred: ColumnRole, request: ColumnRole | None, data: Dataset) -> ColumnRole:
    if request is None or not request.role:
        return inferred
    if request.role == ORDERED:
        return _ordered(inferred, request, data)
    if request.role == inferred.role:
        return inferred
    reason, missing = f"as was asked; by its values {inferred.role}", inferred.missing
    return ColumnRole(inferred.name, request.role, reason, missing=missing, proposed=inferred.proposed)


def _ordered(inferred: ColumnRole, request: ColumnRole, data: Dataset) -> ColumnRole:
    """An order has every value of the training rows; without one, the values must be those of a known scale."""
    order, name = request.order or inferred.order, inferred.name
    if not order:
        what, do = "its values tell no order", 'give one: { role = "ordered", order = ["low", "high"] }'
        raise DataError(what, where=data.source, column=name, do=do)
    cells = None if data.table is None else data.table[name]
    if cells is None or cells.dtype != object:
        raise DataError("numbers have their order", where=data.source, column=name, do="give it the role number")
    others = _values_beyond(cells.dropna().tolist(), {*order, *inferred.missing})
    if others:
        (value, rows), *_ = others.most_common(1)
        what = f"its order has no place for '{shown(value, 40)}' ({rows:,} rows)"
        raise DataError(what, where=data.source, column=name, do="add it to the order, or to what counts as missing")
    reason = " < ".join(shown(one, 20) for one in order)
    return replace(inferred, role=ORDERED, reason=f"as was asked: {reason}" if request.order else reason, order=order)


def _values_beyond(cells: list[Any], known: set[str]) -> Counter[str]:
    return Counter(cell for cell in cells if cell not in known and cell.strip() not in known)


def role_sentences(roles: Sequence[ColumnRole]) -> Iterator[str]:
    """
    Say before a run what each column is that is no plain number or category.

    Examples
    --------
    >>> list(role_sentences([ColumnRole("weight", "number with a point", "60 of 60 are numbers, in kg")]))
    ['weight: number with a point (60 of 60 are numbers, in kg).']
    """
    special = [one for one in roles if one.role not in _PLAIN or one.missing or one.reason.startswith("as was asked")]
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
            do = f" Do: give it {proposed_words(one)} (tenfold data roles)." if one.proposed else ""
            yield f"Column '{shown(one.name, 40)}': {one.warning}.{do}"


def proposed_words(role: ColumnRole) -> str:
    """
    Return the values that may mean that nothing is known, as they are written in ``columns.toml``.

    Examples
    --------
    >>> proposed_words(ColumnRole("age", "number", proposed=("999",)))
    'missing = ["999"]'
    """
    values = ", ".join(f'"{shown(value, 40)}"' for value in role.proposed)
    return f"missing = [{values}]"
