"""``tenfold report``: what a finished run found, as a page, as text, for programs, or as figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenfold.cli.sources import names_in
from tenfold.cli.terminal import print_json, print_paragraph, print_table, progress_line
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.data.dataset import Dataset
    from tenfold.record.run import Run

__all__ = ["command"]


@click.command("report", short_help="Draw the page of RUN again, or print it.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--importance", is_flag=True, help="First find out what the answers rest on (takes fits).")
@click.option("--learning-curve", is_flag=True, help="First find out whether more data would help (takes fits).")
@click.option(
    "--evidence", is_flag=True, help="Of mail: first weigh words by the models that judged them (takes fits)."
)
@click.option("--map", "tsne", is_flag=True, help="First draw a map of the rows by t-SNE.")
@click.option("--weak-spots", is_flag=True, help="Print where the run is weak, with row numbers.")
@click.option("--figures", metavar="DIR", type=click.Path(path_type=Path),
              help="Write each figure into DIR, as SVG and as PNG.")  # fmt: skip
@click.option("--own", metavar="MODULE:OBJECT", help="Your own classifier, where RUN chose it and it is to be fitted.")
@click.option("--format", "form", type=click.Choice(("html", "md", "json")),
              help="Draw the page (the default), or print the report as Markdown or as one JSON object.")  # fmt: skip
def command(
    run: Path,
    importance: bool,
    learning_curve: bool,
    evidence: bool,
    tsne: bool,
    weak_spots: bool,
    figures: Path | None,
    own: str | None,
    form: str | None,
) -> None:
    """
    Draw the page of RUN again; it opens offline, from a double click.

    What was found out for it is kept in RUN/analysis and shown in every later page.

    \b
    tenfold report runs/mnist
    tenfold report runs/mnist --format md > report.md
    tenfold report runs/mnist --figures paper/figures
    """  # noqa: D301
    from tenfold.analysis.studies.study import study
    from tenfold.record.run import open_run, refuse_denoised

    opened = open_run(run)
    if figures is not None:
        refuse_denoised(opened, "--figures")
    studies = {"evidence": evidence, "importance": importance, "learning_curve": learning_curve, "map": tsne}
    wanted = [name for name, is_wanted in studies.items() if is_wanted]
    instances = study(opened, wanted, progress_line, names_in(own))
    if figures is not None:
        _write_figures(opened, instances, figures)
    if form in {"md", "json"}:
        _print(opened, instances, form)
        return
    if form == "html" or figures is None:
        _write_page(opened, instances, wanted + (["weak"] if weak_spots else []))


def _write_page(opened: Run, instances: Dataset | None, names: list[str]) -> None:
    from tenfold.show import write_report
    from tenfold.show.findings import findings_of

    path = write_report(opened.path, instances)
    for table in findings_of(opened.path, names, instances):
        print_paragraph(table.title, strong=True)
        print_paragraph(table.caption)
        if table.rows:
            print_table(table.rows, right=table.right)
        echo()
    echo(path)


def _write_figures(opened: Run, instances: Dataset | None, folder: Path) -> None:
    from tenfold.show.content import read_content
    from tenfold.show.figures.write import write_figures

    written = write_figures(opened, read_content(opened.path, instances), folder)
    for sentence in written.absent:
        progress_line(sentence)
    names = ", ".join(sorted({path.stem for path in written.files}))
    progress_line(f"{len(written.files)} files in {folder}: {names}, each as SVG and PNG")


def _print(opened: Run, instances: Dataset | None, form: str) -> None:
    from dataclasses import asdict

    from tenfold.show.content import read_content
    from tenfold.show.plain_report import markdown, plain_report

    report = plain_report(read_content(opened.path, instances))
    if form == "md":
        echo(markdown(report), nl=False)
    else:
        print_json({"schema": 1, "report": asdict(report), "metrics": opened.metrics})
