"""Messages of a page with what their words weigh, by the models that judged them where that is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from tenfold.analysis.evidence.evidence import Evidence, evidence_of
from tenfold.analysis.studies.evidence import evidence_in
from tenfold.data.dataset import Dataset
from tenfold.record.analysis import EVIDENCE
from tenfold.show.content import Content
from tenfold.text import shown

__all__ = ["evidence_at"]

_LETTERS = 3_000_000


def evidence_at(content: Content, data: Dataset, places: NDArray[np.int64]) -> tuple[Mapping[int, Evidence], str]:
    """
    Return what the words of training messages weigh, and by which model, in words.

    They are weighed by the models that judged them, where that was studied; else by the saved one. The longest are left
    out where all together have more than 3,000,000 characters.

    Parameters
    ----------
    content : Content
    data : Dataset
        The training rows.
    places : ndarray of int64
    """
    model, study, name = content.word_model, content.study(EVIDENCE), shown(content.chosen, 40)
    if model is None:
        return {}, f"No word is weighed: {content.no_word_model}"
    again = content.command("report", "--evidence")
    basis = f"Words as the saved {name} weighs them, which was fitted on this message too. As it was judged: {again}"
    by_judges = {} if study is None else evidence_in(study, data.X, model.columns)
    if by_judges and set(places.tolist()) <= set(by_judges):
        return by_judges, f"Words as {name} weighed them, fitted without the message."
    some = _short_enough(data, places)
    return dict(zip(some.tolist(), evidence_of(model, data.take(some).X), strict=True)), basis


def _short_enough(data: Dataset, places: NDArray[np.int64]) -> NDArray[np.int64]:
    columns = data.take(places).X[list(data.traits.text_columns)]
    letters = np.zeros(len(places), np.int64)
    for name in columns:
        letters += columns[name].map(len).to_numpy(np.int64)
    shortest = np.argsort(letters, kind="stable")
    return places[np.sort(shortest[np.cumsum(letters[shortest]) <= _LETTERS])]
