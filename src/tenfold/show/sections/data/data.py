"""What does each class look like? Its mean image, how it varies, and some of its images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenfold.analysis.averages import ClassAverage, averages_of
from tenfold.data.pictures.tone import Tone
from tenfold.show.commands import source_command
from tenfold.show.content import Content
from tenfold.show.drawing.pictures import Shots
from tenfold.text import shown

__all__ = ["ClassLooks", "DataView", "data_view"]

_CLASSES = 20
_EXAMPLES = 8


@dataclass(frozen=True)
class ClassLooks:
    """One class: its name, how many, and its pictures: mean, spread, examples."""

    name: str
    count: str
    mean: Shots
    spread: Shots
    examples: Shots


@dataclass(frozen=True)
class DataView:
    """All classes, or those that there is room for."""

    title: str
    caption: str
    classes: tuple[ClassLooks, ...]
    command: str


def data_view(content: Content) -> DataView | None:
    """Show the classes of images; None for other data, or where the images are not at hand."""
    predictions = content.predictions
    X = None if predictions is None else predictions.data.pictures()
    if predictions is None or X is None:
        return None
    y = predictions.y
    counts = np.bincount(y, minlength=len(content.classes))
    frequent = np.sort(np.argsort(-counts, kind="stable")[:_CLASSES]).tolist()
    left_out = f" The {_CLASSES} most frequent of {len(counts)} classes." if len(counts) > _CLASSES else ""
    return DataView(
        title="What does each class look like?",
        caption="The mean of its training images, where they vary most (the stronger, the more), and the first few of "
        f"them.{left_out}",
        classes=tuple(_class(content, X, y, one) for one in averages_of(X, y, frequent)),
        command=source_command(content.config, "show", "--sheet", "classes.png"),
    )


def _class(content: Content, X: np.ndarray, y: np.ndarray, one: ClassAverage) -> ClassLooks:
    tone = Tone.of(X)
    name = content.spoken(content.classes[one.code])
    peak = one.spread.max() or 1.0
    spread = (255 * one.spread / peak).round().astype(np.uint8)
    examples = X[np.flatnonzero(y == one.code)[:_EXAMPLES]]
    return ClassLooks(
        name=shown(name, 30),
        count=f"{one.n:,}",
        mean=Shots.of(one.mean.round().astype(np.uint8)[None], tone, [("mean", f"mean image of {name}")]),
        spread=Shots.of(spread[None], Tone(1.0, inverted=True), [("spread", f"where images of {name} vary")]),
        examples=Shots.of(examples, tone, [("", f"an image of {name}")] * len(examples)),
    )
