"""What shuffled folds would say, in a sentence beside the verdict."""

from __future__ import annotations

from tenfold.decimals import change_unit, column_texts, is_rate
from tenfold.record.entries.metrics import Metrics, task_in
from tenfold.record.words.verdict import metric_words_of

__all__ = ["shuffled_sentence"]


def shuffled_sentence(metrics: Metrics) -> str:
    """
    Say what folds drawn at random would say more, or less; empty of a run that has no such figure.

    Such as: "Shuffled folds would say 2.1 points more (accuracy; 95 % interval +1.2 to +3.0)."

    Parameters
    ----------
    metrics : Metrics
    """
    shuffled = metrics.shuffled
    if shuffled is None:
        return ""
    change, unit = shuffled.difference, change_unit(shuffled.metric)
    (text,) = column_texts(unit, [(change.value, change.low, change.high)])
    amount, points = text.value.lstrip("+−-"), " points" if is_rate(shuffled.metric) else ""
    words = metric_words_of(task_in(metrics), shuffled.metric)
    more = "more" if change.value > 0 else "less"
    chance = "; chance alone would explain it" if change.contains_zero else ""
    return f"Shuffled folds would say {amount}{points} {more} ({words}; 95 % interval {text.interval}{chance})."
