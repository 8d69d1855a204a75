"""The memory and disk space available, and what a table needs of them."""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.data.sources.catalogue import NAMES
from tenfold.data.sources.limits import FILE_BYTES, UNPACKED_BYTES
from tenfold.data.sources.sniff import is_table
from tenfold.errors import StorageError, UsageError
from tenfold.text import byte_count

if TYPE_CHECKING:
    from tenfold.data.streamed.source import TableSource

__all__ = ["available_memory", "fits_in_memory", "refuse_no_space", "rows_that_fit", "to_stream"]

_COPIES = 4
"""Copies of a table in a run in memory: as it was read, its training part, and one in each of two workers."""
_ROW_BYTES = 128
"""Bytes of a row's content id, as text."""
_CGROUP = Path("/sys/fs/cgroup/memory.max")
_CGROUP_USED = Path("/sys/fs/cgroup/memory.current")


def available_memory() -> int:
    """
    Return the bytes that this process may still take, of the machine or of the container it runs in.

    Examples
    --------
    >>> available_memory() > 10_000_000
    True
    """
    limits = [_of_machine()]
    with suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        limits.append(max(int(_CGROUP.read_text()) - int(_CGROUP_USED.read_text()), 0))
    return min(limits)


def _of_machine() -> int:
    meminfo = Path("/proc/meminfo")
    if meminfo.exists():
        lines = dict(line.split(":", 1) for line in meminfo.read_text().splitlines() if ":" in line)
        return int(lines["MemAvailable"].split()[0]) * 1024
    if sys.platform == "win32":
        return 8 * 1024**3
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2


def rows_that_fit(source: TableSource, memory: int | None = None) -> int:
    """Return the estimated number of rows of this table's width that a run in memory can hold."""
    each = _COPIES * (8 * len(source.columns) + _ROW_BYTES)
    return (available_memory() if memory is None else memory) // each


def fits_in_memory(source: TableSource) -> bool:
    """Return whether a table is within the limits of a file and the memory budget."""
    too_large = any(part.stat().st_size > FILE_BYTES for part in source.parts)
    unpacked = 8 * source.rows * len(source.columns)
    return not too_large and unpacked <= UNPACKED_BYTES and source.rows <= rows_that_fit(source)


def to_stream(source: str, *, requested: bool) -> TableSource | None:
    """
    Give the table that a path names where it is to be streamed: because that is asked, or as memory is too small.

    Parameters
    ----------
    source : str
        A path, or the name of a known source.
    requested : bool

    Raises
    ------
    UsageError
        Streaming is asked of something that is no table.
    """
    table = _table_at(Path(source).expanduser()) if source and source not in NAMES else None
    if table is None and requested:
        raise UsageError(
            "--stream is for a table: .csv, .parquet, or a folder of .parquet files", where=source, do="leave it out"
        )
    return None if table is None or (not requested and fits_in_memory(table)) else table


def _table_at(path: Path) -> TableSource | None:
    if not path.exists() or not is_table(path):
        return None
    # Only here: whoever gives images need not load pyarrow.
    from tenfold.data.streamed.source import table_source

    return table_source(path)


def refuse_no_space(folder: Path, source: TableSource, candidates: int, scores: int | None = None) -> None:
    """
    Refuse to go on where the disk space is too small for the files of the run.

    Parameters
    ----------
    folder : Path
    source : TableSource
    candidates : int
    scores : int, optional
        Number of scores of a row, once the classes are known and the row store is written.

    Raises
    ------
    StorageError
        The message says how much is needed and how much is free.
    """
    store = 8 * len(source.columns) + 2 + 16 + 8 + 1
    # Scores of all candidates, in their units, in order, and as predictions.
    each = candidates * ((scores or 1) * (8 + 20 + 8) + 20) + (store if scores is None else 0)
    n_bytes = int(1.1 * source.rows * each)
    free = shutil.disk_usage(folder).free
    if n_bytes > free:
        raise StorageError(
            f"about {source.rows:,} rows need {byte_count(n_bytes)} on the way, {byte_count(free)} are free",
            where=folder,
            do="free some space, or choose a folder on another disk with --out",
        )
