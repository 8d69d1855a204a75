"""What another share of positives does to the threshold, in a sentence beside the verdict."""

from __future__ import annotations

from tenfold.decimals import figure_texts, percent
from tenfold.decision.rule import parse_rule
from tenfold.record.entries.metrics import Metrics
from tenfold.record.words.verdict import class_words

__all__ = ["precision_at", "prior_sentence"]


def precision_at(prior: float, recall: float, specificity: float) -> float | None:
    """
    Return the precision where another share is positive, by Bayes' theorem; None where nothing is called positive.

    Examples
    --------
    >>> round(precision_at(0.2, 0.9, 0.9), 3)
    0.692
    """
    hits, false_alarms = prior * recall, (1 - prior) * (1 - specificity)
    return hits / (hits + false_alarms) if hits + false_alarms > 0 else None


def prior_sentence(metrics: Metrics) -> str:
    """
    Say what the prior of the rule in force does to the threshold, and what precision is then; empty without a prior.

    Such as: "With 20.0 % of 'spam', where the rows judged have 15.4 %, the threshold is 0.31, and would be 0.42
    without: it finds 97.0 %, and there is right in 98.1 % of what it calls so."

    Parameters
    ----------
    metrics : Metrics
    """
    decision = metrics.chosen_record.decision if metrics.restoration is None else None
    if decision is None or metrics.positive is None or "prior=" not in decision.rule or decision.threshold is None:
        return ""
    prior = parse_rule(decision.rule).prior or 0.0
    counts, figures = decision.confusion_matrix, decision.out_of_fold
    recall, specificity = figures["recall"].value, figures["specificity"].value
    without = "" if decision.unadjusted is None else f", and would be {decision.unadjusted:.4g} without"
    sentence = (
        f"With {percent(prior)} of '{class_words(metrics.target, metrics.positive)}', where the rows judged have "
        f"{percent(float(counts[1].sum() / counts.sum()))}, the threshold is {decision.threshold:.4g}{without}"
    )
    if recall is None or specificity is None or (precision := precision_at(prior, recall, specificity)) is None:
        return f"{sentence}."
    hits, precision_text = (
        text.value for text in figure_texts([("recall", {"value": recall}), ("precision", {"value": precision})])
    )
    return f"{sentence}: it finds {hits}, and there is right in {precision_text} of what it calls so."
