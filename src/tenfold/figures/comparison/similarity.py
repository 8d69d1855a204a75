"""Classes that are taken for each other: side by side, and of very many classes in groups."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.curves.readings import read_matrix

__all__ = ["class_groups", "group_counts", "similar_order"]

Counts = NDArray[np.int64]


def similar_order(counts: Counts) -> list[int]:
    """
    Order classes so that those taken for each other stand side by side.

    Average linkage on how seldom two classes are confused, leaves ordered by Bar-Joseph et al. (2001), Bioinformatics
    17:S22.

    Parameters
    ----------
    counts : ndarray of int64, shape (k, k)

    Examples
    --------
    >>> similar_order(np.array([[9, 0, 4], [0, 9, 0], [3, 0, 9]])) in ([1, 0, 2], [0, 2, 1], [2, 0, 1], [1, 2, 0])
    True
    """
    tree = _tree(counts)
    return list(range(len(counts))) if tree is None else _leaves(tree)


def class_groups(counts: Counts, limit: int = 40) -> list[list[int]]:
    """
    Join classes that are taken for each other until at most `limit` groups are left.

    Parameters
    ----------
    counts : ndarray of int64, shape (k, k)
    limit : int
        At least 1; with no more classes than that each is a group of its own.

    Returns
    -------
    list of lists of int
        Class codes, neighbours in the order of `similar_order`; every class once.

    Examples
    --------
    >>> counts = 9 * np.eye(4, dtype=np.int64)
    >>> counts[0, 2] = counts[2, 0] = 5
    >>> sorted(sorted(group) for group in class_groups(counts, limit=3))
    [[0, 2], [1], [3]]
    """
    tree = _tree(counts)
    if len(counts) <= limit:
        return [[code] for code in similar_order(counts)]
    if tree is None:
        return [part.tolist() for part in np.array_split(np.arange(len(counts)), limit)]
    groups: dict[int, list[int]] = {}
    group_of = _cut(tree, limit)
    for code in _leaves(tree):
        groups.setdefault(group_of[code], []).append(code)
    return list(groups.values())


def group_counts(counts: Counts, groups: list[list[int]]) -> Counts:
    """
    Add up a confusion matrix by groups of classes, shape (groups, groups).

    On the diagonal stand the rows called some class of their own group, right or wrong.

    Examples
    --------
    >>> group_counts(np.array([[5, 1, 0], [2, 4, 1], [0, 3, 6]]), [[0, 1], [2]])
    array([[12,  1],
           [ 3,  6]])
    """
    member = np.zeros((len(groups), len(counts)), np.int64)
    for place, codes in enumerate(groups):
        member[place, codes] = 1
    return np.asarray(member @ counts @ member.T)


def _tree(counts: Counts) -> NDArray[Any] | None:
    """The tree of average linkage; None for too few classes, or none taken for another."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    shares = np.nan_to_num(read_matrix(counts, "actual"))
    alike = shares + shares.T
    np.fill_diagonal(alike, 0.0)
    if len(counts) < 3 or not alike.any():
        return None
    apart = alike.max() - alike
    np.fill_diagonal(apart, 0.0)
    return np.asarray(linkage(squareform(apart), "average", optimal_ordering=True))


def _leaves(tree: NDArray[Any]) -> list[int]:
    from scipy.cluster.hierarchy import leaves_list

    return [int(code) for code in leaves_list(tree)]


def _cut(tree: NDArray[Any], limit: int) -> list[int]:
    """The group of each class when only the first merges are done; unlike a cut at a height it meets ties."""
    group = list(range(len(tree) + 1))
    members: dict[int, list[int]] = {code: [code] for code in group}
    for number, (one, other) in enumerate(tree[: len(tree) + 1 - limit, :2].astype(int).tolist()):
        joined = len(tree) + 1 + number
        members[joined] = members.pop(one) + members.pop(other)
        for code in members[joined]:
            group[code] = joined
    return group
