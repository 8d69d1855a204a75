"""Words of a text that stand for what they are: a link, an address, a number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["mark_texts", "mark_words"]

_NUMBER = re.compile(r"\d[\d.,]*")
_LONGEST = 40
"""Characters of a word that is kept in mind, as most words come again."""

_LINKS = ("://", "www.", "mailto:")


def mark_words(text: str) -> str:
    """
    Return a text with links as URL, addresses as EMAIL and numbers as NUMBER; quotation marks at its lines are dropped.

    Examples
    --------
    >>> mark_words("> see http://a.b/c?d=1 or ask me@x.org for 1,200$")
    'see URL or ask EMAIL for NUMBER$'
    """
    return " ".join(
        _known(word) if len(word) <= _LONGEST else _marked(word) for word in text.split() if word.strip(">|")
    )


def mark_texts(texts: Iterable[str]) -> NDArray[Any]:
    """Return each of the texts as `mark_words` does, an ndarray of object."""
    return np.fromiter(map(mark_words, texts), object)


@lru_cache(1 << 15)
def _known(word: str) -> str:
    return _marked(word)


def _marked(word: str) -> str:
    if any(mark in word for mark in _LINKS):
        return "URL"
    before, at, after = word.partition("@")
    if at and before and "." in after:
        return "EMAIL"
    return _NUMBER.sub("NUMBER", word)
