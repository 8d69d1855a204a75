"""The training rows of a model: in order, shuffled, or a sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.candidates.setting import Setting
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.data.streamed.moments import Moments, moments_of_values, pooled
from tenfold.data.streamed.row_store import BLOCK_ROWS, RowStore
from tenfold.data.streamed.target import StreamedTarget

__all__ = ["AssignedRows", "Rows", "Training"]

_PIECE = 1 << 9
"""Consecutive rows that stay together in shuffling."""
_SAMPLE_SEED = 1


@dataclass(frozen=True, eq=False)
class Rows:
    """Numbers (m, p), codes (m, q), and class codes or numbers to predict (m,); the arrays may be reused."""

    numbers: NDArray[Any]
    codes: NDArray[np.int32]
    y: NDArray[Any]


@dataclass(frozen=True, eq=False)
class AssignedRows:
    """
    A row store whose rows are assigned to folds, and the moments of each fold.

    Parameters
    ----------
    store : RowStore
    columns : TableColumns
    target : StreamedTarget
    fold_rows : ndarray of int64, shape (k, strata)
        Number of rows of each stratum in each fold.
    fold_moments : list of Moments
    seed : int
    """

    store: RowStore
    columns: TableColumns
    target: StreamedTarget
    fold_rows: NDArray[np.int64]
    fold_moments: list[Moments]
    seed: int

    @property
    def classes(self) -> int:
        """Number of classes; 0 where numbers are predicted."""
        return self.target.classes

    def setting_of(self, values: int, rows: int) -> Setting:
        """Return what a candidate is built for, where a prepared row has so many values."""
        quantities = 0 if self.classes else 1
        return Setting("table", rows, values, self.classes, self.columns, self.seed, quantities=quantities)


@dataclass(frozen=True, eq=False)
class Training(AssignedRows):
    """
    The training rows without one fold, or all of them; the test part is never among them.

    Parameters
    ----------
    left_out : int or None
        The held-out fold.
    """

    left_out: int | None

    @cached_property
    def class_rows(self) -> NDArray[np.int64]:
        """Number of training rows of each stratum: of each class, where classes are predicted."""
        folds = [fold for fold in range(len(self.fold_rows)) if fold != self.left_out]
        return np.asarray(self.fold_rows[folds].sum(axis=0))

    @property
    def rows(self) -> int:
        """Number of training rows."""
        return int(self.class_rows.sum())

    @cached_property
    def moments(self) -> Moments:
        """Moments of the training rows."""
        return pooled(self.fold_moments, self.left_out)

    @cached_property
    def target_moments(self) -> Moments:
        """Moments of the numbers to predict."""
        blocks = self.store.blocks(self.target.field, "parts")
        return moments_of_values(self.target.y(block)[self._mine(block)] for block in blocks)

    def in_order(self) -> Iterator[Rows]:
        """Yield all rows in the order of the store."""
        for block in self.store.blocks("numbers", "codes", self.target.field, "parts"):
            yield self._select(block)

    def shuffled(self, go: int) -> Iterator[Rows]:
        """
        Yield all rows in a random order, another one for each `go`.

        Pieces of 512 rows are read in random order into a buffer whose rows are then shuffled, so that batches of a
        sorted source have rows from all over it. Xu et al. (2022), "Stochastic gradient descent without full data
        shuffle", SIGMOD.
        """
        rng = np.random.default_rng([self.seed, go])
        pieces = rng.permutation(-(-self.store.rows // _PIECE))
        with self.store.reader(("numbers", "codes", self.target.field, "parts"), BLOCK_ROWS) as reader:
            for start in range(0, len(pieces), BLOCK_ROWS // _PIECE):
                n_rows = 0
                for piece in pieces[start : start + BLOCK_ROWS // _PIECE].tolist():
                    count = min(_PIECE, self.store.rows - piece * _PIECE)
                    reader.read(piece * _PIECE, count, into=n_rows)
                    n_rows += count
                some = self._select(reader.buffered(n_rows))
                order = rng.permutation(len(some.y))
                yield Rows(some.numbers[order], some.codes[order], some.y[order])

    def sample(self, most: int) -> Iterator[Rows]:
        """
        Yield a sample of about `most` rows, or all where there are fewer, in the order of the store.

        A row is sampled by a hash of its content and the seed, so that the sample does not depend on the order.
        """
        share = most / max(self.rows, 1)
        for block in self.store.blocks("numbers", "codes", self.target.field, "parts", "ids"):
            is_drawn = unit_interval(mixed(block["ids"][:, 1], self.seed + _SAMPLE_SEED)) < share
            yield self._select(block, is_drawn)

    def _select(self, block: dict[str, NDArray[Any]], among: NDArray[np.bool_] | None = None) -> Rows:
        mine = self._mine(block) if among is None else self._mine(block) & among
        return Rows(block["numbers"][mine], block["codes"][mine], self.target.y(block)[mine])

    def _mine(self, block: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
        parts = block["parts"]
        return np.asarray((parts != TEST) & (parts != (TEST if self.left_out is None else self.left_out)))
