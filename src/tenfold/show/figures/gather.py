"""Which figures a run has, and why others are not there."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.errors import UsageError
from tenfold.show.content import Content
from tenfold.show.figures.confusions import counts_figure, errors_figure, shares_figure
from tenfold.show.figures.figure import Figure
from tenfold.show.figures.ranking import precision_recall_figure, roc_figure, threshold_figure
from tenfold.show.figures.recalls import recalls_figure
from tenfold.show.figures.reliability import calibration_figure
from tenfold.text import shown

__all__ = ["Gathered", "figures_of"]


@dataclass(frozen=True)
class Gathered:
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


def figures_of(content: Content) -> Gathered:
    """
    Draw what a run has.

    Raises
    ------
    UsageError
        A task without one class a row.
    """
    task = content.metrics["task"]
    if task not in {"binary", "multiclass"}:
        raise UsageError(f"the figures of a {task} run are in its report only", where=content.run)
    second = errors_figure if len(content.classes) > 2 else shares_figure
    always = (counts_figure(content), second(content), recalls_figure(content))
    if content.curves(content.chosen) is None:
        why = f"{shown(content.chosen, 40)} gives answers without scores: no curves, thresholds or calibration to draw."
        return Gathered(always, (why,))
    ranked = (
        (precision_recall_figure(content), roc_figure(content), threshold_figure(content))
        if content.positive is not None
        else ()
    )
    if content.candidate["probabilities"]:
        return Gathered((*always, *ranked, calibration_figure(content)), ())
    why = f"The scores of {shown(content.chosen, 40)} are not probabilities, so there is no calibration to draw."
    return Gathered((*always, *ranked), (why,))
