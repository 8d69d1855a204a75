"""The way into a run: in memory where the data fit, else streamed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from tenfold.cluster.address import LOCAL
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger, home_ledger
from tenfold.data.sources.catalogue import NAMES
from tenfold.data.streamed.memory_budget import fits_in_memory
from tenfold.data.streamed.source import TableSource, table_source
from tenfold.errors import UsageError
from tenfold.folds.processes import usable_cores
from tenfold.line import line
from tenfold.line.line import Listener
from tenfold.line.streamed.line import stream
from tenfold.record.config import RunConfig
from tenfold.record.run import Run
from tenfold.text import shown

__all__ = ["execute", "to_stream"]


def execute(
    config: RunConfig,
    out: Path,
    load: Callable[[RunConfig], Dataset],
    draw_report: Callable[[Path, Dataset | None], Any],
    *,
    listener: Listener | None = None,
    own: Mapping[str, Any] | None = None,
    trusted: Collection[str] = (),
    cores: int | None = None,
    engine: str = LOCAL,
    ledger: Ledger | None = None,
    loaded: bool = False,
) -> Run:
    """
    Go the whole line as `tenfold.line.line.execute` does; a table that does not fit in memory is streamed.

    Parameters are those of `tenfold.line.line.execute`, and `loaded`: the data are in memory already.
    """
    if cores is not None and cores < 1:
        raise UsageError(f"--jobs {cores}: at least one process does the work")
    if loaded and config.stream:
        raise UsageError("data in memory are not streamed", do="give the path of a table")
    source = None if loaded else to_stream(config.source, asked=config.stream)
    if source is None:
        return line.execute(
            config,
            out,
            load,
            draw_report,
            listener=listener,
            own=own,
            trusted=trusted,
            cores=cores,
            engine=engine,
            ledger=ledger,
        )
    if own or engine != LOCAL:
        what = "classifiers of your own do" if own else f"--engine {shown(engine)} does"
        raise UsageError(f"{what} not go with a streamed table", where=source.path, do="leave it out")
    return stream(
        config,
        source,
        out,
        draw_report,
        listener=listener or Listener(),
        cores=cores or usable_cores(),
        ledger=ledger or home_ledger(),
    )


def to_stream(source: str, *, asked: bool) -> TableSource | None:
    """
    Give the table that a path names where it is to be streamed: because that is asked, or as memory is too small.

    Parameters
    ----------
    source : str
        A path, or the name of a known source.
    asked : bool

    Raises
    ------
    UsageError
        Streaming is asked of something that is no table.
    """
    path = Path(source).expanduser()
    found = table_source(path) if source and source not in NAMES and path.exists() else None
    if found is None and asked:
        raise UsageError(
            "--stream is for a table: .csv, .parquet, or a folder of .parquet files", where=source, do="leave it out"
        )
    return None if found is None or (not asked and fits_in_memory(found)) else found
