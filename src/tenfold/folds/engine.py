"""Who does the units: processes of this machine, or a Dask cluster that is there already."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tenfold.cluster.address import cluster_address
from tenfold.data import kinds
from tenfold.errors import UsageError
from tenfold.folds.executor import Executor, InlineExecutor, Outcome
from tenfold.folds.job import Job
from tenfold.folds.processes import ProcessExecutor
from tenfold.folds.unit import Unit
from tenfold.task import is_built_in

__all__ = ["LocalExecutor", "opened_executor"]


@dataclass(frozen=True)
class LocalExecutor:
    """
    Worker processes of this machine; this process alone for what exists nowhere else.

    Parameters
    ----------
    workers : int
        Processes at a time, at most; with 0 of them this process does the units.
    live : bool
        There are live classifiers, which worker processes cannot be given.
    """

    workers: int
    live: bool = False

    def outcomes(self, job: Job, units: Sequence[Unit]) -> Iterator[Outcome]:
        """Give an outcome as each unit ends; a task or kind that was registered is known in this process only."""
        registered = not (is_built_in(job.task) and kinds.is_built_in(job.setting.kind))
        only_here = self.live or registered or not self.workers
        executor: Executor = InlineExecutor() if only_here else ProcessExecutor(self.workers)
        return executor.outcomes(job, units)


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
        Worker processes of this machine; with 0 of them this process does the units.
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
        yield LocalExecutor(cores, bool(own)), 1 if own else max(cores, 1)
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
