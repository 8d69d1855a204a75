"""``tenfold compare``: what one run gets right that another gets wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenfold.cli.terminal import print_paragraph, print_record, print_table
from tenfold.output import echo

if TYPE_CHECKING:
    from tenfold.ask.comparison.compare import Comparison
    from tenfold.cli.outputs import ComparisonEntry
    from tenfold.data.dataset import Dataset

__all__ = ["command"]

_CLASSES_SHOWN = 20


@click.command("compare", short_help="Compare RUNS on the rows that they have in common.")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--candidate", "candidates", multiple=True, metavar="NAME",
              help="Candidate of the run in the same place (repeat it); the chosen one by default.")  # fmt: skip
@click.option("--metric", help="Figure to compare besides accuracy (default: the first run's).")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the rows that only one has right.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Draw the images fixed and broken (PNG; two runs).")
@click.option("--html", "page", type=click.Path(path_type=Path), help="Write one page that shows it all, offline.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    runs: Sequence[Path],
    candidates: Sequence[str],
    metric: str | None,
    as_json: bool,
    **files: Path | None,
) -> None:
    """
    Compare RUNS on the rows that they have in common, judged out of fold.

    Rows are matched by what they hold, so that runs with other folds or candidates can be compared.
    Name one run twice, with two --candidate, to compare two of its candidates.
    """
    from tenfold.ask.comparison.compare import compare_runs
    from tenfold.ask.comparison.quantities import predicts_quantities

    if predicts_quantities(runs[0]):
        _compare_quantities(runs, candidates, metric, files, as_json=as_json)
        return
    if files["sheet"] is not None and len(runs) != 2:
        raise click.UsageError("--sheet shows two runs")
    comparisons = compare_runs(runs, candidates=candidates, metric=metric)
    written = _write_files(runs, comparisons, **files)
    if as_json:
        from tenfold.cli.outputs import CompareOutput

        print_record(CompareOutput(tuple(map(_entry, comparisons))))
        return
    for number, one in enumerate(comparisons):
        if number:
            echo()
        _show(one)
    if written:
        echo("\n" + "\n".join(written))


def _compare_quantities(
    runs: Sequence[Path],
    candidates: Sequence[str],
    metric: str | None,
    files: Mapping[str, Path | None],
    *,
    as_json: bool,
) -> None:
    import pandas as pd

    from tenfold.ask.comparison.quantities import change_rows, compare_quantities, comparison_sentences
    from tenfold.errors import UsageError
    from tenfold.storage import write_whole

    if odd := next((name for name in ("sheet", "page") if files[name] is not None), None):
        word = "--html" if odd == "page" else "--sheet"
        raise UsageError(f"{word} shows classes, a quantity is predicted here", do="leave it out, or give --csv")
    comparisons = compare_quantities(runs, candidates=candidates, metric=metric)
    if table := files["table"]:
        parts = [one.rows.assign(first_run=one.first, second_run=one.second) for one in comparisons]
        write_whole(table, pd.concat(parts).to_csv(index=False))
    if as_json:
        from tenfold.cli.outputs import CompareQuantitiesOutput, QuantityComparisonEntry

        print_record(CompareQuantitiesOutput(tuple(map(QuantityComparisonEntry.of, comparisons))))
        return
    for number, one in enumerate(comparisons):
        if number:
            echo()
        verdict, *rest = comparison_sentences(one)
        print_paragraph(verdict, strong=True)
        for sentence in rest:
            print_paragraph(sentence)
        echo("\nErrors that changed most:")
        print_table(change_rows(one), right=(0, 1, 2, 3, 4))
    if table:
        echo(f"\nAll common rows: {table}")


def _write_files(
    runs: Sequence[Path],
    comparisons: Sequence[Comparison],
    *,
    table: Path | None,
    sheet: Path | None,
    page: Path | None,
) -> list[str]:
    """Write the files asked for, and say what each holds."""
    lines = []
    if table is not None:
        _write_rows(table, comparisons)
        lines.append(f"Rows that only one has right: {table}")
    if sheet is not None:
        _write_sheet(sheet, runs[0], comparisons[0])
        lines.append(f"Images fixed and broken: {sheet}")
    if page is not None:
        _write_page(page, runs, comparisons)
        lines.append(f"Page: {page}")
    return lines


def _write_sheet(path: Path, first: Path, comparison: Comparison) -> None:
    from tenfold.ask.comparison.sheet import exchange_sheet
    from tenfold.record.instances import training_instances
    from tenfold.record.run import open_run
    from tenfold.storage import writing

    picture = exchange_sheet(comparison, training_instances(open_run(first)))
    with writing(path) as draft:
        picture.save(draft, "PNG")


def _write_page(path: Path, runs: Sequence[Path], comparisons: Sequence[Comparison]) -> None:
    from tenfold.show.comparison import write_comparison

    firsts = [first for first, _ in combinations(runs, 2)]
    instances, absent = _instances(runs)
    write_comparison(path, comparisons, [instances.get(run) for run in firsts], runs=runs, absent=absent)


def _instances(runs: Sequence[Path]) -> tuple[dict[Path, Dataset], str]:
    """The training rows of the runs whose source is still there, and why those of another are not."""
    from tenfold.errors import TenfoldError
    from tenfold.record.instances import training_instances
    from tenfold.record.run import open_run

    instances, absent = {}, ""
    for run in dict.fromkeys(runs[:-1]):
        try:
            instances[run] = training_instances(open_run(run))
        except TenfoldError as fault:
            absent = str(fault)
    return instances, absent


def _show(comparison: Comparison) -> None:
    from tenfold.ask.comparison.sentences import class_rows, sentences

    verdict, *rest = sentences(comparison)
    print_paragraph(verdict, strong=True)
    for sentence in rest:
        print_paragraph(sentence)
    if len(comparison.task.classes) <= _CLASSES_SHOWN:
        echo()
        print_table(class_rows(comparison), right=(1, 2, 3, 4))


def _entry(comparison: Comparison) -> ComparisonEntry:
    from tenfold.cli.outputs import ComparisonEntry

    exchange = comparison.exchange
    return ComparisonEntry(
        first=comparison.first,
        second=comparison.second,
        n=exchange.n,
        left_out=comparison.left_out,
        fixed=len(exchange.fixed),
        broken=len(exchange.broken),
        both_wrong=exchange.both_wrong,
        accuracy=comparison.accuracy,
        metric=comparison.metric,
        difference=comparison.difference,
        test=comparison.test,
        p_value=comparison.p_value,
        p_adjusted=comparison.p_adjusted,
    )


def _write_rows(path: Path, comparisons: Sequence[Comparison]) -> None:
    import pandas as pd

    from tenfold.storage import write_whole

    tables = [
        one.rows.iloc[positions].assign(change=change, first_run=one.first, second_run=one.second)
        for one in comparisons
        for change, positions in (("fixed", one.exchange.fixed), ("broken", one.exchange.broken))
    ]
    write_whole(path, pd.concat(tables).to_csv(index=False))
