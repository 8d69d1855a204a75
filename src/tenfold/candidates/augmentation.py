"""Training rows augmented by changed copies of themselves: models are fitted on them, and never judged by them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from numpy.typing import NDArray

from tenfold.candidates.entry import Candidate
from tenfold.candidates.setting import Setting
from tenfold.data.dataset import Dataset
from tenfold.data.kinds import find_augmentation, known_kinds
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["augmented", "augmented_bytes", "augmented_rows", "copies_of", "refuse_augmentation"]


def augmented(candidate: Candidate, setting: Setting) -> Candidate:
    """
    Let a candidate be fitted on augmented training rows; it stays as it is where the setting asks for none.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sklearn.pipeline import Pipeline
    >>> one = Candidate("one", Pipeline([("model", DummyClassifier())]), lambda rows, queries: float(rows))
    >>> augmented(one, Setting("image", rows=10, values=4, classes=2, augment="shift")).seconds(10, 0)
    50.0
    """
    if setting.augment is None:
        return candidate
    copies = setting.traits.augmentations[setting.augment].copies
    return replace(candidate, augment=setting.augment, seconds=partial(_seconds, candidate, copies))


def augmented_rows(how: str | None, data: Dataset, y: NDArray[Any]) -> tuple[Any, NDArray[Any]]:
    """
    Return the rows that a model is fitted on: all as they are, then all changed in one way, then in another.

    Parameters
    ----------
    how : str or None
        One of the augmentations of the kind of the data, such as ``shift``: images moved by one pixel down, up, right
        and left. None for the rows as they are.
    data : Dataset
        Of n rows.
    y : ndarray of int64, shape (n,) or (n, k)

    Returns
    -------
    X, y
        Of ``copies * n`` rows; row i and its copies at i, i + n, i + 2 n, …

    Examples
    --------
    >>> import numpy as np
    >>> data = Dataset("two", "image", np.ones((2, 3, 3), np.uint8), None, source="memory")
    >>> X, y = augmented_rows("shift", data, np.array([0, 1]))
    >>> X.shape, y.tolist()
    ((10, 3, 3), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
    """
    return (data.X, y) if how is None else data.traits.augmentations[how].apply(data.X, y)


def augmented_bytes(candidate: Candidate, setting: Setting) -> int:
    """Return the least memory of a fit on all rows of the setting, in bytes; 0 where they are not augmented."""
    if candidate.augment is None:
        return 0
    way = setting.traits.augmentations[candidate.augment]
    return way.fit_bytes(candidate.pipeline, way.copies * setting.rows, setting.values)


def copies_of(how: str) -> int:
    """
    Return how many rows an augmentation makes of each row, itself counted.

    Examples
    --------
    >>> copies_of("shift")
    5
    """
    known = find_augmentation(how)
    if known is None:
        raise UsageError(f"no way to grow '{shown(how)}'")
    return known[1].copies


def refuse_augmentation(how: str, data: Dataset) -> None:
    """
    Refuse what these rows cannot be augmented by.

    Raises
    ------
    UsageError
        No kind of data has such a way; this one has not; or these instances are too small for it.
    """
    ways = data.traits.augmentations
    if how not in ways:
        _refuse_unknown(how, data)
    ways[how].refuse(data.X, data.name)


def _refuse_unknown(how: str, data: Dataset) -> None:
    other = find_augmentation(how)
    if other is not None:
        kind, way = other
        what = f"{shown(data.name, 60)} is no set of {kind.noun()} (kind: {data.kind})"
        raise UsageError(f"--augment {how} {way.does}, {what}", do="leave out --augment")
    known = [name for kind in known_kinds() for name in kind.augmentations]
    raise UsageError(f"no way to grow '{shown(how)}'.{near(shown(how), known)}", do=f"choose from {', '.join(known)}")


def _seconds(candidate: Candidate, copies: int, rows: int, queries: int) -> float:
    return candidate.seconds(copies * rows, queries)
