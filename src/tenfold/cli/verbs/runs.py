"""``tenfold runs``: the runs of a folder."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.cli.terminal import print_json, print_table
from tenfold.output import echo

__all__ = ["command"]


@click.command("runs", short_help="List the runs in FOLDER.")
@click.argument("folder", type=click.Path(path_type=Path), default=Path("runs"))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(folder: Path, as_json: bool) -> None:
    """List the runs in FOLDER (default: runs), the newest last."""
    from tenfold.record.listing import list_runs, run_rows

    runs = list_runs(folder)
    if as_json:
        print_json({"runs": [run.as_dict() for run in runs]})
    elif not runs:
        echo(f"No runs in {folder}. Start with: tenfold run digits")
    else:
        print_table(run_rows(runs), right=(3,))
