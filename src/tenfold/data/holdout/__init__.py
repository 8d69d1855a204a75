"""The test part: split off first, sealed, opened once, each opening counted."""

from tenfold.data.holdout.ledger import Ledger, Openings, home_ledger
from tenfold.data.holdout.seal import OpenedTest, SealedTest, open_test_part
from tenfold.data.holdout.split import class_strata, row_groups, split, time_strata

__all__ = [
    "Ledger",
    "OpenedTest",
    "Openings",
    "SealedTest",
    "home_ledger",
    "open_test_part",
    "class_strata",
    "row_groups",
    "split",
    "time_strata",
]
