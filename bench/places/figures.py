"""What was measured of units and of shards, as plain values that go into JSON and come back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from bench.exponent import Exponent, exponent

__all__ = ["Measured", "ShardStep", "UnitStep", "by_work", "measured_of"]


@dataclass(frozen=True)
class UnitStep:
    """
    Two units of a candidate, done at once by two processes of this machine, and by two Dask workers.

    Parameters
    ----------
    kind, candidate : str
    rows : int
        All folds together.
    seconds : float
        Of one unit, fit and answers, the mean of both, on Dask workers that have their kernels loaded.
    beside : float
        Seconds from the beginning to the end of both, less those of the slower unit.
    here_seconds, here_beside : float
        The same on processes of this machine, which are started for it and load their kernels in their first unit.
    peak_bytes : int
        Most that such a process held, shared pages counted.
    data_bytes : int
        That travel to each worker.
    send_seconds : float
        Until every worker had them.
    """

    kind: str
    candidate: str
    rows: int
    seconds: float
    beside: float
    here_seconds: float
    here_beside: float
    peak_bytes: int
    data_bytes: int
    send_seconds: float


@dataclass(frozen=True)
class ShardStep:
    """
    A search for neighbours among images, in one process and among shards of two workers.

    Parameters
    ----------
    rows, queries, shards : int
    one_fit, one_search : float
        Seconds of one process with two threads, to read and pack the rows and to answer the queries.
    one_bytes : int
        Most that it held.
    fit, search : float
        Seconds of two workers with one thread each.
    worker_bytes : int
        That the fuller worker holds with its shards packed.
    asking_bytes : int
        By which the process that asks grew.
    equal : bool
        The answers of both, distances and rows, are the same to the last digit.
    """

    rows: int
    queries: int
    shards: int
    one_fit: float
    one_search: float
    one_bytes: int
    fit: float
    search: float
    worker_bytes: int
    asking_bytes: int
    equal: bool


@dataclass(frozen=True)
class Measured:
    """
    One call of the command.

    Parameters
    ----------
    command, date, machine : str
    others : float or None
        Share of the processors' time that others used meanwhile.
    seconds : float
        That it took.
    units : tuple of UnitStep
    shards : tuple of ShardStep
    """

    command: str
    date: str
    machine: str
    others: float | None
    seconds: float
    units: tuple[UnitStep, ...]
    shards: tuple[ShardStep, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON, with the exponents fitted."""
        fitted = {f"{kind} {name}": grown(steps).as_dict() for (kind, name), steps in by_work(self.units).items()}
        fitted["shards search"] = exponent([s.rows for s in self.shards], [s.search for s in self.shards]).as_dict()
        return {**asdict(self), "exponents": fitted}


def measured_of(told: dict[str, Any]) -> Measured:
    """Read what `Measured.as_dict` gave."""
    plain = {name: value for name, value in told.items() if name not in {"units", "shards", "exponents"}}
    units = tuple(UnitStep(**step) for step in told["units"])
    return Measured(**plain, units=units, shards=tuple(ShardStep(**step) for step in told["shards"]))


def by_work(units: Iterable[UnitStep]) -> dict[tuple[str, str], list[UnitStep]]:
    """Give the steps of each kind of data and candidate, smallest first."""
    found: dict[tuple[str, str], list[UnitStep]] = {}
    for step in units:
        found.setdefault((step.kind, step.candidate), []).append(step)
    return {work: sorted(steps, key=lambda step: step.rows) for work, steps in found.items()}


def grown(steps: list[UnitStep]) -> Exponent:
    """Fit how the seconds of a unit grow with rows."""
    return exponent([step.rows for step in steps], [step.seconds for step in steps])
