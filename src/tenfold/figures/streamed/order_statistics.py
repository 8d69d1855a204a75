"""The values at given ranks of a stream, exactly, without putting it in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["order_statistics"]

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Stream = Callable[[], Iterator[tuple[Floats, NDArray[np.int64]]]]
_SIGN = np.uint64(1 << 63)
_FIRST_BITS, _BITS = 16, 12
_HELD = 1 << 20
"""Values that are held and put in order once so few are left among which a rank can be."""


@dataclass
class _Wanted:
    """A value that is looked for: its rank among those of its group that begin with the same bits."""

    group: int | None
    rank: int
    prefix: int = 0


def order_statistics(
    stream: Stream, groups: int, ranks: Sequence[Sequence[int]], ranks_of_all: Sequence[int] = ()
) -> tuple[list[list[float]], list[float]]:
    """
    Return values by their ranks in each group, and among all.

    The bits of the values are counted from the first ones on, a pass over the stream for each dozen, until those that
    are left can be held: radix selection. Memory does not grow with the stream.

    Parameters
    ----------
    stream : callable
        Begins anew at each call, and gives values, shape (m,), finite, with the group of each, from 0.
    groups : int
    ranks : sequence of sequence of int
        For each group, counted from 0.
    ranks_of_all : sequence of int
        Among the values of all groups.

    Returns
    -------
    by_group : list of list of float
    of_all : list of float

    Examples
    --------
    >>> def stream():
    ...     yield np.array([3.0, -1.0]), np.array([0, 1])
    ...     yield np.array([2.0, 5.0]), np.array([0, 0])
    >>> order_statistics(stream, 2, [[0, 2], [0]], [1])
    ([[2.0, 5.0], [-1.0]], [2.0])
    """
    wanted = [[_Wanted(group, rank) for rank in some] for group, some in enumerate(ranks)]
    wanted.append([_Wanted(None, rank) for rank in ranks_of_all])
    every = [one for some in wanted for one in some]
    shift = 64
    while every and shift:
        bits = _FIRST_BITS if shift == 64 else _BITS
        shift -= bits
        if _narrowed(stream, groups, every, shift, bits) <= _HELD:
            break
    values = {id(one): value for one, value in zip(every, _held(stream, every, shift), strict=True)}
    *by_group, of_all = [[values[id(one)] for one in some] for some in wanted]
    return by_group, of_all


def _keys(values: Floats) -> Keys:
    """Return whole numbers in the same order; those of 0 and -0 are one."""
    bits = (values + 0.0).view(np.uint64)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _value(key: int) -> float:
    bits = key ^ int(_SIGN) if key & int(_SIGN) else key ^ ((1 << 64) - 1)
    return float(np.array([bits], np.uint64).view(np.float64)[0])


def _narrowed(stream: Stream, groups: int, wanted: Sequence[_Wanted], shift: int, bits: int) -> int:
    """Add some bits to the prefix of each value that is looked for; return how many values have one of the prefixes."""
    prefixes = np.unique(np.array([one.prefix for one in wanted], np.uint64))
    counts = np.zeros((len(prefixes), groups, 1 << bits), np.int64)
    width = groups << bits
    for values, group in stream():
        keys = _keys(np.ascontiguousarray(values, np.float64))
        place, is_among = _places(keys, prefixes, shift + bits)
        digit = ((keys >> np.uint64(shift)) & np.uint64((1 << bits) - 1)).astype(np.int64)
        cell = place * width + (group << bits) + digit
        counts += np.bincount(cell[is_among], minlength=counts.size).reshape(counts.shape)
    for one in wanted:
        of_prefix = counts[int(np.searchsorted(prefixes, np.uint64(one.prefix)))]
        histogram = of_prefix.sum(axis=0) if one.group is None else of_prefix[one.group]
        until = np.cumsum(histogram)
        digit_of_one = int(np.searchsorted(until, one.rank, side="right"))
        one.rank -= int(until[digit_of_one] - histogram[digit_of_one])
        one.prefix = (one.prefix << bits) | digit_of_one
    left = np.unique(np.array([one.prefix for one in wanted], np.uint64))
    of_each = counts.sum(axis=1)
    mask = np.uint64((1 << bits) - 1)
    return int(of_each[np.searchsorted(prefixes, left >> np.uint64(bits)), (left & mask).astype(np.int64)].sum())


def _places(keys: Keys, prefixes: Keys, shift: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the place of each key's first bits among the prefixes, and whether they are one of them."""
    if shift == 64:
        return np.zeros(len(keys), np.int64), np.ones(len(keys), bool)
    first = keys >> np.uint64(shift)
    place = np.minimum(np.searchsorted(prefixes, first), len(prefixes) - 1)
    return place, prefixes[place] == first


def _held(stream: Stream, wanted: Sequence[_Wanted], shift: int) -> list[float]:
    """Read the values that have one of the prefixes, and put them in order."""
    if not wanted or not shift:
        return [_value(one.prefix) for one in wanted]
    prefixes = np.unique(np.array([one.prefix for one in wanted], np.uint64))
    keys_kept, groups_kept = [], []
    for values, group in stream():
        keys = _keys(np.ascontiguousarray(values, np.float64))
        _, is_among = _places(keys, prefixes, shift)
        keys_kept.append(keys[is_among])
        groups_kept.append(group[is_among])
    keys, groups = np.concatenate(keys_kept), np.concatenate(groups_kept)
    order = np.argsort(keys, kind="stable")
    keys, groups = keys[order], groups[order]
    first = keys >> np.uint64(shift)
    found = []
    for one in wanted:
        own = first == np.uint64(one.prefix)
        own = own if one.group is None else own & (groups == one.group)
        found.append(_value(int(keys[own][one.rank])))
    return found
