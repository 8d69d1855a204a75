"""The terms of a text with the words that each is made of: so that what a term weighs can be laid on the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenfold.errors import UsageError
from tenfold.program.terms import terms_function

__all__ = ["LocatedTerm", "are_within_words", "located_terms"]

LocatedTerm = tuple[str, tuple[int, ...]]
"""A term, and the positions of the words that it is made of."""


_IN_WORDS = ("words", "all words", "words and marks", "between spaces")
_PIECES = "characters of words"


def are_within_words(parameters: Mapping[str, Any]) -> bool:
    """
    Return whether terms are made of whole words or of pieces of one, so that their weights can be laid on words.

    Examples
    --------
    >>> are_within_words({"units": "words"}), are_within_words({"units": "characters"})
    (True, False)
    """
    return parameters["units"] in {*_IN_WORDS, _PIECES}


def located_terms(words: Sequence[str], parameters: Mapping[str, Any]) -> Iterator[LocatedTerm]:
    """
    Yield the terms of a text, as often as they stand in it.

    Parameters
    ----------
    words : sequence of str
        The words of the text, parted by spaces in it, none inside.
    parameters : mapping of str to object
        As operations on terms have them (`tenfold.program.terms.TERMS`).

    Raises
    ------
    UsageError
        Terms are pieces of text that run across words.

    Examples
    --------
    >>> parameters = {"units": "words", "lower": True, "accents": "kept", "shortest": 1, "longest": 2}
    >>> list(located_terms(["Well,", "so-so"], parameters))
    [('well', (0,)), ('so', (1,)), ('so', (1,)), ('well so', (0, 1)), ('so so', (1, 1))]
    """
    if not are_within_words(parameters):
        raise UsageError(f"its terms ({parameters['units']}) run across words, so no word has a weight of its own")
    if parameters["units"] == _PIECES:
        pieces = terms_function(parameters)
        return ((term, (place,)) for place, word in enumerate(words) for term in pieces(word))
    units = terms_function({**parameters, "shortest": 1, "longest": 1})
    each = [(unit, place) for place, word in enumerate(words) for unit in units(word)]
    return _rows_of(each, range(parameters["shortest"], parameters["longest"] + 1))


def _rows_of(units: Sequence[tuple[str, int]], lengths: range) -> Iterator[LocatedTerm]:
    for length in lengths:
        for begin in range(len(units) - length + 1):
            row = units[begin : begin + length]
            yield " ".join(unit for unit, _ in row), tuple(place for _, place in row)
