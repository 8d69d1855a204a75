"""The measured part of docs/scaling.md, from what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.exponent import Exponent, exponent
from bench.measured import DISTURBING
from bench.places.arithmetic import WORKER_BYTES, Reading, bytes_a_row, search_at, shard_workers, unit_at
from bench.places.figures import Measured, ShardStep, UnitStep, by_work
from bench.places.units import FOLDS
from bench.words import megabytes, seconds
from tenfold.errors import DataError

__all__ = ["BEGIN", "END", "inserted", "section"]

BEGIN, END = "<!-- measured: written by python -m bench.places -->", "<!-- /measured -->"
_AHEAD = (10**5, 10**7, 10**9)
_KINDS = {"table": "table of 30 numbers", "image": "images of 784 bytes"}


def inserted(page: str, measured: Measured) -> str:
    """
    Replace what stands between the two markers of a page.

    Raises
    ------
    DataError
        The markers are not there.
    """
    if page.count(BEGIN) != 1 or page.count(END) != 1:
        raise DataError("the markers of the measured part are not there once each", where="docs/scaling.md")
    before, rest = page.split(BEGIN)
    return f"{before}{BEGIN}\n{section(measured)}\n{END}{rest.split(END)[1]}"


def section(measured: Measured) -> str:
    """Give the measured part."""
    works = by_work(measured.units)
    parts = [
        _conditions(measured),
        "### Units, as rows grow",
        _units(works),
        _units_read(works),
        "### Shards against one process",
        _shards(measured.shards),
        _shards_read(measured.shards),
        "### At 10^5, 10^7 and 10^9 rows",
        _ahead(works, measured.shards),
        _ahead_read(),
    ]
    return "\n\n".join(parts)


def _conditions(measured: Measured) -> str:
    share = measured.others
    others = "" if share is None else f" Others used {100 * share:.0f} % of the processors meanwhile."
    others += " **Seconds are longer than the work needs.**" if share is not None and share > DISTURBING else ""
    return (
        f"Measured on {measured.date} by `{measured.command}` in {seconds(measured.seconds)}, on {measured.machine}; "
        f"two processes of one thread each, the Dask workers on the same machine.{others} Rows are made: a table "
        "of 30 normal numbers in two classes, images of 28 x 28 bytes in ten. Each figure is of one measurement."
    )


def _units(works: dict[tuple[str, str], list[UnitStep]]) -> str:
    head = (
        "data", "candidate", "rows", "a unit", "on a fresh process", "memory", "beside, on Dask", "beside, here",
        "data sent in",
    )  # fmt: skip
    return _table(head, [row for work, steps in works.items() for row in _rows_of(*work, steps)])


def _rows_of(kind: str, name: str, steps: Sequence[UnitStep]) -> list[tuple[str, ...]]:
    rows = [
        (
            f"{step.rows:,}",
            seconds(step.seconds),
            seconds(step.here_seconds),
            megabytes(step.peak_bytes),
            seconds(step.beside),
            seconds(step.here_beside),
            f"{seconds(step.send_seconds)} ({megabytes(step.data_bytes)})",
        )
        for step in steps
    ]
    return [(*((_KINDS[kind], f"`{name}`") if not place else ("", "")), *row) for place, row in enumerate(rows)]


def _units_read(works: dict[tuple[str, str], list[UnitStep]]) -> str:
    grown = "; ".join(
        f"`{name}` on {_KINDS[kind].split(' of')[0]} rows^{_exponent(steps)}" for (kind, name), steps in works.items()
    )
    return (
        f"A unit learns from {FOLDS - 1} of {FOLDS} folds and answers the other; seconds are its own, the mean of two "
        "done at once, on a Dask worker whose kernels are loaded, and on a process of this machine that starts for it "
        "and loads them. Memory is the most that such a process held, libraries and shared pages counted. Beside: from "
        "the beginning to the end of both units, less the slower one: on Dask, data unpacked, asked and fetched; here, "
        "processes started. The data are sent once to each worker, whatever the number of units. Seconds of a unit "
        f"grow as {grown} (standard error; least squares on logarithms). A unit of k-NN compares all pairs of rows: "
        "however flat it begins, it ends at rows^2."
    )


def _exponent(steps: Sequence[UnitStep]) -> str:
    return _power(exponent([step.rows for step in steps], [step.seconds for step in steps]))


def _power(found: Exponent) -> str:
    return f"{found.value:.2f} (±{found.error:.2f})"


def _shards(steps: Sequence[ShardStep]) -> str:
    head = (
        "rows", "one process: fit", "search", "memory", "two workers: fit", "search", "memory of the fuller", "asking",
        "answers",
    )  # fmt: skip
    rows = [
        (
            f"{step.rows:,}",
            seconds(step.one_fit),
            seconds(step.one_search),
            megabytes(step.one_bytes),
            seconds(step.fit),
            seconds(step.search),
            megabytes(step.worker_bytes),
            f"+{megabytes(step.asking_bytes)}",
            "equal" if step.equal else "**differ**",
        )
        for step in steps
    ]
    return _table(head, rows)


def _shards_read(steps: Sequence[ShardStep]) -> str:
    rows = [step.rows for step in steps]
    one, spread = exponent(rows, [s.one_search for s in steps]), exponent(rows, [s.search for s in steps])
    return (
        f"Five neighbours of {steps[-1].queries:,} images in {steps[-1].shards} files: `KNeighborsClassifier` in one "
        "process with two threads, which reads and holds all rows, and `ShardedKNeighborsClassifier` with two workers "
        "of one thread. Fit: files read, rows packed. Asking: by how much the process that asks grew. Answers: "
        f"distances and rows compared to the last digit. Seconds of the search grow as rows^{_power(one)} and "
        f"rows^{_power(spread)}; a row takes {bytes_a_row(steps):,.0f} bytes of the workers' memory."
    )


def _ahead(works: dict[tuple[str, str], list[UnitStep]], shards: Sequence[ShardStep]) -> str:
    head = ("what", *(f"{rows:,} rows" for rows in _AHEAD))
    rows = [
        (f"a unit of `{name}`, {_KINDS[kind]}", *(_cell(unit_at(steps, ahead)) for ahead in _AHEAD))
        for (kind, name), steps in works.items()
    ]
    said = f"{shards[-1].queries:,} queries among shards, images of 784 bytes"
    return _table(head, [*rows, (said, *(_shard_cell(shards, ahead) for ahead in _AHEAD))])


def _cell(reading: Reading) -> str:
    if reading.measured:
        return f"measured: {seconds(reading.seconds)}, {_size(reading.bytes)}"
    fits = "" if reading.bytes <= WORKER_BYTES else f"; **not on a worker of {_size(WORKER_BYTES)}**"
    return f"extrapolated: {_both(reading, 1)}, {_size(reading.bytes)}{fits}"


def _shard_cell(steps: Sequence[ShardStep], rows: int) -> str:
    reading = search_at(steps, rows)
    if reading.measured:
        return f"measured: {seconds(reading.seconds)} on 2 workers, {_size(reading.bytes)} on the fuller"
    workers = shard_workers(rows, bytes_a_row(steps))
    said = f"{workers:,} worker{'' if workers == 1 else 's'} of {_size(WORKER_BYTES)}"
    return f"extrapolated: {_both(reading, workers / 2)} on {said}; {_size(reading.bytes)} in all"


def _both(reading: Reading, faster: float) -> str:
    """By the order of the work, and by the fitted power."""
    fitted = "not told" if reading.fitted is None else _long(reading.fitted / faster)
    return f"{_long(reading.seconds / faster)} (fitted: {fitted})"


def _ahead_read() -> str:
    worker = _size(WORKER_BYTES)
    return (
        "Measured cells repeat the tables above. Extrapolated ones are arithmetic: seconds from the largest number of "
        "rows measured by the order that the work has in the limit (rows, but rows^2 for units of `knn`); in brackets "
        "by the fitted power, which small sizes flatten, and which is not told where its standard error is 0.25 or "
        f"more; memory by a straight line through the measured peaks. Shards: as many workers of {worker} as hold the "
        "rows at 65 % of their memory, one thread each, time divided evenly among them; the network between machines, "
        "which was not measured, is left out. A run has folds x candidates units, done as many at a time as there are "
        "workers. Where a unit does not fit a worker it cannot be done by this engine, however many workers there "
        "are: only shards spread one training set."
    )


def _long(value: float) -> str:
    """Seconds as people say them when there are many."""
    for unit, length in (("years", 31_557_600), ("days", 86_400), ("h", 3_600), ("min", 60)):
        if value >= 2 * length:
            return f"{value / length:,.1f} {unit}" if value < 20 * length else f"{value / length:,.0f} {unit}"
    return seconds(value)


def _size(count: float) -> str:
    for unit, length in (("TB", 1e12), ("GB", 1e9)):
        if count >= length:
            return f"{count / length:,.1f} {unit}".replace(".0 ", " ")
    return megabytes(int(count))


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    numbers = ["---"] * len(head)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, numbers, *rows))
