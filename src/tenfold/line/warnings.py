"""What a reader of a run must worry about, as sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from tenfold.candidates.catalogue import BASELINE
from tenfold.data.checks import Finding
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import OpenedTest, Openings
from tenfold.figures import LeaderBoard, fold_agreement
from tenfold.folds.loop import Judged
from tenfold.line.judgement import Judgement
from tenfold.line.prepared import Prepared
from tenfold.record.words.caveats import NO_BETTER
from tenfold.text import shown

__all__ = [
    "UNREADABLE",
    "baseline_warnings",
    "failure_warnings",
    "finding_warnings",
    "opening_warnings",
    "run_warnings",
    "unmet_warnings",
    "unused_columns_warning",
]

_UNLIKELY = 0.001
_NEARLY_ALL, _NEXT_TO_NOTHING = 0.95, 0.05
_WHY_UNUSED = {"constant-column", "empty-column", "id-column"}

UNREADABLE = (
    "Lines of the ledger of test openings are damaged: each is taken for an opening, so the count may be too high."
)


def run_warnings(
    prepared: Prepared,
    judged: Judged,
    judgement: Judgement,
    failures: Mapping[str, str],
    opened: OpenedTest[Dataset],
    importance: Mapping[str, Any] | None = None,
) -> list[str]:
    """Gather the warnings of a run: data, candidates, folds, choice, test; the gravest first."""
    unused = prepared.setting.unused
    return [
        *baseline_warnings(judgement.board),
        *unmet_warnings({name: figures.unmet for name, figures in judgement.candidates.items()}),
        *failure_warnings(failures),
        *opening_warnings(opened.openings),
        *_one_column(prepared, judgement, importance),
        *finding_warnings(prepared.findings, unused),
        *unused_columns_warning(unused),
        *_folds_differ(prepared, judgement),
        *(f"{name}: {shown(line, 200)}" for name, lines in judged.complaints.items() for line in lines),
        *prepared.data.notes,
    ]


def finding_warnings(findings: Iterable[Finding], unused: Collection[str]) -> Iterator[str]:
    """
    Give the findings that are warnings; why a column is not used is told once, with the columns that are not.

    That such a column holds dates or amounts is a worry all the same.

    Parameters
    ----------
    findings : iterable of Finding
    unused : collection of str
        Columns that no candidate is given.
    """
    for finding in findings:
        if finding.level == "warning" and not (finding.code in _WHY_UNUSED and finding.column in unused):
            yield finding.sentence


def _one_column(prepared: Prepared, judgement: Judgement, importance: Mapping[str, Any] | None) -> Iterator[str]:
    """Nearly everything is right, and next to nothing is lost when any column but one is shuffled."""
    drops = {part["part"]: part["drop"] for part in (importance or {"parts": ()})["parts"] if part["drop"] is not None}
    if prepared.data.kind != "table" or len(drops) < 2:
        return
    accuracy = judgement.candidates[judgement.chosen].decided.metrics["accuracy"].value
    most_frequent = float(np.bincount(prepared.codes).max() / len(prepared.codes))
    if accuracy is None or accuracy < max(_NEARLY_ALL, 1 - (1 - most_frequent) / 10):
        return
    (column, most), (_, second) = sorted(drops.items(), key=lambda one: -one[1])[:2]
    known = any(finding.code == "leak" and finding.column == column for finding in prepared.findings)
    if second <= _NEXT_TO_NOTHING * most and not known:
        yield (
            f"Nearly all rests on column '{shown(column, 40)}': shuffled, it costs {most:.2f} of the "
            f"{judgement.board.metric}, any other column at most {max(second, 0):.2f}. "
            "Do: ask whether it is known before the label is; if not, drop it."
        )


def unmet_warnings(unmet: Mapping[str, str | None]) -> Iterator[str]:
    """Say which candidates cannot meet the decision asked for, and why; the baseline is not expected to."""
    for name, reason in unmet.items():
        if reason is not None and name != BASELINE:
            yield f"{name} cannot meet the decision asked for: {reason}"


def baseline_warnings(board: LeaderBoard) -> Iterator[str]:
    """Warn of a run in which no interval of a paired difference to the baseline lies above nothing."""
    compared = [one.beats_baseline for one in board.standings if one.beats_baseline is not None]
    if compared and not any(compared):
        yield f"{NO_BETTER} the baseline, which always gives one answer (by {board.metric})."


def failure_warnings(failures: Mapping[str, str]) -> Iterator[str]:
    """Say which candidates failed, and why; of the model that is not saved the verdict speaks."""
    yield from (f"{name} failed: {reason}" for name, reason in failures.items() if name != "model")


def opening_warnings(openings: Openings) -> Iterator[str]:
    """Warn of a test part that has been looked at before, and of a ledger that does not tell by whom."""
    if openings.unreadable:
        yield UNREADABLE
    if openings.count > 1:
        yield (
            f"The test part has now been opened {openings.count} times: the more often it is looked at, "
            "the less its figures can be trusted."
        )


def unused_columns_warning(unused: Collection[str]) -> Iterator[str]:
    """Say which columns of a table were not used."""
    if unused:
        names = ", ".join(f"'{shown(name, 40)}'" for name in unused)
        yield f"Not used, because each row has its own value or none: {names}."


def _folds_differ(prepared: Prepared, judgement: Judgement) -> Iterator[str]:
    correct = judgement.candidates[judgement.chosen].result.predicted == prepared.codes
    correct = correct if correct.ndim == 1 else correct.all(axis=1)
    chance = fold_agreement(correct, prepared.folds)
    if chance is not None and chance < _UNLIKELY and not prepared.plan.config.shuffle:
        yield (
            f"The folds differ more than chance allows (p = {chance:.1g}): the order of the rows matters. "
            "Compare with --shuffle."
        )
