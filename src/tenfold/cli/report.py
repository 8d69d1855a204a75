"""``tenfold report``: the page of a finished run, drawn again, after studies that were asked for."""

from __future__ import annotations

from pathlib import Path

import click

from tenfold.cli.terminal import print_paragraph, print_table, progress_line

__all__ = ["command"]


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--importance", is_flag=True, help="First find out what the answers rest on (takes fits).")
@click.option("--learning-curve", is_flag=True, help="First find out whether more data would help (takes fits).")
@click.option("--map", "tsne", is_flag=True, help="First draw a map of the rows by t-SNE.")
@click.option("--weak-spots", is_flag=True, help="Print where the run is weak, with row numbers.")
def command(run: Path, importance: bool, learning_curve: bool, tsne: bool, weak_spots: bool) -> None:
    """
    Draw the page of RUN again; it opens offline, from a double click.

    What was found out for it is kept in RUN/analysis and shown in every later page.
    """
    from tenfold.report import write_report
    from tenfold.report.findings import findings_of
    from tenfold.runs.opened import open_run
    from tenfold.runs.studying import study

    opened = open_run(run)
    asked = {"importance": importance, "learning_curve": learning_curve, "map": tsne}
    instances = study(opened, [name for name, wanted in asked.items() if wanted], progress_line)
    path = write_report(opened.path, instances)
    asked["weak"] = weak_spots
    for table in findings_of(opened.path, [name for name, wanted in asked.items() if wanted], instances):
        print_paragraph(table.title, strong=True)
        print_paragraph(table.caption)
        if table.rows:
            print_table(table.rows, right=table.right)
        click.echo()
    click.echo(path)
