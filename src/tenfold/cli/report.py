"""``tenfold report``: the page of a finished run, drawn again."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.cli.terminal import progress_line

__all__ = ["command"]


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--importance", is_flag=True, help="First find out what the answers rest on (takes a fit).")
@click.option("--learning-curve", is_flag=True, help="First find out whether more data would help (takes fits).")
def command(run: Path, importance: bool, learning_curve: bool) -> None:
    """Draw the page of RUN again; it opens offline, from a double click."""
    from tenfold.report import write_report
    from tenfold.runs.opened import open_run
    from tenfold.runs.studies import study_importance, study_learning

    opened = open_run(run)
    if importance:
        study_importance(opened, progress_line)
    if learning_curve:
        study_learning(opened, progress_line)
    click.echo(write_report(opened.path))
