"""``tenfold report``: what a finished run found, as a page, as text, for programs, or as figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenfold.cli.terminal import print_json, progress_line

if TYPE_CHECKING:
    from tenfold.runs.opened import Run

__all__ = ["command"]


@click.command("report")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--figures", metavar="DIR", type=click.Path(path_type=Path),
              help="Write each figure into DIR, as SVG and as PNG.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(("html", "md", "json")),
              help="Draw the page (the default), or print the report as Markdown or as one JSON object.")  # fmt: skip
def command(run: Path, figures: Path | None, form: str | None) -> None:
    """
    Draw the page of RUN again; it opens offline, from a double click.

    \b
    tenfold report runs/mnist
    tenfold report runs/mnist --format md > report.md
    tenfold report runs/mnist --figures paper/figures
    """  # noqa: D301
    from tenfold.runs.opened import open_run

    opened = open_run(run)
    if figures is not None:
        _write_figures(opened, figures)
    if form in {"md", "json"}:
        _print(opened, form)
    elif form == "html" or figures is None:
        from tenfold.report import write_report

        click.echo(write_report(opened.path))


def _write_figures(opened: Run, folder: Path) -> None:
    from tenfold.report.content import read_content
    from tenfold.report.drawings.write import write_figures

    written = write_figures(opened, read_content(opened.path), folder)
    for sentence in written.absent:
        progress_line(sentence)
    names = ", ".join(sorted({path.stem for path in written.files}))
    progress_line(f"{len(written.files)} files in {folder}: {names}, each as SVG and PNG")


def _print(opened: Run, form: str) -> None:
    from dataclasses import asdict

    from tenfold.report.content import read_content
    from tenfold.report.markdown import markdown
    from tenfold.report.told import told

    found = told(read_content(opened.path))
    if form == "md":
        click.echo(markdown(found), nl=False)
    else:
        print_json({"schema": 1, "report": asdict(found), "metrics": opened.metrics})
