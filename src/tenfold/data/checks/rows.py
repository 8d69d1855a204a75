"""What is wrong with the rows: the same content twice, across the split, or with two labels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.checks.finding import Finding, first_rows, row_list
from tenfold.data.dataset import Dataset

__all__ = ["check_rows"]

_TOO_NARROW = 1.1


def check_rows(
    dataset: Dataset, test: NDArray[np.bool_], *, grouped: bool = True, classes: bool = True
) -> list[Finding]:
    """
    Return findings about rows of identical content, whatever their label.

    Parameters
    ----------
    dataset : Dataset
    test : ndarray of bool, shape (n,)
        Rows of the test part.
    grouped : bool
        Equal rows are kept on one side of every split, as is done unless that is lifted.
    classes : bool
        Labels are classes, of which equal rows should have the same one; quantities may differ.
    """
    content, _ = pd.factorize(dataset.ids.astype(object))
    if len(content) == 0 or content.max() + 1 == len(content):
        return []
    return [
        *_duplicates(content, dataset, grouped),
        *_across_the_split(content, test, dataset),
        *(_conflicting_labels(content, dataset) if classes else ()),
    ]


def _duplicates(content: NDArray[np.intp], dataset: Dataset, grouped: bool) -> list[Finding]:
    """Equal rows may be different things that happen to be equal; only who knows the data can tell them from copies."""
    repeated = pd.Series(content).duplicated().to_numpy()
    count = int(repeated.sum())
    rows = first_rows(repeated, dataset.rows)
    what = f"{count:,} of {len(content):,} rows repeat an earlier row exactly ({row_list(rows, count)})"
    copies = np.bincount(_with_labels(content, dataset))
    worth = len(content) ** 2 / float((copies**2).sum())  # Kish (1965), Survey Sampling: the effective size
    narrow = float(np.sqrt(len(content) / worth))
    if narrow >= _TOO_NARROW:
        what += (
            f"; if they are copies, all rows tell no more than {worth:,.0f} different ones, and every interval is too "
            f"narrow by a factor of {narrow:.1f}"
        )
    do = "remove them if they are copies"
    do += (
        "; either way equal rows stand on one side of each split" if grouped else ", or leave out --no-group-duplicates"
    )
    return [Finding("warning", "duplicates", what, rows, count, do=do)]


def _with_labels(content: NDArray[np.intp], dataset: Dataset) -> NDArray[np.int64]:
    """Number the rows by content and label: a copy has both."""
    if dataset.y is None:
        return content.astype(np.int64)
    labels = _label_codes(dataset.y).astype(np.int64)
    return np.asarray(np.unique(content * (labels.max() + 1) + labels, return_inverse=True)[1], np.int64)


def _across_the_split(content: NDArray[np.intp], test: NDArray[np.bool_], dataset: Dataset) -> list[Finding]:
    seen = np.zeros(content.max() + 1, bool)
    seen[content[~test]] = True
    in_both = test & seen[content]
    count = int(in_both.sum())
    if not count:
        return []
    rows = first_rows(in_both, dataset.rows)
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
    do = "correct the labels that are wrong; no model can tell the others apart"
    what = f"{count:,} rows have the content of another row but a different label ({row_list(rows, count)})"
    return [Finding("warning", "conflicting-labels", what, rows, count, do=do)]


def _label_codes(y: NDArray[Any]) -> NDArray[np.intp]:
    if y.ndim == 2:
        return np.asarray(np.unique(y, axis=0, return_inverse=True)[1]).ravel()
    return pd.factorize(y)[0]
