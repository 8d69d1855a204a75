"""Words of a text in place of which their stems stand, by a table: whoever predicts needs no stemmer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["stem_texts", "stem_words", "word_forms"]

_FORM = re.compile(r"[^\W\d_]{3,40}")


def word_forms(text: str) -> set[str]:
    """
    Return the words of a text that can have a stem, in small letters.

    Examples
    --------
    >>> sorted(word_forms("Walking, walked 12 of"))
    ['walked', 'walking']
    """
    return set(map(str.lower, _FORM.findall(text)))


def stem_words(text: str, stems: Mapping[str, str]) -> str:
    """
    Return a text with the stems of the words that a table has; any other word stays.

    Examples
    --------
    >>> stem_words("Walking on, walked", {"walking": "walk", "walked": "walk"})
    'walk on, walk'
    """
    return _FORM.sub(_stem_of(stems), text)


def stem_texts(texts: Iterable[str], stems: Mapping[str, str]) -> NDArray[Any]:
    """Return each of the texts as `stem_words` does, an ndarray of object."""
    stem_of = _stem_of(stems)
    return np.fromiter((_FORM.sub(stem_of, text) for text in texts), object)


def _stem_of(stems: Mapping[str, str]) -> Callable[[re.Match[str]], str]:
    find = stems.get
    return lambda match: find(match[0].lower(), match[0])
