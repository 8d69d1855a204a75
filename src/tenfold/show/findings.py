"""What studies and weak spots come to, as tables of text: for terminals, from the very views of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.data.dataset import Dataset
from tenfold.record.folder import RunFolder
from tenfold.record.run import Run, refuse_denoised
from tenfold.show.content import read_content
from tenfold.show.pages import sections_by_id
from tenfold.show.section import View
from tenfold.show.sections.data.importance import ImportanceView
from tenfold.show.sections.data.learning import LearningView
from tenfold.show.sections.data.training import TrainingView
from tenfold.show.sections.errors.map import MapView
from tenfold.show.sections.errors.messages import MessagesView
from tenfold.show.sections.errors.weak import WeakView

__all__ = ["FindingTable", "findings_of"]

_ROWS = 40


@dataclass(frozen=True)
class FindingTable:
    """
    A finding in words and, perhaps, a table.

    Parameters
    ----------
    title, caption : str
    rows : tuple of tuple of str
        The head first; empty where there is nothing to list.
    right : tuple of int
        Columns that are aligned to the right.
    """

    title: str
    caption: str
    rows: tuple[tuple[str, ...], ...] = ()
    right: tuple[int, ...] = ()


def findings_of(run: Path, names: Sequence[str], dataset: Dataset | None = None) -> list[FindingTable]:
    """
    Return findings about a run.

    Parameters
    ----------
    run : Path
        The run folder.
    names : sequence of str
        Of "evidence", "importance", "learning_curve", "map", "weak".
    dataset : Dataset, optional
        The training rows, where they are loaded already.
    """
    if not names:
        return []
    refuse_denoised(Run(RunFolder(run)), "this finding")
    content = read_content(run, dataset)
    sections = sections_by_id(content)
    wanted = [one for name in names for one in _SECTIONS[name] if one in sections]
    views = [sections[one].view(content) for one in wanted]
    return [table for view in views if view is not None for table in _tables(view)]


def _tables(view: View) -> Iterator[FindingTable]:
    if isinstance(view, ImportanceView):
        rows = tuple((one.name, one.drop, one.interval) for one in view.lines)
        yield FindingTable(view.title, view.caption, _under((view.part, "lost", "95 % interval"), rows), (1,))
    if isinstance(view, LearningView):
        head = (view.noun, view.metric, "95 % interval", "gain", "95 % interval")
        yield FindingTable(view.title, view.caption, _under(head, view.rows), (0, 1, 3))
    if isinstance(view, TrainingView):
        (table,) = view.plain_tables()
        yield FindingTable(view.title, view.caption, _under(table.head, table.rows), (0, 1, 2))
    if isinstance(view, MapView):
        yield FindingTable(view.title, f"{view.caption} {view.note}")
    if isinstance(view, MessagesView):
        for table in view.plain_tables():
            yield FindingTable(view.title, view.absent or table.note, _under(table.head, table.rows), (2, 3))
    if isinstance(view, WeakView):
        slices = tuple((one.name, one.rate, one.interval, one.count, one.rows) for one in view.slices)
        head = ("slice", "called wrongly", "95 % interval", "errors", "rows of errors")
        yield FindingTable(view.title, view.absent or view.caption, _under(head, slices), (1, 3))
        for gallery in view.galleries:
            yield FindingTable(gallery.title, gallery.caption, _under(gallery.head, gallery.listed[:_ROWS]))


def _under(head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """The rows under their head; nothing where there are none."""
    return (head, *rows) if rows else ()


_SECTIONS = {
    "evidence": ("messages",),
    "importance": ("importance", "training"),
    "learning_curve": ("learning",),
    "map": ("map",),
    "weak": ("weak",),
}
"""The sections of the page that show each finding."""
