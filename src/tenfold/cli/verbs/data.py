"""``tenfold data``: which sources there are, what is in one, and what is wrong with it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.sources import source_arguments, source_options
from tenfold.cli.terminal import print_json, print_paragraph, print_table
from tenfold.errors import CheckFailedError
from tenfold.output import echo
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.data.checks import ColumnSummary, Description, Finding
    from tenfold.data.dataset import Dataset
    from tenfold.data.roles.role import ColumnRole
    from tenfold.task import Task

__all__ = ["command"]

_MOST_CLASSES = 40
_FORMS = (
    (".csv .tsv .parquet", "a table; name the labels with --target"),
    ("a folder of .parquet", "one table in parts"),
    (".npz", "arrays X and y, or x_train, y_train, x_test, y_test"),
    ("IDX files, .gz or not", "a folder of them, or an images file with its labels beside it"),
    ("a folder of folders", "images (PNG, JPEG, BMP, TIFF, WebP); each folder is a class"),
)


@click.group("data", short_help="List the known sources, show one, or check it.")
def command() -> None:
    """List the known sources, show one, or check it for what is wrong."""


@command.command("list", short_help="List the named sources and the files that can be read.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_sources(as_json: bool) -> None:
    """List the sources that have a name, and the forms of files that can be read."""
    from tenfold.data.sources.catalogue import KNOWN_SOURCES

    rows = [(known.name, known.summary, "here" if known.present() else known.origin) for known in KNOWN_SOURCES]
    if as_json:
        print_json({"sources": [dict(zip(("name", "summary", "where"), row, strict=True)) for row in rows]})
        return
    print_table([("name", "what it is", "where it is"), *rows])
    echo("\nOr a path:")
    print_table([("file or folder", "what is read"), *_FORMS])


@command.command("show")
@click.argument("source", default="digits")
@source_options
@click.option("--sheet", type=click.Path(path_type=Path), help="Write a sheet of examples of each class (.png).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(source: str, sheet: Path | None, as_json: bool, **options: Any) -> None:
    """Show what is in SOURCE: rows a class, examples or columns."""
    from tenfold.data.checks import describe

    data = _load(source, options)
    task = quantities_in(data)
    description = describe(data, quantities=task is not None)
    if sheet is not None:
        _write_sheet(data, sheet)
    if as_json:
        print_json(asdict(description))
    else:
        _show(data, description)


@command.command("check", short_help="Say what is wrong with SOURCE.")
@click.argument("source", default="digits")
@source_options
@click.option("--cv", type=click.IntRange(2, 100), default=5, show_default=True, help="Folds that classes must fill.")
@click.option("--strict", is_flag=True, help="Exit 1 when anything is found, not only what is fatal.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_source(source: str, cv: int, strict: bool, as_json: bool, **options: Any) -> None:
    """Say what is wrong with SOURCE: labels, duplicates, columns; exit 1 when something is fatal."""
    from tenfold.data.checks import check, has_fatal

    data = _load(source, options)
    findings = check(data, quantities_in(data), folds=cv, test_rows=data.official_test)
    if as_json:
        print_json({"source": data.source, "findings": [asdict(finding) for finding in findings]})
    else:
        _show_findings(data, findings)
    if has_fatal(findings) or (strict and findings):
        fatal = sum(finding.level == "fatal" for finding in findings)
        raise CheckFailedError(f"{len(findings)} findings, {fatal} of them fatal", where=data.source)


@command.command("roles", short_help="Write what each column of SOURCE is, to be changed by hand.")
@click.argument("source")
@source_options
@click.option("--out", type=click.Path(path_type=Path), default=Path("columns.toml"), show_default=True)
def write_roles(source: str, out: Path, **options: Any) -> None:
    """Write what each column of SOURCE is; change it by hand, and give it to tenfold run --columns."""
    from tenfold.data.roles.choice import proposed_words
    from tenfold.data.roles.file import write_columns
    from tenfold.errors import UsageError

    data = _load(source, options)
    roles = data.traits.roles(data.X)
    if not roles:
        raise UsageError("only columns of a table have roles", where=source, do="give a table")
    write_columns(out, roles)
    print_table([("column", "role", "because"), *map(_role_cells, roles)])
    for one in roles:
        if one.proposed:
            print_paragraph(f"Proposed for '{shown(one.name, 40)}', {proposed_words(one)}: {one.warning}.")
    echo(f"\nWritten to {shown(out)}: change it, and give tenfold run {shown(source)} --columns {shown(out)}")


def quantities_in(data: Dataset) -> Task | None:
    """Return the task of predicting the labels as numbers, where they look like quantities; None of anything else."""
    from tenfold.errors import TenfoldError
    from tenfold.task import infer_task

    if data.y is None:
        return None
    known = data.labels if data.labels.dtype != object else data.labels[data.labels != ""]
    try:
        task = infer_task(known, target_names=data.target_names)
    except TenfoldError:
        return None
    return task if task.numeric else None


def _load(source: str, options: dict[str, Any]) -> Dataset:
    from tenfold.data.sources import load

    return load(**source_arguments(source, **options))


def _write_sheet(data: Dataset, path: Path) -> None:
    from tenfold.data.checks import contact_sheet
    from tenfold.errors import UsageError
    from tenfold.storage import writing

    if data.kind != "image":
        raise UsageError(f"a sheet of examples needs images, {data.name} is a {data.kind}")
    if path.suffix.lower() != ".png":
        raise UsageError("a sheet is written as .png", where=path)
    with writing(path) as draft:
        contact_sheet(data).save(draft, format="PNG")


def _show(data: Dataset, description: Description) -> None:
    what = "images of " + " x ".join(map(str, description.image_shape)) if description.image_shape else "rows"
    tested = f", {description.n_test:,} of them the source's own test part" if description.n_test else ""
    echo(f"{data.name}: {description.n:,} {what}{tested}")
    for note in data.notes:
        echo(note)
    _show_classes(description)
    if description.columns:
        head = ("column", "type", "missing", "distinct", "values")
        echo()
        print_table([head, *map(_column_cells, description.columns)], right=(2, 3))
        echo()
        print_table([("column", "role", "because"), *map(_role_cells, description.roles)])
        for role in description.roles:
            if role.warning:
                print_paragraph(f"{shown(role.name, 30)}: {role.warning}.")
        echo("\nThe first rows:")
        names = [shown(column.name, 16) for column in description.columns]
        print_table([names, *([shown(value, 16) for value in row] for row in description.head)])
    if data.kind == "image":
        _draw_examples(data)


def _show_classes(description: Description) -> None:
    from tenfold.decimals import percents

    if description.targets:
        echo()
        print_table([("to predict", "type", "missing", "distinct", "values"), *map(_column_cells, description.targets)],
                    right=(2, 3))  # fmt: skip
    if not description.classes:
        return
    most = description.classes[:_MOST_CLASSES]
    shares = percents(count / description.n for _, count in most)
    rows = [(shown(name, 40), f"{count:,}", share) for (name, count), share in zip(most, shares, strict=True)]
    echo()
    print_table([("class", "rows", "share"), *rows], right=(1, 2))
    if len(description.classes) > _MOST_CLASSES:
        echo(f"and {len(description.classes) - _MOST_CLASSES} rarer classes")
    if description.unlabelled:
        echo(f"{description.unlabelled:,} rows have no label")


def _column_cells(column: ColumnSummary) -> tuple[str, ...]:
    return (shown(column.name, 30), column.type, f"{column.missing:,}", f"{column.distinct:,}", _typical(column))


def _role_cells(role: ColumnRole) -> tuple[str, ...]:
    return (shown(role.name, 30), role.role if role.used else f"{role.role}, not used", role.reason)


def _typical(column: ColumnSummary) -> str:
    if column.low is not None:
        return f"{column.low:g} to {column.high:g}, median {column.median:g}"
    return ", ".join(f"{shown(value, 16)} ({count:,})" for value, count in column.most_frequent[:3])


def _draw_examples(data: Dataset) -> None:
    """An example of each class in half blocks, on a terminal that shows colour."""
    if not sys.stdout.isatty():
        echo("\nA sheet of examples: tenfold data show SOURCE --sheet examples.png")
        return
    from tenfold.cli.pictures import print_examples

    print_examples(data)


def _show_findings(data: Dataset, findings: tuple[Finding, ...]) -> None:
    if not findings:
        echo(f"{data.name}: nothing found in {len(data):,} rows.")
        return
    for finding in findings:
        level = f"{finding.level:<8}"
        echo(finding.code, lead=level) if finding.level == "fatal" else echo(level + finding.code)
        print_paragraph(finding.sentence, indent="        ")
