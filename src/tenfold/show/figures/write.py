"""The figures of a run written into a folder, each as SVG and PNG."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.ask.errors.errors import errors_of
from tenfold.ask.errors.sheet import four_blocks
from tenfold.errors import UsageError
from tenfold.figures.curves.readings import most_confused
from tenfold.record.run import Run
from tenfold.show.content import Content
from tenfold.show.drawing.figure import Figure
from tenfold.show.drawing.ink import plain
from tenfold.show.drawing.png import png
from tenfold.show.figures.classes import counts_figure, errors_figure, recalls_figure, shares_figure
from tenfold.show.figures.quantities import (
    error_sizes_figure,
    errors_by_prediction_figure,
    true_and_predicted_figure,
)
from tenfold.show.figures.scores import calibration_figure, precision_recall_figure, roc_figure, threshold_figure
from tenfold.show.pages import sections_by_id
from tenfold.storage import make_folder, write_whole
from tenfold.text import shown

__all__ = ["Figures", "Written", "figures_of", "write_figures"]


@dataclass(frozen=True)
class Figures:
    """
    The figures of a run.

    Parameters
    ----------
    figures : tuple of Figure
    absent : tuple of str
        Sentences on what could not be drawn.
    """

    figures: tuple[Figure, ...]
    absent: tuple[str, ...]


def figures_of(content: Content) -> Figures:
    """
    Draw what a run has.

    Raises
    ------
    UsageError
        A task without one class a row that is not of quantities, or one of quantities that was streamed.
    """
    if content.task.numeric and not content.streamed:
        drawn = (true_and_predicted_figure, errors_by_prediction_figure, error_sizes_figure)
        return Figures(tuple(draw(content) for draw in drawn), ())
    if "matrix" not in sections_by_id(content):
        raise UsageError(
            f"the figures of a run to predict {content.task.summary} are in its report only", where=content.run
        )
    second = errors_figure if len(content.classes) > 2 else shares_figure
    always = (counts_figure(content), second(content), recalls_figure(content))
    if content.curves(content.chosen) is None:
        why = f"{shown(content.chosen, 40)} gives answers without scores: no curves, thresholds or calibration to draw."
        return Figures(always, (why,))
    ranked = (
        (precision_recall_figure(content), roc_figure(content), threshold_figure(content))
        if content.positive is not None
        else ()
    )
    if content.candidate.probabilities:
        return Figures((*always, *ranked, calibration_figure(content)), ())
    why = f"The scores of {shown(content.chosen, 40)} are not probabilities, so there is no calibration to draw."
    return Figures((*always, *ranked), (why,))


@dataclass(frozen=True)
class Written:
    """
    What has been written.

    Parameters
    ----------
    files : tuple of Path
    absent : tuple of str
        Sentences on what could not be drawn.
    """

    files: tuple[Path, ...]
    absent: tuple[str, ...]


def write_figures(run: Run, content: Content, folder: Path) -> Written:
    """
    Write every figure of a run as ``<name>.svg`` and ``<name>.png``; each file names no other.

    Parameters
    ----------
    run : Run
    content : Content
        Of the same run.
    folder : Path
        Made if it is not there; files of the same names are replaced.

    Raises
    ------
    UsageError
        A task without one class a row.
    StorageError
        The folder cannot be written to.
    """
    figures = figures_of(content)
    make_folder(folder)
    files = []
    for one in figures.figures:
        svg = one.svg()
        write_whole(folder / f"{one.name}.svg", svg)
        write_whole(folder / f"{one.name}.png", png(svg))
        files += [folder / f"{one.name}.svg", folder / f"{one.name}.png"]
    sheet, why = ((), ()) if content.task.numeric else _sheet(run, content, folder)
    return Written((*files, *sheet), (*figures.absent, *why))


def _sheet(run: Run, content: Content, folder: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """The four blocks of the two classes confused most often, as images are the only thing to see."""
    if content.data.image_shape is None:
        return (), ()
    if content.instances is None:
        return (), (f"No sheet of images: {content.absent}",)
    worst = most_confused(np.array(content.decision.confusion_matrix), 1)
    if not worst:
        return (), ("No sheet of images: no image was taken for another class.",)
    names = [content.classes[code] for code in (worst[0].actual, worst[0].predicted)]
    picture = four_blocks(errors_of(run), content.instances, *names)
    file = io.BytesIO()
    picture.save(file, format="PNG", optimize=True)
    title = f"{names[0]} and {names[1]}, as they were called"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{picture.width // 2}" height="{picture.height // 2}" '
        f'viewBox="0 0 {picture.width} {picture.height}" role="img"><title>{plain(title)}</title>'
        f'<image width="{picture.width}" height="{picture.height}" '
        f'href="data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"/></svg>\n'
    )
    files = folder / "most-confused.svg", folder / "most-confused.png"
    write_whole(files[0], svg)
    write_whole(files[1], file.getvalue())
    return files, ()
