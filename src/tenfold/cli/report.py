"""``tenfold report``: the page of a finished run, drawn again."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["command"]


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
def command(run: Path) -> None:
    """Draw the page of RUN again; it opens offline, from a double click."""
    from tenfold.report import write_report
    from tenfold.runs.opened import open_run

    click.echo(write_report(open_run(run).path))
