"""Where one label after the other is wrong: the place that the script fills, and what is said without it."""

from __future__ import annotations

from dataclasses import dataclass

from tenfold.show.content import Content

__all__ = ["LabelErrors", "label_errors_view"]


@dataclass(frozen=True)
class LabelErrors:
    """
    What is said without the script.

    Parameters
    ----------
    command : str
        That shows the errors on the hardest label.
    """

    command: str


def label_errors_view(content: Content) -> LabelErrors:
    """Name the command that shows the errors on the label with the lowest F1."""
    figures = {name: content.figures[f"f1:{name}"]["value"] for name in content.classes}
    hardest = min(figures, key=lambda name: 2.0 if figures[name] is None else figures[name])
    return LabelErrors(content.command("errors", "--label", hardest))
