"""What a reader of a run must worry about, as sentences."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from tenfold.candidates.entry import BASELINE
from tenfold.data.checks import Finding
from tenfold.data.holdout import Openings
from tenfold.data.holdout.ledger import UNREADABLE
from tenfold.figures import LeaderBoard
from tenfold.record.words.caveats import NO_BETTER
from tenfold.text import shown

__all__ = [
    "baseline_warnings",
    "failure_warnings",
    "finding_warnings",
    "opening_warnings",
    "unmet_warnings",
    "unused_columns_warning",
]

_WHY_UNUSED = {"constant-column", "empty-column", "id-column"}


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
