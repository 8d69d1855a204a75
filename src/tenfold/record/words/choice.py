"""Why the chosen candidate was chosen, in words."""

from __future__ import annotations

from collections.abc import Mapping

from tenfold.record.entries.metrics import CandidateRecord, ChoiceRecord, Metrics
from tenfold.text import shown

__all__ = ["choice_words"]

_ENOUGH_TIMES = 10


def choice_words(metrics: Metrics) -> str:
    """
    Say what decided for the chosen candidate; empty for runs of versions that did not write it down.

    Parameters
    ----------
    metrics : Metrics
    """
    return "" if metrics.choice is None else _reason_words(metrics.choice, metrics.candidates)


def _reason_words(choice: ChoiceRecord, candidates: Mapping[str, CandidateRecord]) -> str:
    """
    Say the reason of a choice.

    Examples
    --------
    >>> _reason_words(ChoiceRecord("cheaper", "svm", 41.7), {})
    'by estimate 42 times as quick as svm, from which it cannot be told apart'
    >>> _reason_words(ChoiceRecord("ahead", None, None), {})
    'ahead of the others by more than chance'
    """
    over, times = shown(choice.over or "", 40), choice.times or 0.0
    quick = f"by estimate {_times(times)} times as quick as {over}, from which it cannot be told apart"
    dear = f"{over}, from which it cannot be told apart, takes over ten times as long as the quickest of those"
    other = candidates.get(choice.over or "")
    sure = other is not None and other.operating_point is not None and other.probabilities
    truer = "whose probabilities are less true"
    words = {
        "alone": "there was no other candidate",
        "ahead": "ahead of the others by more than chance",
        "highest": "the best figure of those that cannot be told apart",
        "rule": "the best of those that meet the decision asked for",
        "beats": f"it beats the baseline by more than chance, which {over} does not",
        "savable": f"{over}, from which it cannot be told apart, cannot be saved as a model",
        "cheaper": quick if times >= _ENOUGH_TIMES else dear,
        "calibrated": f"as good as {over}, {truer if sure else 'and gives probabilities, which that does not'}",
        "quicker": f"as good as {over}, and quicker by estimate",
    }
    return words[choice.reason]


def _times(times: float) -> str:
    """Two figures: an estimate is not known better."""
    return f"{float(f'{times:.2g}'):,.0f}"
