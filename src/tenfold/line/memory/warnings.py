"""What a reader of a run in memory must worry about, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.checks import Finding
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import OpenedTest, class_strata
from tenfold.data.roles.choice import role_warnings
from tenfold.decimals import FigureText, figure_texts
from tenfold.figures import fold_agreement, order_agreement
from tenfold.line.memory.judgement import Judgement
from tenfold.line.memory.prepared import Prepared
from tenfold.line.warnings import (
    baseline_warnings,
    failure_warnings,
    finding_warnings,
    opening_warnings,
    unmet_warnings,
    unused_columns_warning,
)
from tenfold.text import shown

__all__ = ["run_warnings"]

_UNLIKELY = 0.001
_MARK = "missing-mark"
_NEARLY_ALL, _NEXT_TO_NOTHING, _EXPLAINED = 0.95, 0.05, 0.98


def run_warnings(
    prepared: Prepared,
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
        *finding_warnings(_without_known_marks(prepared), unused),
        *role_warnings(prepared.roles),
        *(unused_columns_warning(unused) if not prepared.roles else ()),
        *_folds_differ(prepared, judgement),
        *(f"{name}: {shown(line, 200)}" for name, lines in judgement.complaints.items() for line in lines),
        *prepared.data.notes,
    ]


def _without_known_marks(prepared: Prepared) -> tuple[Finding, ...]:
    """What was found, but marks for no value in columns of which such values are told."""
    told = {one.name for one in prepared.roles if one.missing}
    return tuple(one for one in prepared.findings if one.code != _MARK or one.column not in told)


def _one_column(prepared: Prepared, judgement: Judgement, importance: Mapping[str, Any] | None) -> Iterator[str]:
    """Nearly everything is right, and next to nothing is lost when any column but one is shuffled."""
    drops = {part["part"]: part["drop"] for part in (importance or {"parts": ()})["parts"] if part["drop"] is not None}
    if prepared.data.kind != "table" or len(drops) < 2:
        return
    if not _is_nearly_right(prepared, judgement):
        return
    (column, most), (_, second) = sorted(drops.items(), key=lambda one: -one[1])[:2]
    known = any(finding.code == "leak" and finding.column == column for finding in prepared.findings)
    if second <= _NEXT_TO_NOTHING * most and not known:
        cost, other = (
            figure_texts([(judgement.board.metric, {"value": one}) for one in (most, max(second, 0))])
            if prepared.task.numeric
            else (FigureText(f"{most:.2f}"), FigureText(f"{max(second, 0):.2f}"))
        )
        yield (
            f"Nearly all rests on column '{shown(column, 40)}': shuffled, it costs {cost.value} of the "
            f"{judgement.board.metric}, any other column at most {other.value}. "
            "Do: ask whether it is known before the label is; if not, drop it."
        )


def _is_nearly_right(prepared: Prepared, judgement: Judgement) -> bool:
    """Nearly all classes are predicted rightly, or nearly all of the variance of a quantity is explained."""
    figures = judgement.candidates[judgement.chosen].decided.metrics
    if prepared.task.numeric:
        return (figures["r2"].value or 0.0) >= _EXPLAINED
    accuracy = figures["accuracy"].value
    most_frequent = float(np.bincount(prepared.held_out_codes).max() / len(prepared.held_out))
    return accuracy is not None and accuracy >= max(_NEARLY_ALL, 1 - (1 - most_frequent) / 10)


def _are_right(prepared: Prepared, judgement: Judgement) -> NDArray[np.bool_]:
    """Rows predicted rightly; of quantities those that are no further off than half of them."""
    codes, predicted = prepared.held_out_codes, judgement.candidates[judgement.chosen].result.predicted
    if prepared.task.numeric:
        sizes = np.abs(predicted - codes).reshape(len(codes), -1)
        return np.asarray((sizes <= np.median(sizes, axis=0))[:, 0])
    correct = predicted == codes
    return np.asarray(correct if correct.ndim == 1 else correct.all(axis=1))


def _folds_differ(prepared: Prepared, judgement: Judgement) -> Iterator[str]:
    """Say where right and wrong depend on where a row stands: folds in order of the rows, or blocks of them, differ."""
    if prepared.data.order is not None:
        return
    codes, correct = prepared.held_out_codes, _are_right(prepared, judgement)
    if prepared.plan.config.shuffle:
        strata = class_strata(prepared.task, codes)
        chance = order_agreement(correct, np.zeros(len(correct), np.int64) if strata is None else strata)
        if chance is not None and chance < _UNLIKELY:
            yield (
                f"Rows that stand near one another are alike more than chance allows (p = {chance:.1g}): the order of "
                "the rows matters, and folds drawn at random may flatter. Do: if a column tells the time, judge by it "
                "(--order COLUMN); if rows belong together, --group COLUMN."
            )
        return
    chance = fold_agreement(correct, prepared.held_out_folds)
    if chance is not None and chance < _UNLIKELY:
        yield (
            f"The folds differ more than chance allows (p = {chance:.1g}): the order of the rows matters. "
            "Compare with --shuffle."
        )
