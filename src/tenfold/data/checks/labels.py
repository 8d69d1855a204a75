"""What is wrong with the labels: missing, too few, hard to tell apart, out of balance."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.checks.cells import Texts, mark_finding, spaces_finding
from tenfold.data.checks.finding import Finding, first_rows, quoted, row_list
from tenfold.data.dataset import Dataset
from tenfold.data.missing import is_missing
from tenfold.task import Task

__all__ = ["check_counts", "check_labels", "classes_of", "missing_labels"]

_LISTED = 10
_OR_QUANTITY = "; or predict the numbers: --task quantities"
_UNLABELLED = "fill these labels, or leave such rows out with --drop-unlabelled"
_RARE_SHARE, _WORST_RATIO, _SMALL_SHARE = 0.01, 100, 0.10


def check_labels(dataset: Dataset, task: Task | None, folds: int, training: NDArray[np.bool_]) -> list[Finding]:
    """
    Check the labels of a dataset.

    Parameters
    ----------
    dataset : Dataset
    task : Task or None
    folds : int
    training : ndarray of bool, shape (n,)
        Rows of the training part: only they are cut into folds.
    """
    y = dataset.y
    if y is None:
        return []
    if y.ndim == 2:
        return _indicators(y[training], dataset.target_names, folds) if y.dtype == bool else []
    missing = is_missing(y)
    counts = Counter(classes_of(y, task)[training & ~missing].tolist())
    names = sorted(set(y[~missing].tolist()))
    return [
        *missing_labels(missing, dataset),
        *check_counts(counts, names, folds, dataset.target_names[0]),
        *_messy_labels(y, missing, dataset),
    ]


def check_counts(counts: Counter[str], names: Sequence[str], folds: int, column: str) -> list[Finding]:
    """
    Check how many rows each class has, and whether labels can be told apart.

    Parameters
    ----------
    counts : Counter
        Training rows of each class.
    names : sequence of str
        All labels as they stand in the data, in order.
    folds : int
    column : str
        The target.
    """
    return [*_too_few(counts, folds, column), *_look_alikes(list(names)), *_imbalance(counts)]


def classes_of(y: NDArray[Any], task: Task | None) -> NDArray[Any]:
    """The labels as the classes of the task: one class against the rest where it asks for that."""
    if task is None or task.one_vs_rest is None:
        return y
    return np.where(y == task.one_vs_rest, task.classes[1], task.classes[0]).astype(object)


def missing_labels(missing: NDArray[np.bool_], dataset: Dataset) -> list[Finding]:
    """Name rows without a label, which no training is possible with."""
    count = int(missing.sum())
    if not count:
        return []
    rows, column = first_rows(missing, dataset.rows), dataset.target_names[0]
    what = f"{count:,} of {len(missing):,} rows have no label ({row_list(rows, count)})"
    return [Finding("fatal", "missing-labels", what, rows, count, column, _UNLABELLED)]


def _messy_labels(y: NDArray[Any], missing: NDArray[np.bool_], dataset: Dataset) -> list[Finding]:
    """Spaces and marks for no value among the labels; that labels look alike is a warning of its own."""
    texts, column = Texts.of(y[~missing]), dataset.target_names[0]
    rows = dataset.rows[~missing]
    do = "leave these cells empty and give --drop-unlabelled, if it is one"
    return [
        *(
            replace(one, level="note")
            for one in spaces_finding(f"the label in column {quoted(column)}", column, texts, rows)
        ),
        *mark_finding(f"the label in column {quoted(column)}", column, texts, rows, do),
    ]


def _too_few(counts: Counter[str], folds: int, column: str) -> list[Finding]:
    if len(counts) == 1:
        (name,) = counts
        what = f"every row has the label {quoted(name)}: one class only"
        return [
            Finding("fatal", "one-class", what, (), counts[name], column, "choose a target with two or more classes")
        ]
    numbers = len(counts) > 2 and all(name.isascii() and name.isdigit() for name in counts)
    rare = sorted((count, name) for name, count in counts.items() if count < folds)
    findings = [
        Finding(
            "fatal",
            "rare-class",
            f"class {quoted(name)} has {_rows(count)}, fewer than the {folds} folds",
            (),
            count,
            column,
            (
                f"add rows of it, merge or remove it, or give --cv {count}"
                if count > 1
                else "add rows, merge or remove it"
            )
            + (_OR_QUANTITY if numbers else ""),
        )
        for count, name in rare[:_LISTED]
    ]
    if len(rare) > _LISTED:
        what = f"{len(rare) - _LISTED:,} more classes have fewer rows than the {folds} folds"
        findings.append(Finding("fatal", "rare-class", what, (), len(rare) - _LISTED, column, "choose another target"))
    return findings


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _look_alikes(names: list[str]) -> list[Finding]:
    """Labels that a person would take for one: by number (1, 1.0, 01), or by case, spaces and Unicode form."""
    alike: dict[str, list[str]] = defaultdict(list)
    for name in names:
        alike[_essence(name)].append(name)
    groups = [group for group in alike.values() if len(group) > 1]
    return [
        Finding(
            "warning",
            "look-alike-labels",
            f"labels {' and '.join(map(quoted, group[:4]))} look alike but count as different classes",
            do="make them one in the file if they mean the same",
        )
        for group in groups[:_LISTED]
    ]


def _essence(name: str) -> str:
    visible = "".join(c for c in unicodedata.normalize("NFKC", name) if unicodedata.category(c) != "Cf")
    text = " ".join(visible.split()).casefold()
    try:
        return repr(float(text)) if "_" not in text and text != "nan" else text
    except ValueError:
        return text


def _imbalance(counts: Counter[str]) -> list[Finding]:
    if len(counts) < 2:
        return []
    (most, most_count), (least, least_count) = counts.most_common()[0], counts.most_common()[-1]
    share = least_count / counts.total()
    what = f"class {quoted(least)} has {_rows(least_count)} ({share:.2%}), class {quoted(most)} {most_count:,}"
    if share < _RARE_SHARE or most_count > _WORST_RATIO * least_count:
        return [
            Finding("warning", "imbalance", what, (), least_count, do="judge by precision and recall, not accuracy")
        ]
    # With many balanced classes each one's share is small: that is no imbalance.
    if share < _SMALL_SHARE and most_count > 2 * least_count:
        return [Finding("note", "imbalance", what, (), least_count, do="look at the recall of each class")]
    return []


def _indicators(y: NDArray[np.bool_], names: tuple[str, ...], folds: int) -> list[Finding]:
    findings = []
    for name, positives in zip(names, y.sum(axis=0).tolist(), strict=True):
        fewer = min(positives, len(y) - positives)
        if fewer == 0:
            what = f"label {quoted(name)} is {'true' if positives else 'false'} in every row"
            findings.append(Finding("fatal", "one-class", what, (), len(y), name, "leave this label out"))
        elif fewer < folds:
            side = "true" if positives == fewer else "false"
            what = f"label {quoted(name)} is {side} in {_rows(fewer)}, fewer than the {folds} folds"
            findings.append(Finding("fatal", "rare-class", what, (), fewer, name, "add such rows or leave it out"))
    return findings
