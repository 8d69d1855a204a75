"""What is wrong with the rows: the same content twice, across the split, or with two labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.checks.finding import Finding, first_rows, row_list
from tenfold.dataset import Dataset

__all__ = ["check_rows"]


def check_rows(dataset: Dataset, test: NDArray[np.bool_]) -> list[Finding]:
    """
    Find rows of identical content, whatever their label.

    Parameters
    ----------
    dataset : Dataset
    test : ndarray of bool, shape (n,)
        Rows of the test part.
    """
    content, _ = pd.factorize(dataset.ids.astype(object))
    if len(content) == 0 or content.max() + 1 == len(content):
        return []
    return [
        *_duplicates(content, dataset),
        *_across_the_split(content, test, dataset),
        *_conflicting_labels(content, dataset),
    ]


def _duplicates(content: NDArray[np.intp], dataset: Dataset) -> list[Finding]:
    repeated = pd.Series(content).duplicated().to_numpy()
    count = int(repeated.sum())
    rows = first_rows(repeated, dataset.rows)
    what = f"{count:,} of {len(content):,} rows repeat an earlier row exactly ({row_list(rows, count)})"
    do = "remove them, or keep equal rows on one side of each split"
    return [Finding("warning", "duplicates", what, rows, count, do=do)]


def _across_the_split(content: NDArray[np.intp], test: NDArray[np.bool_], dataset: Dataset) -> list[Finding]:
    seen = np.zeros(content.max() + 1, bool)
    seen[content[~test]] = True
    known = test & seen[content]
    count = int(known.sum())
    if not count:
        return []
    rows = first_rows(known, dataset.rows)
    what = f"{count:,} of {int(test.sum()):,} test rows stand in the training part too ({row_list(rows, count)})"
    return [Finding("warning", "duplicates-across-split", what, rows, count, do="remove them from one of the parts")]


def _conflicting_labels(content: NDArray[np.intp], dataset: Dataset) -> list[Finding]:
    if dataset.y is None:
        return []
    labels = _label_codes(dataset.y)
    pairs = pd.DataFrame({"content": content, "label": labels}).drop_duplicates()
    in_conflict = np.bincount(pairs["content"], minlength=content.max() + 1) > 1
    mask = in_conflict[content]
    count = int(mask.sum())
    if not count:
        return []
    rows = first_rows(mask, dataset.rows)
    what = f"{count:,} rows have the content of another row but a different label ({row_list(rows, count)})"
    return [Finding("warning", "conflicting-labels", what, rows, count, do="look at them and correct the wrong labels")]


def _label_codes(y: NDArray[Any]) -> NDArray[np.intp]:
    if y.ndim == 2:
        return np.asarray(np.unique(y, axis=0, return_inverse=True)[1]).ravel()
    return pd.factorize(y)[0]
