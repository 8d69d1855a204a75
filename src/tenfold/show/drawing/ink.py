"""Pieces of a stand-alone SVG: text, lines, shapes. Every text is escaped here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import ArrayLike

from tenfold.data.pictures.ink import ERROR, GROUND, INK, LINE, SOFT
from tenfold.text import shown

__all__ = [
    "ACCENT",
    "ERROR",
    "FONT",
    "INK",
    "LINE",
    "SERIES",
    "SOFT",
    "box",
    "circle",
    "curve",
    "line",
    "plain",
    "text",
]

ACCENT = "#1f5fd6"
SERIES = ((ACCENT, ""), (ERROR, "7 3"), ("#00735a", "2 3"), ("#9c3d75", "9 3 2 3"), (SOFT, "4 4"))
"""Colour and dashes of the first line, which is the chosen candidate's, and of the others."""
FONT = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', "
    "Aileron, sans-serif"
)


def plain(words: str, limit: int = 400) -> str:
    """
    Return words as the content of an element: invisible and forbidden characters escaped, no markup.

    Examples
    --------
    >>> plain("<b> & {{")
    '&lt;b&gt; &amp; {{'
    """
    return escape(shown(words, limit).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff"))


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = 13,
    fill: str = INK,
    anchor: str = "start",
    weight: int = 400,
    halo: bool = False,
) -> str:
    """Return words at a place; `anchor` is start, middle or end; a halo keeps them readable over a line."""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    around = f' stroke="{GROUND}" stroke-width="4" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    place = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}"{place}{bold}{around}>{plain(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *, stroke: str = LINE, width: float = 1, dash: str = "") -> str:
    """Return a straight line."""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{stroke}" stroke-width="{width}"{dashes}/>'


def box(x: float, y: float, width: float, height: float, *, fill: str, opacity: float = 1.0, radius: float = 0) -> str:
    """Return a filled rectangle."""
    seen = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
    round_ends = f' rx="{radius:g}"' if radius else ""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f"<rect {place} fill={quoteattr(fill)}{seen}{round_ends}/>"


def circle(x: float, y: float, radius: float, *, fill: str = ACCENT) -> str:
    """Return a filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}"/>'


def curve(x: ArrayLike, y: ArrayLike, *, stroke: str = ACCENT, width: float = 2, dash: str = "") -> str:
    """Return a line through points in pixels, those that are no numbers left out."""
    points = np.stack([np.asarray(x, np.float64), np.asarray(y, np.float64)], axis=1)
    finite: Sequence[Sequence[float]] = points[np.isfinite(points).all(axis=1)].round(1).tolist()
    if not finite:
        return ""
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    route = "M" + "L".join(f"{a:g} {b:g}" for a, b in finite)
    return f'<path d="{route}" fill="none" stroke="{stroke}" stroke-width="{width}" stroke-linejoin="round"{dashes}/>'
