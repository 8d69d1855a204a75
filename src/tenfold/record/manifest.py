"""What the manifests of all kinds of runs say alike: the test part, and what the run was made with."""

from __future__ import annotations

import os
import platform
from typing import Any

from tenfold.data.holdout import OpenedTest, SealedTest
from tenfold.version import library_versions

__all__ = ["made_with", "sealed_entry"]


def sealed_entry(test: SealedTest[Any], opened: OpenedTest[Any]) -> dict[str, Any]:
    """Say how large the test part is, how it was drawn, and how often it was opened."""
    return {
        "rows": len(test),
        "how": test.how,
        "key": test.key,
        "instances": test.ids_digest,
        "openings": opened.openings.count,
    }


def made_with() -> dict[str, Any]:
    """
    Name the libraries and the machine of this process.

    Examples
    --------
    >>> list(made_with())
    ['versions', 'machine']
    """
    machine = {"system": platform.platform(), "processor": platform.machine(), "cores": os.cpu_count()}
    return {"versions": library_versions(), "machine": machine}
