"""The command ``python -m bench.places``."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.machine import processors, this_machine
from bench.occupied import Clock, others_since
from bench.places.cluster import two_workers
from bench.places.figures import Measured, measured_of
from bench.places.shards import measured_shards
from bench.places.told import inserted
from bench.places.units import measured_units
from tenfold.errors import TenfoldError
from tenfold.storage import storage_faults, write_json, write_whole

__all__ = ["PLAN", "Plan", "command", "main"]

_INTERRUPTED = 130

Plan = tuple[tuple[tuple[str, tuple[str, ...], tuple[int, ...]], ...], tuple[int, ...], int]
"""Kind of data, candidates and numbers of rows; numbers of rows for shards; queries."""

PLAN: Plan = (
    (
        ("table", ("sgd", "boosting"), (10_000, 100_000, 1_000_000)),
        ("table", ("knn",), (30_000, 100_000, 200_000)),
        ("image", ("sgd", "knn"), (10_000, 30_000, 60_000)),
    ),
    (100_000, 300_000, 1_000_000),
    1_000,
)


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("docs"),
    show_default=True,
    help="Folder with scaling.md, whose measured part is replaced; scaling.json is written beside it.",
)
@click.option("--rewrite", is_flag=True, help="Measure nothing: write the page from scaling.json again.")
def command(out: Path, rewrite: bool) -> None:
    """
    Measure what runs where: units here and on two Dask workers, and neighbours among shards, as rows grow.

    Takes some four minutes on two cores. Needs the extra dask; the workers are started on this machine and ended again.
    """
    page, kept = out / "scaling.md", out / "scaling.json"
    with storage_faults(kept if rewrite else page):
        words, known = page.read_text(), kept.read_text() if rewrite else ""
    found = measured_of(json.loads(known)) if rewrite else measured(PLAN)
    words = inserted(words, found)
    write_json(kept, found.as_dict())
    write_whole(page, words)
    click.echo(f"Written: {out / 'scaling.md'}, {out / 'scaling.json'}")


def measured(plan: Plan) -> Measured:
    """Measure everything of a plan, one after the other."""
    machine, before, start = this_machine(), Clock.now(), time.perf_counter()
    works, shard_rows, queries = plan
    memory = "" if machine.memory_bytes is None else f", {machine.memory_bytes / 1e9:.0f} GB of memory"
    with two_workers() as engine:
        measured_units("table", 600, ("sgd", "boosting", "knn"), engine)  # compiles and imports what is slow at first
        units = []
        for kind, names, sizes in works:
            for rows in sizes:
                _tell(f"{', '.join(names)}: {rows:,} rows ({kind})", start)
                units += measured_units(kind, rows, names, engine)
    shards = []
    for rows in shard_rows:
        with two_workers() as engine:
            _tell(f"shards: {rows:,} rows", start)
            shards.append(measured_shards(rows, queries, engine))
    return Measured(
        "python -m bench.places",
        datetime.now(UTC).date().isoformat(),
        f"{machine.processor}, {machine.processors} processors{memory}",
        others_since(before, Clock.now(), processors()),
        time.perf_counter() - start,
        tuple(units),
        tuple(shards),
    )


def main() -> None:
    """Run the command line and exit with the code of what happened."""
    try:
        command.main(prog_name="python -m bench.places", standalone_mode=False)
    except click.UsageError as fault:
        _end(f"{fault.format_message().rstrip('.')}. See python -m bench.places --help.", 2)
    except (click.Abort, KeyboardInterrupt):
        _end("Interrupted. Nothing is written.", _INTERRUPTED)
    except TenfoldError as fault:
        _end(str(fault), fault.exit_code)


def _tell(line: str, start: float) -> None:
    click.echo(f"{time.perf_counter() - start:4.0f} s  {line}", err=True)


def _end(line: str, code: int) -> None:
    click.echo(f"bench: {line}", err=True)
    sys.exit(code)


if __name__ == "__main__":
    main()
