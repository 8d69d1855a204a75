"""The errors of a run whose rows have several labels: an overview, label by label."""

from __future__ import annotations

import numpy as np

from tenfold.ask.errors.errors import Errors, errors_of
from tenfold.ask.errors.sentences import judged_words, share_columns, share_text
from tenfold.record.run import Run
from tenfold.text import shown

__all__ = ["errors_by_label", "hardest_label", "label_rows", "label_sentence"]


def errors_by_label(run: Run, candidate: str | None = None, *, test: bool = False) -> tuple[Errors, ...]:
    """
    Read a candidate's answers for each label, in the order of the labels.

    Raises
    ------
    UsageError
        No such candidate.
    """
    return tuple(errors_of(run, candidate, label=name, test=test) for name in run.record.metrics.classes)


def label_sentence(found: tuple[Errors, ...]) -> str:
    """Say on how many rows a label is wrong."""
    wrong = np.any([one.y != one.predicted for one in found], axis=0)
    share = share_text(int(wrong.sum()), len(wrong))
    return (
        f"{shown(found[0].candidate, 40)} has a label wrong on {wrong.sum():,} of {len(wrong):,} rows, "
        f"{share.value} ({share.interval}), {judged_words(found[0].part)}."
    )


def label_rows(found: tuple[Errors, ...]) -> list[tuple[str, ...]]:
    """Give recall (found) and precision (right) of each label with intervals, as rows of text, the head first."""
    cells = np.array([one.matrix for one in found])
    hits, missed, alarms = cells[:, 1, 1], cells[:, 1, 0], cells[:, 0, 1]
    columns = zip(
        (shown(one.task.classes[1], 24) for one in found),
        *([f"{count:,}" for count in counts] for counts in (missed + hits, missed)),
        *share_columns(hits.tolist(), (missed + hits).tolist(), "never true"),
        (f"{count:,}" for count in alarms),
        *share_columns(hits.tolist(), (alarms + hits).tolist(), "never called"),
        strict=True,
    )
    return [("label", "true in", "missed", "found", "95 % interval", "false", "right", "95 % interval"), *columns]


def hardest_label(found: tuple[Errors, ...]) -> str:
    """Give the label with most errors."""
    return max(found, key=lambda one: one.wrong).task.classes[1]
