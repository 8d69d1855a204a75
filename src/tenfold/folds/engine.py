"""Who does the units: processes of this machine, or a Dask cluster that is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tenfold.cluster.address import cluster_address
from tenfold.errors import UsageError
from tenfold.folds.executor import Executor, InlineExecutor
from tenfold.folds.processes import ProcessExecutor

__all__ = ["opened_executor"]


@contextmanager
def opened_executor(
    engine: str, cores: int, own: Mapping[str, Any], note: Callable[[str], None] = lambda line: None
) -> Iterator[tuple[Executor, int]]:
    """
    Give who does the units, and how many at a time; a cluster is connected to and left again at the end.

    Parameters
    ----------
    engine : str
        As for `cluster_address`.
    cores : int
        Worker processes of this machine.
    own : mapping of name to classifier
        Live classifiers: they exist in this process only.
    note : callable
        Told in a line what happens to the cluster.

    Raises
    ------
    UsageError
        As for `cluster_address`; live classifiers on a cluster.
    EngineError
        The cluster cannot be used.
    """
    address = cluster_address(engine)
    if address is None:
        yield (InlineExecutor(), 1) if own else (ProcessExecutor(cores), cores)
        return
    if own:
        raise UsageError(
            f"live classifiers ({', '.join(own)}) exist in this process only",
            where=f"engine {engine}",
            do="name them module:object, installed on the workers too, or use the local engine",
        )
    from tenfold.cluster.connection import connected
    from tenfold.folds.dask.executor import RESUME, DaskExecutor

    with connected(address, note, RESUME) as cluster:
        yield DaskExecutor(cluster, note), len(cluster.admitted)
