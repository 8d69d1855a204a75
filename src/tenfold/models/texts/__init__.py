"""Texts made ready for a vectorizer, and texts as columns of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.models.first_use import import_at_first_use

if TYPE_CHECKING:
    from tenfold.models.texts.message_terms import MessageTerms
    from tenfold.models.texts.text_cells import MessageCells, TextCells
    from tenfold.models.texts.word_columns import WordColumns
    from tenfold.models.texts.word_marks import WordMarks
    from tenfold.models.texts.word_pieces import WordPieces
    from tenfold.models.texts.word_stems import WordStems

__all__ = ["MessageCells", "MessageTerms", "TextCells", "WordColumns", "WordMarks", "WordPieces", "WordStems"]

__getattr__ = import_at_first_use(
    __name__,
    {
        "MessageCells": "text_cells",
        "MessageTerms": "message_terms",
        "TextCells": "text_cells",
        "WordColumns": "word_columns",
        "WordMarks": "word_marks",
        "WordPieces": "word_pieces",
        "WordStems": "word_stems",
    },
)
