"""Texts made ready for a vectorizer, and texts as columns of numbers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.models.texts.text_cells import TextCells
    from tenfold.models.texts.word_columns import WordColumns
    from tenfold.models.texts.word_marks import WordMarks
    from tenfold.models.texts.word_pieces import WordPieces

__all__ = ["TextCells", "WordColumns", "WordMarks", "WordPieces"]

_PLACES = {
    "TextCells": "text_cells",
    "WordColumns": "word_columns",
    "WordMarks": "word_marks",
    "WordPieces": "word_pieces",
}


def __getattr__(name: str) -> Any:
    """Import an estimator, and with it scikit-learn, at its first use."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
