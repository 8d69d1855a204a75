"""Texts with stems in place of words."""

from __future__ import annotations

from collections import Counter
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from tenfold.models.texts.stems import stem_texts, word_forms

__all__ = ["WordStems"]

NO_LANGUAGE = "none"


class WordStems(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Put stems in place of the words of the training texts, so that ``offers`` and ``offered`` are one word.

    A form that is not among those words stays as it is, here and in the saved model, which has the same table.

    Parameters
    ----------
    language : str
        Of Snowball's stemmers, such as ``english``; ``none`` leaves texts alone.
    rows : int
        A form is known that stands in as many texts.

    Attributes
    ----------
    stems_ : dict of str to str
        Stem of each known form that is no stem itself.

    Examples
    --------
    >>> stems = WordStems("english").fit(["offers offered", "Offers", "offered money"])
    >>> stems.transform(["Offered: offering"]).tolist(), stems.stems_
    (['offer: offering'], {'offered': 'offer', 'offers': 'offer'})
    """

    def __init__(self, language: str = NO_LANGUAGE, rows: int = 2) -> None:
        self.language, self.rows = language, rows

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the forms of texts, shape (n,), and their stems."""
        self.stems_: dict[str, str] = {}
        if self.language == NO_LANGUAGE:
            return self
        # only here: few runs ask for stems, and no prediction does
        import snowballstemmer

        counts = Counter(form for text in X for form in word_forms(text))
        forms = sorted(form for form, rows in counts.items() if rows >= self.rows)
        stems = snowballstemmer.stemmer(self.language).stemWords(forms)
        self.stems_ = {form: stem for form, stem in zip(forms, stems, strict=True) if stem and stem != form}
        return self

    def transform(self, X: Any) -> NDArray[Any]:
        """Return the texts of X, shape (n,), with stems; ndarray of object, shape (n,)."""
        return stem_texts(X, self.stems_) if self.stems_ else np.asarray(X, object)
