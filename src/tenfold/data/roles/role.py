"""The roles that a column can have, and what is asked of it beside its role."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["ORDERED", "ROLES", "UNUSED", "ColumnRole", "column_request", "plain_roles", "read_roles"]

UNUSED = ("id", "constant", "empty", "leak", "unused")
"""Roles of columns that no candidate is given."""

ORDERED = "ordered category"
"""The role of a column whose values have an order; ``ordered`` in short."""

ROLES = (
    "number", "number with a point", "number with a comma", "yes/no", "category", ORDERED, "many categories",
    "date", "date, month first", "text", "tags", "near-constant", "sum of others", *UNUSED,
)  # fmt: skip

_SHORT = {"ordered": ORDERED}
_FIELDS = ("role", "missing", "order")
_MOST = 1_000


@dataclass(frozen=True)
class ColumnRole:
    """
    What a column is.

    Parameters
    ----------
    name : str
    role : str
        One of `ROLES`; empty in a request that leaves it to the values.
    reason : str
        In a sentence, what tells so.
    warning : str
        What a reader must worry about, such as cells that are read as missing; mostly empty.
    missing : tuple of str
        Values that count as missing, without the spaces around them.
    order : tuple of str
        Of an ordered category its values, the least first.
    proposed : tuple of str
        Values that may mean that nothing is known, and count as missing only where that is asked for.
    """

    name: str
    role: str
    reason: str = ""
    warning: str = ""
    missing: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    proposed: tuple[str, ...] = ()

    @property
    def used(self) -> bool:
        """Whether candidates are given the column."""
        return self.role not in UNUSED


def plain_roles(roles: Sequence[ColumnRole]) -> tuple[str, ...]:
    """
    Return roles as a config holds them: with more than a role as an object of JSON.

    Examples
    --------
    >>> plain_roles([ColumnRole("a: b", "text"), ColumnRole("age", "number", missing=("999",))])
    ('text: a: b', '{"name": "age", "role": "number", "missing": ["999"]}')
    """
    return tuple(map(_plain, roles))


def _plain(one: ColumnRole) -> str:
    more = {key: list(values) for key, values in (("missing", one.missing), ("order", one.order)) if values}
    role = {"role": one.role} if one.role else {}
    return json.dumps({"name": one.name, **role, **more}) if more else f"{one.role}: {one.name}"


def read_roles(plain: Sequence[str]) -> dict[str, ColumnRole]:
    """
    Read what `plain_roles` gave, by column; raises `UsageError` where a role is none.

    Examples
    --------
    >>> roles = read_roles(["text: a: b", '{"name": "age", "role": "number", "missing": ["999"]}'])
    >>> roles["a: b"].role, roles["age"].missing
    ('text', ('999',))
    """
    return {one.name: one for one in map(_read, plain)}


def _read(line: str) -> ColumnRole:
    if not line.startswith("{"):
        role, _, name = line.partition(": ")
        return column_request(name, role)
    try:
        fields = json.loads(line)
        name = fields.pop("name")
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise UsageError(f"'{shown(line, 40)}' is no role of a column", do="write it as text: note") from None
    return column_request(str(name), fields)


def column_request(name: str, entry: Any) -> ColumnRole:
    """
    Return what is asked of a column.

    Parameters
    ----------
    name : str
    entry : str or mapping
        Its role, or ``role``, ``missing`` (values that count as missing) and ``order`` (values, the least first).

    Raises
    ------
    UsageError
        Another role, another key, or values that are no list of texts and numbers.

    Examples
    --------
    >>> column_request("size", {"role": "ordered", "order": ["low", "high"], "missing": ["?", 999]})
    ColumnRole(name='size', role='ordered category', ..., missing=('?', '999'), order=('low', 'high'), proposed=())
    """
    fields = {"role": entry} if isinstance(entry, str) else entry
    if not isinstance(fields, Mapping) or not fields:
        what = f"of column '{shown(name, 40)}' neither a role nor what counts as missing is given"
        raise UsageError(what, do='write note = "text", or age = { role = "number", missing = ["999"] }')
    for key in fields:
        if key not in _FIELDS:
            what = f"'{shown(key, 40)}' is nothing that column '{shown(name, 40)}' can have.{near(str(key), _FIELDS)}"
            raise UsageError(what, do=f"give {', '.join(_FIELDS)}")
    role = _role(fields["role"]) if "role" in fields else ""
    missing, order = (_values(name, key, fields[key]) if key in fields else () for key in ("missing", "order"))
    _refuse_order(name, role, missing, order)
    return ColumnRole(name, role, missing=missing, order=order)


def _role(role: Any) -> str:
    full = _SHORT.get(role, role) if isinstance(role, str) else role
    if full not in ROLES:
        what = f"'{shown(role, 40)}' is no role of a column.{near(str(role), ROLES)}"
        raise UsageError(what, do=f"give one of {', '.join(ROLES)}")
    return str(full)


def _values(name: str, key: str, values: Any) -> tuple[str, ...]:
    plain = isinstance(values, list | tuple) and 0 < len(values) <= _MOST
    if not plain or not all(isinstance(one, str | int | float) and not isinstance(one, bool) for one in values):
        what = f"'{key}' of column '{shown(name, 40)}' is no list of up to {_MOST:,} texts and numbers"
        raise UsageError(what, do=f'write {key} = ["{"low" if key == "order" else "?"}", "…"]')
    texts = tuple(one.strip() if isinstance(one, str) else f"{one:g}" for one in values)
    twice = next((one for one in texts if texts.count(one) > 1), None)
    if twice is not None:
        raise UsageError(f"'{key}' of column '{shown(name, 40)}' has '{shown(twice, 40)}' twice", do="leave one out")
    return texts


def _refuse_order(name: str, role: str, missing: Sequence[str], order: Sequence[str]) -> None:
    if not order:
        return
    if role != ORDERED:
        what = f"column '{shown(name, 40)}' has an order and is no ordered category"
        raise UsageError(what, do='give it role = "ordered", or leave the order out')
    both = next((one for one in order if one in missing), None)
    if both is not None or len(order) < 2:
        what = f"'{shown(both, 40)}' both in its order and as missing" if both else "fewer than two values in its order"
        raise UsageError(f"column '{shown(name, 40)}' has {what}", do="list the values from the least to the greatest")
