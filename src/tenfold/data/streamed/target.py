"""What is predicted of the rows of a store: a class each, or a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.data.streamed.row_store import RowStore

__all__ = ["StreamedTarget", "class_target", "number_target"]

_SAMPLE = 1 << 16
_MOST_STRATA = 10
_EACH = 5


@dataclass(frozen=True, eq=False)
class StreamedTarget:
    """
    How the target of a block follows from its fields.

    Parameters
    ----------
    of_label : ndarray of int64 or float64, shape (labels,)
        Class code, or number, of each label of the store; nothing where the store has numbers itself.
    edges : ndarray of float64, shape (s - 1,), or None
        Between strata of numbers; None of classes, which are strata themselves.
    classes : int
        0 where numbers are predicted.
    """

    of_label: NDArray[Any]
    edges: NDArray[np.float64] | None
    classes: int

    @property
    def field(self) -> str:
        """The field of a store that `y` needs."""
        return "labels" if len(self.of_label) else "targets"

    @property
    def strata(self) -> int:
        """Number of strata."""
        return self.classes if self.edges is None else len(self.edges) + 1

    def y(self, block: Mapping[str, NDArray[Any]]) -> NDArray[Any]:
        """Return the class codes, int64, or the numbers, float64, of a block, shape (m,)."""
        return self.of_label[block["labels"]] if len(self.of_label) else block["targets"]

    def strata_of(self, y: NDArray[Any]) -> NDArray[np.int64]:
        """Return the stratum of each row, so that every part of a split has rows of all of them."""
        return y if self.edges is None else np.searchsorted(self.edges, y, side="left").astype(np.int64)


def class_target(class_of: NDArray[np.int64], classes: int) -> StreamedTarget:
    """Return the target of classes, from the class code of each label."""
    return StreamedTarget(class_of, None, classes)


def number_target(store: RowStore, of_label: NDArray[np.float64], folds: int, seed: int) -> StreamedTarget:
    """
    Return the target of numbers, cut into strata of about as many rows each.

    Parameters
    ----------
    store : RowStore
    of_label : ndarray of float64, shape (labels,)
        The number of each label; nothing where the store has numbers.
    folds : int
    seed : int
    """
    bare = StreamedTarget(of_label, np.empty(0), 0)
    sample = _sample(store, bare, seed)
    strata = max(1, min(_MOST_STRATA, store.rows // (_EACH * folds)))
    edges = np.unique(np.quantile(sample, np.arange(1, strata) / strata, method="inverted_cdf"))
    return StreamedTarget(of_label, edges[edges < sample.max()], 0)


def _sample(store: RowStore, target: StreamedTarget, seed: int) -> NDArray[np.float64]:
    """Values of rows drawn by their content, about 65,536 of them or all."""
    share, values = _SAMPLE / store.rows, []
    for block in store.blocks(target.field, "ids"):
        is_drawn = unit_interval(mixed(block["ids"][:, 1], seed)) < share if share < 1 else slice(None)
        values.append(target.y(block)[is_drawn].copy())
    return np.concatenate(values)
