"""The command ``python -m bench.larger``."""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

import click

from bench.larger.table import COLUMNS, QUANTITY, TARGET, write_table
from bench.larger.watch import watched

_MEGA = 1e6


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--rows", type=click.IntRange(1000), default=20_000_000, show_default=True)
@click.option("--folder", type=click.Path(path_type=Path), default=Path("runs/larger"), show_default=True,
              help="Where the table and the run are written.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True, help="Worker processes.")
@click.option("--models", help="Candidates (default: all that stream).")
@click.option("--quantity", is_flag=True, help="Predict a number rather than two classes.")
def command(rows: int, folder: Path, jobs: int, models: str | None, quantity: bool) -> None:
    """Make a table of so many rows of 30 columns, judge it streamed, and say what that took."""
    target = QUANTITY if quantity else TARGET
    table, out = folder / f"{target}-{rows}", folder / f"run-{target}-{rows}-{jobs}"
    click.echo(f"Writing {rows:,} rows …", err=True)
    write_table(table, rows, target=target)
    if out.exists():
        shutil.rmtree(out)
    words = [sys.executable, "-m", "tenfold", "run", str(table), "--target", target, "--stream"]
    words += ["--out", str(out), "--jobs", str(jobs), *(["--models", models] if models else [])]
    found = watched(words)
    told = {
        "rows": rows,
        "target": target,
        "columns": COLUMNS,
        "bytes": sum(part.stat().st_size for part in table.iterdir()),
        "jobs": jobs,
        "rows_per_second": rows / found.seconds,
        **asdict(found),
    }
    (folder / f"took-{target}-{rows}-{jobs}.json").write_text(json.dumps(told, indent=1) + "\n")
    click.echo(
        f"{rows:,} rows x {COLUMNS} columns ({told['bytes'] / _MEGA:,.0f} MB), {jobs} workers: {found.seconds:,.0f} s "
        f"({found.processor_seconds:,.0f} s of processors), "
        f"{told['rows_per_second']:,.0f} rows/s end to end; the largest process held {found.largest / _MEGA:,.0f} MB, "
        f"all {found.processes} together {found.together / _MEGA:,.0f} MB ({found.apart / _MEGA:,.0f} MB with shared "
        "pages counted once)"
    )
    sys.exit(found.exit_code)


if __name__ == "__main__":
    command()
