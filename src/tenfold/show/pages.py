"""Which sections the page of each task has, and the page drawn from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from tenfold.show.sections.data.roles import roles_view
from tenfold.show.sections.data.training import training_view
from tenfold.show.sections.decision.calibration import calibration_view
from tenfold.show.sections.decision.compare import compare_view
from tenfold.show.sections.decision.curves import curves_view
from tenfold.show.sections.decision.decision import decision_view
from tenfold.show.sections.errors.classes import classes_view
from tenfold.show.sections.errors.map import map_view
from tenfold.show.sections.errors.matrix import matrix_view
from tenfold.show.sections.errors.messages import messages_view
from tenfold.show.sections.errors.weak import weak_view
from tenfold.show.sections.images import overview as images
from tenfold.show.sections.images import pictures
from tenfold.show.sections.images.classes import classes_view as image_classes_view
from tenfold.show.sections.labels import overview as labels
from tenfold.show.sections.labels.curves import label_curves_view, label_errors_view
from tenfold.show.sections.labels.labels import labels_view
from tenfold.show.sections.quantities import overview as quantities
from tenfold.show.sections.quantities.columns import residual_columns_view, target_columns_view
from tenfold.show.sections.quantities.dependence import dependence_view
from tenfold.show.sections.quantities.errors import errors_view
from tenfold.show.sections.quantities.intervals import intervals_view
from tenfold.show.sections.quantities.map import error_map_view
from tenfold.show.sections.quantities.paths import paths_view
from tenfold.show.sections.quantities.predicted import predicted_view
from tenfold.show.sections.quantities.rows import rows_view
from tenfold.show.sections.quantities.slices import slices_view
from tenfold.show.sections.quantities.stops import choices_of_quantity
from tenfold.show.sections.quantities.targets import chosen_targets, further_targets, targets_view
from tenfold.show.sections.verdict import general
from tenfold.show.sections.verdict.board import BoardWords, board_view
from tenfold.show.sections.verdict.cards import cards_view
from tenfold.show.sections.verdict.figures import FigureWords, figures_view
from tenfold.show.sections.verdict.filtering import filter_view
from tenfold.show.sections.verdict.provenance import ProvenanceWords, provenance_view
from tenfold.show.sections.verdict.tuning import tuning_view
from tenfold.show.sections.verdict.verdict import VerdictWords, verdict_view
from tenfold.storage import write_whole
from tenfold.text import shown

__all__ = ["further_views", "page", "register_page", "sections_by_id", "sections_of", "views_of", "write_report"]

_NAME = "report.html"
_CALIBRATION = "decision/calibration.html"


_TRAINING = Section("training", "", training_view, "data/training.html")
_ROLES = Section("roles", "Columns", roles_view, "data/roles.html", needs_rows=False)

Cards = Callable[[Content], View]


def _top(verdict: VerdictWords, cards: Cards, board: BoardWords) -> tuple[Section, ...]:
    """What every page begins with."""
    return (
        Section("verdict", "Overview", partial(verdict_view, words=verdict), "verdict/verdict.html", needs_rows=False),
        Section("cards", "", cards, "verdict/cards.html", needs_rows=False),
        Section("board", "Candidates", partial(board_view, words=board), "verdict/board.html", needs_rows=False),
        Section("tuning", "Settings", tuning_view, "verdict/tuning.html"),
    )


def _bottom(words: FigureWords, made: ProvenanceWords) -> tuple[Section, ...]:
    """What every page ends with."""
    figures, provenance = partial(figures_view, words=words), partial(provenance_view, words=made)
    return (
        Section("figures", "All figures", figures, "verdict/figures.html", needs_rows=False),
        Section("made", "How made", provenance, "verdict/provenance.html", needs_rows=False),
    )


def _of_classes(verdict: VerdictWords, *own: Section) -> tuple[Section, ...]:
    """The page of one class a row; `own` are the sections on single classes."""
    cards = partial(cards_view, weaknesses=classes.weaknesses, advice=advice_on_classes)
    live = predictions_by_class
    return (
        *_top(verdict, cards, classes.BOARD),
        Section("filtering", "", filter_view, "verdict/filtering.html", needs_rows=False),
        Section("matrix", "Confusions", matrix_view, "errors/matrix.html", needs_rows=False, live=live),
        Section("messages", "Words", messages_view, "errors/messages.html"),
        Section("decision", "Decision", decision_view, "decision/decision.html", needs_rows=False, live=live),
        Section("curves", "Curves", curves_view, "decision/curves.html", needs_rows=False, plain=False),
        Section("compare", "Compare", compare_view, "decision/compare.html"),
        *own,
        Section("weak", "Weak spots", weak_view, "errors/weak.html", plain=False),
        Section(
            "calibration", "Certainty", calibration_view, "decision/calibration.html", needs_rows=False, plain=False
        ),
        Section("importance", "", importance_view, "data/importance.html"),
        Section("learning", "", learning_view, "data/learning.html"),
        _TRAINING,
        Section("data", "Data", data_view, "data/data.html", plain=False),
        _ROLES,
        Section("columns", "Data", columns_view, "data/columns.html", plain=False),
        Section("map", "", map_view, "errors/map.html", plain=False),
        *_bottom(classes.FIGURES, classes.PROVENANCE),
    )


_SINGLE_CLASSES = Section("classes", "Classes", classes_view, "errors/classes.html", needs_rows=False, plain=False)
_PAGE_OF_LABELS = (
    *_top(labels.VERDICT, partial(cards_view, weaknesses=labels.weaknesses, advice=labels.advice), labels.BOARD),
    Section("labels", "Labels", labels_view, "labels/labels.html"),
    Section("labelerrors", "Errors", label_errors_view, "labels/label_errors.html", live=predictions_by_label),
    Section("labelcurves", "Curves", label_curves_view, "labels/label_curves.html"),
    _ROLES,
    *_bottom(classes.FIGURES, classes.PROVENANCE),
)
_PAGE_OF_IMAGES = (
    *_top(images.VERDICT, images.cards_view, images.BOARD),
    Section("spread", "", pictures.spread_view, "images/spread.html", plain=False),
    Section("gallery", "Images", pictures.gallery_view, "images/gallery.html", plain=False),
    Section("map", "Where it errs", pictures.map_view, "images/error_map.html", plain=False),
    Section("classes", "Classes", image_classes_view, "images/classes.html"),
    *_bottom(images.FIGURES, images.PROVENANCE),
)
_PAGE_OF_QUANTITIES = (
    Section(
        "verdict",
        "Overview",
        partial(verdict_view, words=quantities.VERDICT),
        "verdict/verdict.html",
        needs_rows=False,
    ),
    Section(
        "cards",
        "",
        partial(cards_view, weaknesses=quantities.weaknesses, advice=quantities.advice),
        "verdict/cards.html",
        needs_rows=False,
    ),
    Section("board", "Candidates", quantities.quantity_board, "verdict/board.html", needs_rows=False),
    Section("tuning", "Settings", tuning_view, "verdict/tuning.html"),
    Section("targets", "Targets", targets_view, "quantities/targets.html", needs_rows=False, live=chosen_targets),
    Section("predicted", "Predicted", predicted_view, "quantities/predicted.html", each_target=True),
    Section("intervals", "Intervals", intervals_view, "quantities/intervals.html", live=choices_of_quantity),
    Section("residuals", "Errors", errors_view, "quantities/errors.html", each_target=True),
    Section("residualcolumns", "", residual_columns_view, "quantities/columns.html"),
    Section("errormap", "Map", error_map_view, "quantities/map.html"),
    Section("slices", "Slices", slices_view, "quantities/slices.html"),
    Section("rows", "Rows", rows_view, "quantities/rows.html", each_target=True),
    Section("importance", "Importance", importance_view, "data/importance.html"),
    Section("dependence", "", dependence_view, "quantities/dependence.html"),
    Section("paths", "", paths_view, "quantities/paths.html"),
    Section("learning", "Learning", learning_view, "data/learning.html"),
    _TRAINING,
    _ROLES,
    Section("columns", "Data", target_columns_view, "quantities/columns.html"),
    *_bottom(quantities.FIGURES, quantities.PROVENANCE),
)
_GENERAL_PAGE = (
    *_top(general.VERDICT, partial(cards_view, weaknesses=lambda content: (), advice=general_advice), general.BOARD),
    *_bottom(general.FIGURES, classes.PROVENANCE),
)
_PAGES: dict[str, tuple[Section, ...]] = {
    "binary": _of_classes(classes.DETECTOR_VERDICT),
    "multiclass": _of_classes(classes.VERDICT, _SINGLE_CLASSES),
    "multilabel": _PAGE_OF_LABELS,
    "multioutput": _PAGE_OF_IMAGES,
    "quantities": _PAGE_OF_QUANTITIES,
}
"""The sections of each task's page, from top to bottom."""
_SCRIPTS = {"quantities": "quantities.js"}
"""The module that starts the script of a page, where it is not that of classes."""


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
    return _PAGES.get(task, _GENERAL_PAGE)


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


def further_views(content: Content, sections: Sequence[Section]) -> list[tuple[Section, int, View]]:
    """Return the views of other targets than the first, each with its section and the place of the target."""
    drawn = [section for section in sections if section.each_target]
    others = [content.of_target(name) for name in further_targets(content)] if drawn else []
    views = ((section, one.target_place, section.view(one)) for one in others for section in drawn)
    return [(section, place, view) for section, place, view in views if view is not None]


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
    further = further_views(content, [section for section, _ in views])
    body = fill(
        "body.html",
        sections=[(section, fill(section.template, view=view)) for section, view in views],
        further=[(section, place, fill(section.template, view=view)) for section, place, view in further],
        name=name,
        date=content.manifest.finished[:10],
    )
    data = _live_data(content, [section for section, _ in views])
    return whole_page(name, body, data, _SCRIPTS.get(content.task.type, "main.js"))


def _live_data(content: Content, sections: Sequence[Section]) -> Markup | None:
    """What the scripts compute with: the data that each section asks for, gathered once."""
    sources = dict.fromkeys(section.live for section in sections if section.live is not None)
    return live_block({key: value for source in sources for key, value in (source(content) or {}).items()})


def write_report(folder: Path, dataset: Dataset | None = None, test_rows: Dataset | None = None) -> Path:
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
    test_rows : Dataset, optional
        The rows of the test part in the order of their predictions; only where instances are texts.

    Returns
    -------
    Path
        Of ``report.html``.
    """
    path = folder / _NAME
    write_whole(path, page(read_content(folder, dataset, test_rows)))
    return path
