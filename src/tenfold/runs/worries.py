"""What a reader of a run must worry about, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.candidates.catalogue import BASELINE
from tenfold.dataset import Dataset
from tenfold.evaluation import LeaderBoard, fold_agreement
from tenfold.folds.loop import Judged
from tenfold.holdout import OpenedTest, Openings
from tenfold.preparation.table import TableColumns
from tenfold.runs.caveats import NO_BETTER
from tenfold.runs.judgement import Judgement
from tenfold.runs.prepared import Prepared
from tenfold.text import shown

__all__ = [
    "UNREADABLE",
    "baseline_warnings",
    "failure_warnings",
    "opening_warnings",
    "run_warnings",
    "unmet_warnings",
    "unused_columns_warning",
]

_UNLIKELY = 0.001

UNREADABLE = (
    "Lines of the ledger of test openings are damaged: each is taken for an opening, so the count may be too high."
)


def run_warnings(
    prepared: Prepared, judged: Judged, judgement: Judgement, failures: Mapping[str, str], opened: OpenedTest[Dataset]
) -> list[str]:
    """Gather the warnings of a run: data, candidates, folds, choice, test; the gravest first."""
    return [
        *baseline_warnings(judgement.board),
        *unmet_warnings({name: figures.unmet for name, figures in judgement.candidates.items()}),
        *failure_warnings(failures),
        *opening_warnings(opened.openings),
        *_of_the_data(prepared),
        *unused_columns_warning(prepared.setting.columns),
        *_folds_differ(prepared, judgement),
        *(f"{name}: {shown(line, 200)}" for name, lines in judged.complaints.items() for line in lines),
        *prepared.data.notes,
    ]


def _of_the_data(prepared: Prepared) -> Iterator[str]:
    """What a column that is not used looks like is no worry."""
    columns = prepared.setting.columns
    unused = set(columns.unused) if columns is not None else set()
    yield from (
        finding.sentence
        for finding in prepared.findings
        if finding.level == "warning" and (finding.column is None or finding.column not in unused)
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


def unused_columns_warning(columns: TableColumns | None) -> Iterator[str]:
    """Say which columns of a table were not used."""
    if columns is not None and columns.unused:
        names = ", ".join(f"'{shown(name, 40)}'" for name in columns.unused)
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
