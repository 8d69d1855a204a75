"""The task of restoring images: one number a pixel value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["RestorationTask"]


@dataclass(frozen=True)
class RestorationTask:
    """
    Images restored pixel by pixel.

    Parameters
    ----------
    classes : tuple of str
        Names of the outputs: row, column and, in colour, channel of each pixel value.
    """

    classes: tuple[str, ...]

    type = "multioutput"
    positive = None
    one_vs_rest = None
    several = False
    headline = "mae"

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return {"type": self.type, "classes": list(self.classes), "positive": None, "one_vs_rest": None}
