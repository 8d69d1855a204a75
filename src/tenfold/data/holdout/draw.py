"""A test part drawn so that every class keeps its share in it; groups are not torn apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["stratified_draw"]


def stratified_draw(
    codes: NDArray[np.int64], share: float, seed: int, groups: NDArray[np.int64] | None = None
) -> NDArray[np.bool_]:
    """
    Draw whole groups, stratified by the class most frequent in each.

    Parameters
    ----------
    codes : ndarray of int64, shape (n,)
        Class codes.
    share : float
        Of the rows or groups to draw, in (0, 1).
    seed : int
    groups : ndarray of int64, shape (n,), optional

    Returns
    -------
    ndarray of bool, shape (n,)
        True for the rows drawn.

    Examples
    --------
    >>> drawn = stratified_draw(np.array([0, 1] * 5), 0.4, seed=42)
    >>> int(drawn.sum()), int(drawn[::2].sum())
    (4, 2)
    """
    if groups is None:
        return _stratified(codes, share, seed)
    _, number = np.unique(groups, return_inverse=True)
    return _stratified(_majority(number, codes), share, seed)[number]


def _majority(group: NDArray[np.int64], codes: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = np.zeros((int(group.max()) + 1, int(codes.max()) + 1), np.int64)
    np.add.at(counts, (group, codes), 1)
    return np.asarray(counts.argmax(axis=1), dtype=np.int64)


def _stratified(strata: NDArray[np.int64], test_size: float, seed: int) -> NDArray[np.bool_]:
    """Mark the drawn test members; a stratum of one member always stays in the training part."""
    from sklearn.model_selection import train_test_split

    mask = np.zeros(len(strata), bool)
    alone = np.bincount(strata)[strata] < 2
    drawable = np.flatnonzero(~alone)
    classes = len(np.unique(strata[drawable]))
    requested = int(np.ceil(test_size * len(drawable)))
    size = min(max(requested, classes), len(drawable) - classes)
    if size >= max(classes, 1):
        _, test = train_test_split(drawable, test_size=size, stratify=strata[drawable], random_state=seed)
        mask[test] = True
    return mask
