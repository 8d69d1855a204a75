"""What studies and weak spots come to, as tables of text: for terminals, from the very views of the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tenfold.data.dataset import Dataset
from tenfold.record.folder import RunFolder
from tenfold.record.run import Run, refuse_denoised
from tenfold.show.content import Content, read_content
from tenfold.show.sections.data.importance import importance_view
from tenfold.show.sections.data.learning import learning_view
from tenfold.show.sections.errors.map import map_view
from tenfold.show.sections.errors.weak import weak_view

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


def findings_of(run: Path, names: Sequence[str], instances: Dataset | None = None) -> list[FindingTable]:
    """
    Give findings about a run.

    Parameters
    ----------
    run : Path
        The run folder.
    names : sequence of str
        Of "importance", "learning_curve", "map", "weak".
    instances : Dataset, optional
        The training rows, where they are loaded already.
    """
    if not names:
        return []
    refuse_denoised(Run(RunFolder(run)), "this finding")
    content = read_content(run, instances)
    return [table for name in names for table in _TOLD[name](content)]


def _importance(content: Content) -> Iterator[FindingTable]:
    view = importance_view(content)
    if view is not None:
        head = (view.part, "lost", "95 % interval")
        rows = tuple((one.name, one.drop, one.interval) for one in view.lines)
        yield FindingTable(view.title, view.caption, (head, *rows) if rows else (), (1,))


def _learning(content: Content) -> Iterator[FindingTable]:
    view = learning_view(content)
    if view is not None:
        head = (content.noun(), view.metric, "95 % interval", "gain", "95 % interval")
        yield FindingTable(view.title, view.caption, (head, *view.rows) if view.rows else (), (0, 1, 3))


def _map(content: Content) -> Iterator[FindingTable]:
    view = map_view(content)
    if view is not None:
        yield FindingTable(view.title, f"{view.caption} {view.note}")


def _weak(content: Content) -> Iterator[FindingTable]:
    view = weak_view(content)
    if view is None:
        return
    head = ("slice", "called wrongly", "95 % interval", "errors", "rows of errors")
    slices = tuple((one.name, one.rate, one.interval, one.count, one.rows) for one in view.slices)
    yield FindingTable(view.title, view.absent or view.caption, (head, *slices) if slices else (), (1, 3))
    for gallery in view.galleries:
        listed = (gallery.head, *gallery.listed[:_ROWS]) if gallery.listed else ()
        yield FindingTable(gallery.title, gallery.caption, listed)


_TOLD = {"importance": _importance, "learning_curve": _learning, "map": _map, "weak": _weak}
