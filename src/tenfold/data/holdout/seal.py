"""The sealed test part: nothing but its size and name can be read until it is opened, and openings count."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.data.holdout.ledger import Ledger, Openings

__all__ = ["OpenedTest", "SealedTest", "open_test_part", "seal"]

Part = TypeVar("Part")


class SealedTest(Generic[Part]):
    """
    The test part before it is opened.

    The seal keeps honest code honest; it is no lock against a program that is determined to look.

    Attributes
    ----------
    how : str
        How the rows were chosen.
    key : str
        SHA-256 (hex) of the data set's fingerprint and the test rows: equal for the same rows of the same data with
        the same labels. Openings were once counted by it, and still are where a ledger has it.
    ids_digest : str
        SHA-256 (hex) of the sorted content hashes, by which the same instances are known in another file, under
        other labels, or where noise is to be taken off them. Openings are counted by it.
    """

    __slots__ = ("__give", "__rows", "how", "ids_digest", "key")

    def __init__(self, give: Callable[[], Part], rows: int, *, how: str, key: str, ids_digest: str) -> None:
        self.__give, self.__rows = give, rows
        self.how, self.key, self.ids_digest = how, key, ids_digest

    def __len__(self) -> int:
        return self.__rows

    def __repr__(self) -> str:
        return f"SealedTest({len(self):,} rows, {self.how})"

    def _break(self) -> Part:
        return self.__give()


def seal(dataset: Dataset, rows: NDArray[np.int64], how: str) -> SealedTest[Dataset]:
    """Seal these rows of a data set."""
    key = hashlib.sha256(dataset.fingerprint.encode() + rows.astype("<i8").tobytes()).hexdigest()
    ids_digest = instances_digest(dataset.ids[rows])
    return SealedTest(lambda: dataset.take(rows), len(rows), how=how, key=key, ids_digest=ids_digest)


def instances_digest(ids: NDArray[np.str_]) -> str:
    """SHA-256 (hex) of a set of content hashes, in any order."""
    return hashlib.sha256("\n".join(np.sort(ids)).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class OpenedTest(Generic[Part]):
    """The test part once opened, and how often it has been so far (this opening counted)."""

    data: Part
    openings: Openings


def open_test_part(sealed: SealedTest[Part], ledger: Ledger, run_id: str, purpose: str) -> OpenedTest[Part]:
    """
    Open the test part: the opening is written to the ledger first, then the rows are given.

    Parameters
    ----------
    sealed : SealedTest
    ledger : Ledger
        Outlives the run folder.
    run_id : str
        Opening again within one run (after it was interrupted) is the same opening.
    purpose : str
        Why, for whoever reads the ledger.

    Raises
    ------
    StorageError
        The opening cannot be written down: the part stays sealed.
    """
    openings = ledger.record(sealed.ids_digest, run_id, purpose, former=sealed.key)
    return OpenedTest(sealed._break(), openings)
