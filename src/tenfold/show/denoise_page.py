"""The page of a denoising run: its own sections in the frame that all reports share."""

from __future__ import annotations

from pathlib import Path

from tenfold.show.denoise_content import read_denoise_content
from tenfold.show.page import Section, page
from tenfold.show.sections.images.board import board_view
from tenfold.show.sections.images.classes import classes_view
from tenfold.show.sections.images.figures import figures_view
from tenfold.show.sections.images.gallery import gallery_view
from tenfold.show.sections.images.made import made_view
from tenfold.show.sections.images.map import map_view
from tenfold.show.sections.images.spread import spread_view
from tenfold.show.sections.images.verdict import verdict_view
from tenfold.show.sections.images.worries import advice_view, worries_view

__all__ = ["DENOISE_SECTIONS", "denoise_page"]

DENOISE_SECTIONS = (
    Section("verdict", "Overview", verdict_view, "verdict.html"),
    Section("cards", "", lambda content: (worries_view(content), advice_view(content)), "cards.html"),
    Section("board", "Candidates", board_view, "denoise_board.html"),
    Section("spread", "", spread_view, "denoise_spread.html"),
    Section("gallery", "Images", gallery_view, "denoise_gallery.html"),
    Section("map", "Where it errs", map_view, "denoise_map.html"),
    Section("classes", "Classes", classes_view, "denoise_classes.html"),
    Section("figures", "All figures", figures_view, "denoise_figures.html"),
    Section("made", "How made", made_view, "denoise_made.html"),
)
"""The page from top to bottom."""


def denoise_page(folder: Path) -> str:
    """
    Draw the report of a denoising run from the files of its folder.

    Parameters
    ----------
    folder : Path
        A run folder: metrics.json, manifest.json and pictures.npz.

    Returns
    -------
    str
        HTML that names no other file.

    Raises
    ------
    DataError
        The pictures are missing or damaged.
    """
    return page(read_denoise_content(folder), DENOISE_SECTIONS)
