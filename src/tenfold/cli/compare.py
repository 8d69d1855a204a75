"""``tenfold compare``: what one run gets right that another gets wrong."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.terminal import print_json, print_paragraph, print_table

if TYPE_CHECKING:
    from tenfold.runs.comparing import Comparison

__all__ = ["command"]

_CLASSES_SHOWN = 20


@click.command("compare")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--candidate", "candidates", multiple=True, metavar="NAME",
              help="Candidate of the run in the same place (repeat it); the chosen one by default.")  # fmt: skip
@click.option("--metric", help="Figure to compare besides accuracy (default: the first run's).")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the rows that only one has right.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    runs: Sequence[Path], candidates: Sequence[str], metric: str | None, table: Path | None, as_json: bool
) -> None:
    """
    Compare RUNS on the rows that they have in common, judged out of fold.

    Rows are matched by what they hold, so that runs with other folds or candidates can be compared.
    Name one run twice, with two --candidate, to compare two of its candidates.
    """
    from tenfold.runs.comparing import compare_runs

    found = compare_runs(runs, candidates=candidates, metric=metric)
    if table is not None:
        _write_rows(table, found)
    if as_json:
        print_json({"comparisons": [_entry(one) for one in found]})
        return
    for number, one in enumerate(found):
        if number:
            click.echo()
        _show(one)
    if table is not None:
        click.echo(f"\nRows that only one has right: {table}")


def _show(found: Comparison) -> None:
    from tenfold.runs.exchange_words import class_rows, sentences

    verdict, *rest = sentences(found)
    print_paragraph(verdict, strong=True)
    for sentence in rest:
        print_paragraph(sentence)
    if len(found.task.classes) <= _CLASSES_SHOWN:
        click.echo()
        print_table(class_rows(found), right=(1, 2, 3, 4))


def _entry(found: Comparison) -> dict[str, Any]:
    from dataclasses import asdict

    exchange = found.exchange
    return {
        "first": found.first,
        "second": found.second,
        "n": exchange.n,
        "left_out": list(found.left_out),
        "fixed": len(exchange.fixed),
        "broken": len(exchange.broken),
        "both_wrong": exchange.both_wrong,
        "accuracy": asdict(found.accuracy),
        "metric": found.metric,
        "difference": None if found.difference is None else asdict(found.difference),
        "test": found.test,
        "p_value": found.p_value,
        "p_adjusted": found.p_adjusted,
    }


def _write_rows(path: Path, found: Sequence[Comparison]) -> None:
    import pandas as pd

    from tenfold.storage import write_whole

    tables = [
        one.rows.iloc[positions].assign(change=change, first_run=one.first, second_run=one.second)
        for one in found
        for change, positions in (("fixed", one.exchange.fixed), ("broken", one.exchange.broken))
    ]
    write_whole(path, pd.concat(tables).to_csv(index=False))
