"""The figures by which filters of mail are compared, as rows of text."""

from __future__ import annotations

from tenfold.decimals import figure_texts
from tenfold.figures.filtering import FILTER_KEYS, filter_estimates
from tenfold.record.entries.metrics import Metrics
from tenfold.text import shown

__all__ = ["FILTER_HEAD", "filter_rows"]

FILTER_HEAD = ("errors of a filter", "out of fold", "95 % interval", "test", "95 % interval")


def filter_rows(metrics: Metrics, kind: str) -> list[tuple[str, ...]]:
    """
    Return the figures of a detector of mail as a row each, at the decision in force: out of fold, and of the test part.

    Parameters
    ----------
    metrics : Metrics
    kind : str
        Of the data; of another than mail, and without one class to detect, there are no rows.
    """
    if kind != "mail" or metrics.positive is None:
        return []
    out_of_fold, test = filter_estimates(metrics.chosen_record.decision.out_of_fold), filter_estimates(metrics.test)
    others, positive = (shown(name, 30) for name in metrics.classes)
    words = (
        f"'{others}' called '{positive}'",
        f"'{positive}' missed",
        "1 - area under the ROC curve",
        "logistic average of the first two",
    )
    texts = figure_texts([*out_of_fold.items(), *test.items()])
    pairs = zip(words, texts[: len(FILTER_KEYS)], texts[len(FILTER_KEYS) :], strict=True)
    return [(name, one.value, one.interval, other.value, other.interval) for name, one, other in pairs]
