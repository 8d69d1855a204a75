"""The rows a model may learn from, as it needs them: in order, shuffled, or a drawn sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.data.streamed.assignment import TEST
from tenfold.data.streamed.distinct import mixed, unit_interval
from tenfold.data.streamed.moments import Moments, pooled
from tenfold.data.streamed.row_store import BLOCK_ROWS, Spool

__all__ = ["DealtSpool", "Rows", "Training"]

_PIECE = 1 << 9
"""Rows that stay together when rows are shuffled."""
_SAMPLE_SEED = 1


@dataclass(frozen=True, eq=False)
class Rows:
    """Numbers (m, p), codes (m, q) and class codes (m,) of some rows; the arrays may be used again."""

    numbers: NDArray[Any]
    codes: NDArray[np.int32]
    y: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DealtSpool:
    """
    A spool whose rows are dealt out to folds, and what is known of each fold.

    Parameters
    ----------
    spool : Spool
    columns : TableColumns
    class_of : ndarray of int64
        Class code of each label of the spool.
    classes : int
    fold_rows : ndarray of int64, shape (k, classes)
        Rows of each class in each fold.
    fold_moments : list of Moments
    seed : int
    """

    spool: Spool
    columns: TableColumns
    class_of: NDArray[np.int64]
    classes: int
    fold_rows: NDArray[np.int64]
    fold_moments: list[Moments]
    seed: int


@dataclass(frozen=True, eq=False)
class Training(DealtSpool):
    """
    The training rows of a fold, or all of them; neither the fold nor the test part is ever among them.

    Parameters
    ----------
    left_out : int or None
        The fold that is judged.
    """

    left_out: int | None

    @cached_property
    def class_rows(self) -> NDArray[np.int64]:
        """Rows of each class to learn from."""
        kept = [fold for fold in range(len(self.fold_rows)) if fold != self.left_out]
        return np.asarray(self.fold_rows[kept].sum(axis=0))

    @property
    def rows(self) -> int:
        """Rows to learn from."""
        return int(self.class_rows.sum())

    @cached_property
    def moments(self) -> Moments:
        """Of these rows."""
        return pooled(self.fold_moments, self.left_out)

    def in_order(self) -> Iterator[Rows]:
        """All rows as they stand in the spool."""
        for block in self.spool.blocks("numbers", "codes", "labels", "parts"):
            yield self._kept(block)

    def shuffled(self, go: int) -> Iterator[Rows]:
        """
        All rows in a random order, another for each `go`.

        Pieces of 512 rows are drawn at random into a buffer whose rows are shuffled in turn: where the source is
        sorted, batches still hold rows from all over it. Xu et al. (2022), "Stochastic gradient descent without full
        data shuffle", SIGMOD.
        """
        rng = np.random.default_rng([self.seed, go])
        pieces = rng.permutation(-(-self.spool.rows // _PIECE))
        with self.spool.reader(("numbers", "codes", "labels", "parts"), BLOCK_ROWS) as reader:
            for start in range(0, len(pieces), BLOCK_ROWS // _PIECE):
                held = 0
                for piece in pieces[start : start + BLOCK_ROWS // _PIECE].tolist():
                    count = min(_PIECE, self.spool.rows - piece * _PIECE)
                    reader.read(piece * _PIECE, count, into=held)
                    held += count
                some = self._kept(reader.filled(held))
                order = rng.permutation(len(some.y))
                yield Rows(some.numbers[order], some.codes[order], some.y[order])

    def sample(self, most: int) -> Iterator[Rows]:
        """
        Draw about `most` rows, all where there are fewer, in the order of the spool.

        A row is drawn by its content and the seed, so that the same rows are drawn whatever their order.
        """
        share = most / max(self.rows, 1)
        for block in self.spool.blocks("numbers", "codes", "labels", "parts", "ids"):
            drawn = unit_interval(mixed(block["ids"][:, 1], self.seed + _SAMPLE_SEED)) < share
            yield self._kept(block, drawn)

    def _kept(self, block: dict[str, NDArray[Any]], among: NDArray[np.bool_] | None = None) -> Rows:
        mine = (block["parts"] != TEST) & (block["parts"] != (TEST if self.left_out is None else self.left_out))
        mine = mine if among is None else mine & among
        return Rows(block["numbers"][mine], block["codes"][mine], self.class_of[block["labels"][mine]])
