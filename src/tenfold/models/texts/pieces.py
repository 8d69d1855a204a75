"""Pieces of texts and of words, each so many characters long."""

from __future__ import annotations

__all__ = ["pieces_of_text", "pieces_of_word"]


def pieces_of_text(text: str, lengths: range) -> list[str]:
    """
    Return all pieces of a text, those of the first length first.

    Examples
    --------
    >>> pieces_of_text("spa", range(2, 4))
    ['sp', 'pa', 'spa']
    """
    return [text[begin : begin + length] for length in lengths for begin in range(len(text) - length + 1)]


def pieces_of_word(word: str, lengths: range) -> list[str]:
    """
    Return all pieces of a word, which is a piece by itself, once, where it is no longer than one.

    Examples
    --------
    >>> pieces_of_word(" a ", range(2, 6)), pieces_of_word(" spa ", range(4, 5))
    ([' a', 'a ', ' a '], [' spa', 'spa '])
    """
    pieces: list[str] = []
    for length in lengths:
        if len(word) <= length:
            pieces.append(word)
            break
        pieces += pieces_of_text(word, range(length, length + 1))
    return pieces
