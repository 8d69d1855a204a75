"""The way into a run: in memory where the data fit, else streamed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenfold.cluster.address import LOCAL
from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger
from tenfold.data.scratch import Scratch
from tenfold.data.streamed.memory_budget import to_stream
from tenfold.errors import UsageError
from tenfold.folds.start import worker_count
from tenfold.line import line
from tenfold.line.line import Listener
from tenfold.line.memory.steps import InMemory
from tenfold.record.config import RunConfig
from tenfold.record.run import Run
from tenfold.text import shown

__all__ = ["execute"]


def execute(
    config: RunConfig,
    out: Path,
    load: Callable[[RunConfig, Scratch], Dataset],
    draw_report: Callable[..., Any],
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
    Go the whole line of a labelled data set and leave a run folder; a table that does not fit in memory is streamed.

    Parameters
    ----------
    config : RunConfig
        What is asked.
    out : Path
        The run folder; what was started there before is resumed.
    load : callable
        Gives the data of a config; what does not fit in memory has a place on disk.
    draw_report : callable
        Draws the page of a run folder; it is given the training rows, None where they are streamed, and
        else those of the test part.
    listener : Listener, optional
    own : mapping of name to classifier, optional
        Live classifiers beside those of the catalogue; they are judged in this process.
    trusted : collection of str
        Names ``module:object`` whose code may be imported: the user typed them, no file alone can ask for that.
    cores : int, optional
        Worker processes, as `tenfold.folds.start.worker_count` takes them. No figure depends on it.
    engine : str
        As for `tenfold.line.memory.steps.InMemory`.
    ledger : Ledger, optional
        Of test openings; the user's own by default.
    loaded : bool
        The data are in memory already.

    Returns
    -------
    Run
        With the fitted model as its `pipeline`, whether or not it could be saved.

    Raises
    ------
    TenfoldError
        Whatever is refused, with its exit code.
    """
    cores = worker_count(cores)
    if loaded and config.stream:
        raise UsageError("data in memory are not streamed", do="give the path of a table")
    source = None if loaded else to_stream(config.source, requested=config.stream)
    if source is None:
        in_memory = InMemory(config, load, draw_report, own or {}, trusted, cores, engine)
        run, model = line.execute(in_memory, out, listener=listener, ledger=ledger)
        return replace(run, pipeline=model)
    if config.order is not None:
        raise UsageError(
            "--order does not go with a streamed table, whose folds follow from what a row holds", where=source.path,
            do="leave it out, or give a part of the table that fits in memory",
        )  # fmt: skip
    if own or engine != LOCAL:
        what = "classifiers of your own do" if own else f"--engine {shown(engine)} does"
        raise UsageError(f"{what} not go with a streamed table", where=source.path, do="leave it out")
    # Only here, since few tables are streamed.
    from tenfold.line.streamed.steps import Streamed

    run, _ = line.execute(Streamed(config, source, draw_report, cores), out, listener=listener, ledger=ledger)
    return run
