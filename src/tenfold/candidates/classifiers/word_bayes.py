"""Naive Bayes of the words that are there: multinomial, or from what the other classes hold."""

from __future__ import annotations

from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import MinMaxScaler

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import counts_pipeline
from tenfold.candidates.setting import Setting

_SMOOTHING = 0.1


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return the model on presence of words; ``complement`` is that of Rennie et al. (2003), for unequal classes."""
    if setting.in_blocks:
        from tenfold.models import BlockComplementNB, BlockMultinomialNB

        in_blocks = (BlockComplementNB if "complement" in modifiers else BlockMultinomialNB)(alpha=_SMOOTHING)
        return counts_pipeline(setting, in_blocks, None)
    model = (ComplementNB if "complement" in modifiers else MultinomialNB)(alpha=_SMOOTHING)
    return counts_pipeline(setting, model, MinMaxScaler(clip=True))


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return the time of the preparation: a millisecond a message, unless its terms are counted before."""
    return (5e-5 if setting.in_blocks else 1e-3) * (rows + queries)


ENTRY = Entry(
    name="word-bayes",
    summary="naive Bayes of words, multinomial",
    good_for="texts and mail; at once, and each word says what it weighs",
    cost="seconds",
    build=build,
    seconds=seconds,
    modifiers={"complement": "from the words of all other classes, for classes of unequal size"},
    search_space={"model__alpha": (0.01, 0.1, 1.0)},
    in_blocks=True,
)
