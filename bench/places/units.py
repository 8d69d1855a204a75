"""Units measured on processes of this machine and on Dask workers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.places.figures import UnitStep
from bench.places.rows import dataset_of
from tenfold.candidates.setting import setting_of
from tenfold.cluster.address import cluster_address
from tenfold.cluster.connection import connected
from tenfold.errors import PartsFailedError
from tenfold.folds.assign import assign_folds
from tenfold.folds.dask.executor import DaskExecutor
from tenfold.folds.dask.parcel import pack_job
from tenfold.folds.executor import Executor
from tenfold.folds.job import Job, write_job
from tenfold.folds.processes import ProcessExecutor
from tenfold.folds.unit import Unit, UnitResult
from tenfold.task import infer_task

__all__ = ["FOLDS", "measured_units"]

FOLDS, _AT_ONCE = 3, 2


def measured_units(kind: str, rows: int, candidates: Sequence[str], engine: str) -> list[UnitStep]:
    """
    Measure two units of each candidate here and there; the data are made once and sent once.

    Raises
    ------
    PartsFailedError
        A candidate failed.
    """
    with TemporaryDirectory() as folder:
        here, there = (_job(Path(folder) / name, kind, rows) for name in ("here", "there"))
        local = {name: _done(ProcessExecutor(_AT_ONCE), here, name) for name in candidates}
        with connected(cluster_address(engine) or "", lambda line: None) as cluster:
            parcel, start = pack_job(there.folder), time.perf_counter()
            if cluster.publish(parcel) is None:
                raise PartsFailedError("a worker was lost while the data were sent", do="run it again")
            sent = time.perf_counter() - start
            spread = {name: _done(DaskExecutor(cluster), there, name) for name in candidates}
    return [_step(kind, name, rows, local[name], spread[name], len(parcel), sent) for name in candidates]


def _job(folder: Path, kind: str, rows: int) -> Job:
    data = dataset_of(kind, rows)
    task = infer_task(data.labels)
    codes = task.encode(data.labels)
    job = Job(folder, data, codes, assign_folds(codes, task, FOLDS), task, setting_of(data, task))
    write_job(job)
    return job


def _done(executor: Executor, job: Job, name: str) -> tuple[float, list[UnitResult]]:
    units, start = [Unit(name, fold) for fold in range(_AT_ONCE)], time.perf_counter()
    with closing(executor.outcomes(job, units)) as outcomes:  # type: ignore[type-var]
        for outcome in outcomes:
            if outcome.failure is not None:
                raise PartsFailedError(f"{name} failed: {outcome.failure}")
    return time.perf_counter() - start, [job.results(unit)[0] for unit in units]


def _step(
    kind: str,
    name: str,
    rows: int,
    local: tuple[float, list[UnitResult]],
    spread: tuple[float, list[UnitResult]],
    data_bytes: int,
    sent: float,
) -> UnitStep:
    peak = max(one.peak_bytes for one in local[1])
    return UnitStep(kind, name, rows, *_spent(*spread), *_spent(*local), peak, data_bytes, sent)


def _spent(wall: float, results: Sequence[UnitResult]) -> tuple[float, float]:
    """Mean seconds of a unit, and what both took beside the slower one."""
    each = [one.fit_seconds + one.predict_seconds for one in results]
    return sum(each) / len(each), wall - max(each)
