"""What is each column taken for? Its role, and what tells so."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.data.roles.role import ColumnRole
from tenfold.show.commands import source_command
from tenfold.show.components import Cell, Column, Name, PlainTable, Row, Table
from tenfold.show.content import Content
from tenfold.text import shown

__all__ = ["RolesView", "roles_view"]

_COLUMNS = 40
_PLAIN = ("number", "category", "yes/no")


@dataclass(frozen=True)
class RolesView:
    """A row a column; `more` says how many are left out, `command` writes all roles to be changed."""

    title: str
    caption: str
    table: Table
    more: str
    command: str

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the roles as text."""
        return (self.table.plain(self.title, self.caption),)


def roles_view(content: Content) -> RolesView | None:
    """Show the role of each column of a table; None of other kinds, and of runs made before columns had roles."""
    roles = content.manifest.roles
    if not roles:
        return None
    shown_roles = _first(roles)
    left = len(roles) - len(shown_roles)
    return RolesView(
        "What is each column taken for?",
        "Told by the values of the training rows, labels not looked at. Candidates get numbers: of text its words, "
        "of a date its parts, of a category one column a value.",
        Table(
            (Column("column"), Column("role"), Column("what tells so")),
            tuple(map(_row, shown_roles)),
            css="roles",
        ),
        f"{left:,} more columns are plain, or like these." if left else "",
        source_command(content.config, "roles"),
    )


def _first(roles: tuple[ColumnRole, ...]) -> tuple[ColumnRole, ...]:
    """Return as many as there is room for, in the order of the table; of more, those first that need a look."""
    needs_a_look = [bool(one.warning) or not one.used or one.role not in _PLAIN for one in roles]
    places = sorted(range(len(roles)), key=lambda place: not needs_a_look[place])[:_COLUMNS]
    return tuple(roles[place] for place in sorted(places))


def _row(role: ColumnRole) -> Row:
    name = Name(shown(role.name, 40), shown(role.name, 120))
    reason = Cell(shown(role.reason, 200), below=shown(role.warning, 300))
    return Row(name, (Cell(role.role if role.used else f"{role.role}, not used"), reason), "" if role.used else "soft")
