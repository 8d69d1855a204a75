"""Roles of columns as a file that people change: ``columns.toml``."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tenfold.data.roles.role import ColumnRole, column_request, plain_roles
from tenfold.errors import UsageError
from tenfold.regular_files import CONFIG_BYTES, read_regular
from tenfold.text import shown

__all__ = ["roles_in_config", "read_columns", "write_columns"]


_HEAD = (
    "# What each column is. Values that count as missing are proposed: leave out those that are values of their own.",
    "format = 1",
    "",
    "[columns]",
)


def write_columns(path: Path, roles: Sequence[ColumnRole]) -> None:
    """Write the role of each column, its order and what may count as missing, its reason beside it."""
    from tenfold.storage import write_whole

    write_whole(path, "\n".join([*_HEAD, *map(_line, roles), ""]))


def _line(one: ColumnRole) -> str:
    """Return a column as TOML: its role, or an inline table where there is more."""
    import tomli_w

    def written(value: str) -> str:
        return tomli_w.dumps({"v": value}).removeprefix("v = ").rstrip("\n")

    name, missing = tomli_w.dumps({one.name: 0}).removesuffix(" = 0\n"), one.missing or one.proposed
    parts = [f"role = {written(one.role)}"]
    parts += [f"{key} = [{', '.join(map(written, values))}]" for key, values in
              (("order", one.order), ("missing", missing)) if values]  # fmt: skip
    entry = written(one.role) if len(parts) == 1 else f"{{ {', '.join(parts)} }}"
    doubt = f"; {shown(one.warning, 200)}" if one.proposed else ""
    return f"{name} = {entry}  # {shown(one.reason, 200)}{doubt}"


def read_columns(path: Path) -> tuple[str, ...]:
    """
    Read roles of columns, as a config holds them.

    Raises
    ------
    UsageError
        No such file, not TOML, or what is no role of a column.
    """
    try:
        content = tomllib.loads(read_regular(path, most=CONFIG_BYTES).decode("utf-8"))
    except FileNotFoundError:
        raise UsageError("no such file", where=path, do="write one with tenfold data roles SOURCE") from None
    except (ValueError, RecursionError) as fault:
        raise UsageError(f"not TOML: {shown(fault, 120)}", where=path) from fault
    roles = content.get("columns")
    if content.get("format") != 1 or not isinstance(roles, dict):
        raise UsageError("no columns of format 1", where=path, do="write one with tenfold data roles SOURCE")
    try:
        return _plain(roles)
    except UsageError as fault:
        raise UsageError(str(fault), where=path) from None


def roles_in_config(columns: Any) -> tuple[str, ...] | None:
    """
    Return roles as a config holds them, of a mapping of column to role or of the path of a ``columns.toml``.

    Examples
    --------
    >>> roles_in_config({"note": "text"})
    ('text: note',)
    """
    if columns is None or isinstance(columns, tuple):
        return columns
    if isinstance(columns, str | os.PathLike):
        return read_columns(Path(columns))
    if isinstance(columns, Mapping):
        return _plain(columns)
    raise UsageError("columns are a mapping of column to role, or a file", do='give columns={"note": "text"}')


def _plain(roles: Mapping[Any, Any]) -> tuple[str, ...]:
    return plain_roles([column_request(str(name), entry) for name, entry in roles.items()])
