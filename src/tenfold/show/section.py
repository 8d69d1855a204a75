"""One section of a page: what it shows of a run, and the template that draws it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from markupsafe import Markup

from tenfold.show.components import PlainTable
from tenfold.show.content import Content
from tenfold.show.document import fill

__all__ = ["Section", "Tabled", "View"]


class View(Protocol):
    """What a section shows of a run: a frozen dataclass of texts, numbers and places."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@runtime_checkable
class Tabled(Protocol):
    """A view with tables that a report without pictures has too."""

    def plain_tables(self) -> tuple[PlainTable, ...]:
        """Return the tables as text."""
        ...


@dataclass(frozen=True)
class Section:
    """
    One section of a page.

    Parameters
    ----------
    id : str
        Of the section's element.
    name : str
        In the bar on top; empty for a section that is not named there.
    draw : callable
        Gives the view of a run's content; None where the run has nothing to show.
    template : str or Path
        Name of a template of this package, or the path of another. It is filled in with `view`, and nothing else.
    needs_rows : bool
        Whether it reads the training rows or their predictions, which a streamed run does not hold.
    plain : bool
        Whether the report without pictures draws it too; those that take seconds and have no table for it are left out.
    live : callable, optional
        Gives the data that the section's scripts compute with; sections that need the same data name the same callable.
    each_target : bool
        Whether it is drawn of every target, where several quantities are predicted.
    """

    id: str
    name: str
    draw: Callable[[Content], View | None]
    template: str | Path
    needs_rows: bool = True
    plain: bool = True
    live: Callable[[Content], Mapping[str, Any] | None] | None = None
    each_target: bool = False

    def view(self, content: Content) -> View | None:
        """Return what the section shows of a run; None where it has nothing to show."""
        return None if self.needs_rows and content.streamed else self.draw(content)

    def html(self, content: Content) -> Markup | None:
        """Draw the section alone; None where it has nothing to show."""
        view = self.view(content)
        return None if view is None else fill(self.template, view=view)
