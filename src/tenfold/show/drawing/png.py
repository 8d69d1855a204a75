"""An SVG as PNG, at twice its size for dense screens and print."""

from __future__ import annotations

import tempfile
from pathlib import Path

import resvg_py
from PIL import ImageFont

__all__ = ["png"]

_ZOOM = 2.0


def png(svg: str) -> bytes:
    r"""
    Draw a stand-alone SVG as PNG; the type is the system's, or Pillow's own where a machine has none.

    Examples
    --------
    >>> png('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>')[:4]
    b'\x89PNG'
    """
    with tempfile.TemporaryDirectory() as folder:
        fonts, own = [], ImageFont.load_default(16)
        if isinstance(own, ImageFont.FreeTypeFont):
            last_resort = Path(folder) / "last_resort.ttf"
            last_resort.write_bytes(own.font_bytes)
            fonts.append(str(last_resort))
        return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=_ZOOM, font_files=fonts))
