"""Which sections the page of each task has, and the page drawn from them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from markupsafe import Markup

from tenfold.data.dataset import Dataset
from tenfold.show.content import Content, read_content
from tenfold.show.document import fill, whole_page
from tenfold.show.live.block import live_block, predictions_by_class, predictions_by_label
from tenfold.show.section import Section, View
from tenfold.show.sections.classes import overview as classes
from tenfold.show.sections.classes.advice import advice as advice_on_classes
from tenfold.show.sections.classes.advice import general_advice
from tenfold.show.sections.data.columns import columns_view
from tenfold.show.sections.data.data import data_view
from tenfold.show.sections.data.importance import importance_view
from tenfold.show.sections.data.learning import learning_view
from tenfold.show.sections.decision.calibration import calibration_view
from tenfold.show.sections.decision.compare import compare_view
from tenfold.show.sections.decision.curves import curves_view
from tenfold.show.sections.decision.decision import decision_view
from tenfold.show.sections.errors.classes import classes_view
from tenfold.show.sections.errors.map import map_view
from tenfold.show.sections.errors.matrix import matrix_view
from tenfold.show.sections.errors.weak import weak_view
from tenfold.show.sections.images import overview as images
from tenfold.show.sections.images import pictures
from tenfold.show.sections.images.classes import classes_view as image_classes_view
from tenfold.show.sections.labels import overview as labels
from tenfold.show.sections.labels.curves import label_curves_view, label_errors_view
from tenfold.show.sections.labels.labels import labels_view
from tenfold.show.sections.verdict import general
from tenfold.show.sections.verdict.board import board_view
from tenfold.show.sections.verdict.cards import cards_view
from tenfold.show.sections.verdict.figures import figures_view
from tenfold.show.sections.verdict.provenance import provenance_view
from tenfold.show.sections.verdict.tuning import tuning_view
from tenfold.show.sections.verdict.verdict import VerdictWords, verdict_view
from tenfold.storage import write_whole
from tenfold.text import shown

__all__ = ["page", "register_page", "sections_by_id", "sections_of", "views_of", "write_report"]

_NAME = "report.html"


def _of_classes(words: VerdictWords, *own: Section) -> tuple[Section, ...]:
    """The page of one class a row, from top to bottom; `own` are the sections on single classes."""
    cards = partial(cards_view, weaknesses=classes.weaknesses, advice=advice_on_classes)
    figures = partial(figures_view, words=classes.FIGURES)
    made = partial(provenance_view, words=classes.PROVENANCE)
    return (
        Section("verdict", "Overview", partial(verdict_view, words=words), "verdict.html", needs_rows=False),
        Section("cards", "", cards, "cards.html", needs_rows=False),
        Section("board", "Candidates", partial(board_view, words=classes.BOARD), "board.html", needs_rows=False),
        Section("tuning", "Settings", tuning_view, "tuning.html"),
        Section("matrix", "Confusions", matrix_view, "matrix.html", needs_rows=False, live=predictions_by_class),
        Section("decision", "Decision", decision_view, "decision.html", needs_rows=False, live=predictions_by_class),
        Section("curves", "Curves", curves_view, "curves.html", needs_rows=False, plain=False),
        Section("compare", "Compare", compare_view, "compare.html"),
        *own,
        Section("weak", "Weak spots", weak_view, "weak.html", plain=False),
        Section("calibration", "Certainty", calibration_view, "calibration.html", needs_rows=False, plain=False),
        Section("importance", "", importance_view, "importance.html"),
        Section("learning", "", learning_view, "learning.html"),
        Section("data", "Data", data_view, "data.html", plain=False),
        Section("columns", "Data", columns_view, "columns.html", plain=False),
        Section("map", "", map_view, "map.html", plain=False),
        Section("figures", "All figures", figures, "figures.html", needs_rows=False),
        Section("made", "How made", made, "provenance.html", needs_rows=False),
    )


_DETECTOR = _of_classes(classes.DETECTOR_VERDICT)
_CLASSES = _of_classes(
    classes.VERDICT, Section("classes", "Classes", classes_view, "classes.html", needs_rows=False, plain=False)
)
_LABELS = (
    Section("verdict", "Overview", partial(verdict_view, words=labels.VERDICT), "verdict.html"),
    Section("cards", "", partial(cards_view, weaknesses=labels.weaknesses, advice=labels.advice), "cards.html"),
    Section("board", "Candidates", partial(board_view, words=labels.BOARD), "board.html"),
    Section("tuning", "Settings", tuning_view, "tuning.html"),
    Section("labels", "Labels", labels_view, "labels.html"),
    Section("labelerrors", "Errors", label_errors_view, "label_errors.html", live=predictions_by_label),
    Section("labelcurves", "Curves", label_curves_view, "label_curves.html"),
    Section("figures", "All figures", partial(figures_view, words=classes.FIGURES), "figures.html"),
    Section("made", "How made", partial(provenance_view, words=classes.PROVENANCE), "provenance.html"),
)
_IMAGES = (
    Section("verdict", "Overview", partial(verdict_view, words=images.VERDICT), "verdict.html"),
    Section("cards", "", images.cards_view, "cards.html"),
    Section("board", "Candidates", partial(board_view, words=images.BOARD), "board.html"),
    Section("spread", "", pictures.spread_view, "spread.html"),
    Section("gallery", "Images", pictures.gallery_view, "gallery.html"),
    Section("map", "Where it errs", pictures.map_view, "error_map.html"),
    Section("classes", "Classes", image_classes_view, "image_classes.html"),
    Section("figures", "All figures", partial(figures_view, words=images.FIGURES), "figures.html"),
    Section("made", "How made", partial(provenance_view, words=images.PROVENANCE), "provenance.html"),
)
_GENERAL = (
    Section("verdict", "Overview", partial(verdict_view, words=general.VERDICT), "verdict.html"),
    Section("cards", "", partial(cards_view, weaknesses=lambda content: (), advice=general_advice), "cards.html"),
    Section("board", "Candidates", partial(board_view, words=general.BOARD), "board.html"),
    Section("tuning", "Settings", tuning_view, "tuning.html"),
    Section("figures", "All figures", partial(figures_view, words=general.FIGURES), "figures.html"),
    Section("made", "How made", partial(provenance_view, words=classes.PROVENANCE), "provenance.html"),
)
_PAGES: dict[str, tuple[Section, ...]] = {
    "binary": _DETECTOR,
    "multiclass": _CLASSES,
    "multilabel": _LABELS,
    "multioutput": _IMAGES,
}
"""The sections of each task's page, from top to bottom."""


def register_page(task: str, sections: Sequence[Section]) -> None:
    """
    Set the sections of the page of a task, from top to bottom; those it had before are replaced.

    Parameters
    ----------
    task : str
        As ``metrics.json`` names it.
    sections : sequence of Section

    Raises
    ------
    ValueError
        Two sections have the same id.

    Examples
    --------
    >>> register_page("binary", sections_of("binary"))
    """
    ids = [section.id for section in sections]
    if len(ids) != len(set(ids)):
        raise ValueError(f"two sections of the page of {task} have the same id")
    _PAGES[task] = tuple(sections)


def sections_of(task: str) -> tuple[Section, ...]:
    """
    Return the sections of the page of a task, from top to bottom; a general page where none was registered for it.

    Examples
    --------
    >>> [section.id for section in sections_of("multioutput")][:3]
    ['verdict', 'cards', 'board']
    """
    return _PAGES.get(task, _GENERAL)


def sections_by_id(content: Content) -> dict[str, Section]:
    """Return the sections of the page of a run, by id, from top to bottom."""
    return {section.id: section for section in sections_of(content.task.type)}


def views_of(content: Content, *, plain: bool = False) -> list[tuple[Section, View]]:
    """
    Return the sections in which a run has something to show, each with its view, from top to bottom.

    Parameters
    ----------
    content : Content
    plain : bool
        Whether sections that the report without pictures leaves out are not drawn.
    """
    sections = [section for section in sections_by_id(content).values() if section.plain or not plain]
    views = ((section, section.view(content)) for section in sections)
    return [(section, view) for section, view in views if view is not None]


def page(content: Content) -> str:
    """
    Draw the page of a run.

    Parameters
    ----------
    content : Content

    Returns
    -------
    str
        HTML that names no other file.
    """
    views = views_of(content)
    name = shown(content.data.name, 40)
    body = fill(
        "body.html",
        sections=[(section, fill(section.template, view=view)) for section, view in views],
        name=name,
        date=content.manifest.finished[:10],
    )
    return whole_page(name, body, _live_data(content, [section for section, _ in views]))


def _live_data(content: Content, sections: Sequence[Section]) -> Markup | None:
    """What the scripts compute with: the data that each section asks for, gathered once."""
    sources = dict.fromkeys(section.live for section in sections if section.live is not None)
    return live_block({key: value for source in sources for key, value in (source(content) or {}).items()})


def write_report(folder: Path, dataset: Dataset | None = None) -> Path:
    """
    Write the page of a run into its folder, whole or not at all.

    The page needs no network; every name from the data is escaped.

    Parameters
    ----------
    folder : Path
        A run folder: metrics.json, manifest.json, out_of_fold.parquet and what else its task stores.
    dataset : Dataset, optional
        The training rows in the order of their out-of-fold predictions. Loaded from the run's source if they are
        not given; where that is not possible the page is drawn without them and says why.

    Returns
    -------
    Path
        Of ``report.html``.
    """
    path = folder / _NAME
    write_whole(path, page(read_content(folder, dataset)))
    return path
