"""A rule applied to several labels: a threshold of its own for each."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenfold.decision.decision import Decision
from tenfold.decision.rule import Rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["choose_label_decision"]


def choose_label_decision(
    rule: Rule, y: NDArray[np.int64], scores: ArrayLike | None, *, probabilities: bool, labels: Sequence[str]
) -> Decision:
    """
    Choose a threshold for each label by the same rule, each on its own scores.

    A guarantee (``precision>=0.9 @ 95%``) holds for each label on its own, not for all of them at once.

    Parameters
    ----------
    rule : Rule
    y : ndarray of int64, shape (n, k)
        0 or 1 a label.
    scores : array_like of float64, shape (n, k), or None
        Not looked at for ``argmax``.
    probabilities : bool
        Whether the scores are probabilities.
    labels : sequence of str

    Raises
    ------
    UsageError
        A label cannot meet the rule; the message names it.

    Examples
    --------
    >>> from tenfold.decision.rule import parse_rule
    >>> y = np.array([[0, 1], [1, 0], [1, 1]])
    >>> scores = np.array([[0.2, 0.9], [0.7, 0.1], [0.6, 0.4]])
    >>> choose_label_decision(parse_rule("recall>=0.9"), y, scores, probabilities=True, labels=("a", "b")).thresholds
    (0.6, 0.4)
    """
    if rule.kind == "argmax":
        return Decision(rule.text, "argmax")
    if rule.prior is not None:
        raise UsageError("a prior is the share of one class, there are several labels", where=f"--decide '{rule.text}'",
                         do="leave prior= out")  # fmt: skip
    table = None if scores is None else np.asarray(scores, np.float64)
    thresholds = []
    for column, label in enumerate(labels):
        own = None if table is None else table[:, column]
        names = (f"not {label}", label)
        try:
            one = choose_decision(rule, y[:, column], own, probabilities=probabilities, classes=names)
        except UsageError as fault:
            raise UsageError(f"for label '{shown(label, 40)}', {fault}") from fault
        thresholds.append(float(one.threshold or 0.0))
    return Decision(rule.text, "thresholds", confidence=rule.confidence, thresholds=tuple(thresholds))
