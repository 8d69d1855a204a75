"""A Dask cluster of two workers on this machine, for as long as something is measured."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["two_workers"]


@contextmanager
def two_workers() -> Iterator[str]:
    """Start a scheduler and two worker processes of one thread on 127.0.0.1; give the words for ``--engine``."""
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster.scheduler_address.replace("tcp://", "dask://")
