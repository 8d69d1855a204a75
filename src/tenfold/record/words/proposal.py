"""Another decision, proposed where the usual one finds few of a class that the scores rank well."""

from __future__ import annotations

from tenfold.decimals import figure_text, figure_texts
from tenfold.decision.decision import Decision
from tenfold.figures import Evaluation
from tenfold.record.entries.from_figures import proposal_record
from tenfold.record.entries.metrics import Metrics, ProposalRecord
from tenfold.record.words.verdict import class_words
from tenfold.task import Task
from tenfold.text import shown

__all__ = ["PROPOSED_COST", "PROPOSED_RULE", "asks_for_another_decision", "proposal", "proposal_sentence"]

PROPOSED_RULE = "f1"
PROPOSED_COST = "cost fp=1 fn=10"
_POOR_RECALL, _GOOD_RANKING = 0.5, 0.8
_SHOWN = ("precision", "recall", "f1")


def asks_for_another_decision(task: Task, decision: Decision, evaluation: Evaluation) -> bool:
    """
    Return whether a detector finds less than half of its class at its own decision, though it ranks well.

    Parameters
    ----------
    task : Task
    decision : Decision
        In force.
    evaluation : Evaluation
        Out of fold, at that decision.
    """
    if task.positive is None or decision.kind != "argmax":
        return False
    recall, ranking = (evaluation.metrics[key].value for key in ("recall", "roc_auc"))
    return recall is not None and ranking is not None and recall < _POOR_RECALL and ranking >= _GOOD_RANKING


def proposal(decision: Decision, evaluation: Evaluation) -> ProposalRecord:
    """
    Return a proposed decision with the figures that its sentence gives.

    Parameters
    ----------
    decision : Decision
        By `PROPOSED_RULE`.
    evaluation : Evaluation
        Out of fold, at that decision.
    """
    return proposal_record(decision, evaluation, _SHOWN)


def proposal_sentence(metrics: Metrics) -> str:
    """
    Say what the proposed decision would do; empty where none is proposed, or another decision is in force by now.

    Parameters
    ----------
    metrics : Metrics
    """
    proposal = metrics.proposal
    if proposal is None or metrics.positive is None or metrics.chosen_record.decision.kind != "argmax":
        return ""
    figures = metrics.chosen_record.decision.out_of_fold
    now, recall, precision = figure_texts(
        [("recall", figures["recall"]), *((key, proposal.out_of_fold[key]) for key in ("recall", "precision"))]
    )
    ranking = figure_text("roc_auc", figures["roc_auc"])
    name, positive = shown(metrics.chosen, 40), class_words(metrics.target, metrics.positive)
    return (
        f"{name} ranks “{positive}” well (area under the ROC curve {ranking.value}) but finds "
        f"{now.value} of it by its own decision: at the best F1 it finds {recall.value} "
        f"({recall.interval}) and is right in {precision.value} "
        f"({precision.interval}) of what it calls so, on the same out-of-fold scores."
    )
