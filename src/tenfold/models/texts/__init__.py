"""Texts made ready for a vectorizer."""

from tenfold.models.texts.text_cells import TextCells

__all__ = ["TextCells"]
