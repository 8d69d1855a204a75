"""Texts made ready for a vectorizer, and texts as columns of numbers."""

from tenfold.models.texts.text_cells import TextCells
from tenfold.models.texts.word_columns import WordColumns

__all__ = ["TextCells", "WordColumns"]
