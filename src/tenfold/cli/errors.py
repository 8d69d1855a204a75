"""``tenfold errors``: where a run errs, down to the single instance."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenfold.cli.terminal import print_json, print_list, print_paragraph, print_table, progress_line

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from tenfold.dataset import Dataset
    from tenfold.runs.erring import Errors

__all__ = ["command"]

_CLASSES_SHOWN = 12
# Named here too: the words of the table live beside libraries that a usage error must not wait for.
_READINGS = ("counts", "actual", "predicted", "all", "errors-actual", "errors-predicted")


@click.command("errors")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--candidate", metavar="NAME", help="Whose errors (default: the chosen candidate's).")
@click.option("--actual", metavar="CLASS", help="Instances of this class …")
@click.option("--predicted", metavar="CLASS", help="… that were called this class.")
@click.option("--against", is_flag=True, help="Also the other way round.")
@click.option("--sheet", type=click.Path(path_type=Path), help="Draw the images of both classes as a PNG.")
@click.option("--alone", is_flag=True, help="The sheet shows the one cell, not all four of the two classes.")
@click.option("--csv", "table", type=click.Path(path_type=Path), help="Write the instances as a table.")
@click.option("--limit", type=click.IntRange(1), default=10, show_default=True, help="Instances printed.")
@click.option("--neighbours", type=click.IntRange(0, 20), default=0,
              help="Also the nearest training rows of each instance, outside its fold.")  # fmt: skip
@click.option("--by", type=click.Choice(_READINGS),
              help="Reading of the matrix (default: errors-actual; of two classes actual).")  # fmt: skip
@click.option("--sort", type=click.Choice(("class", "confusion")), default="class", show_default=True,
              help="Order of classes; 'confusion' puts those taken for each other side by side.")  # fmt: skip
@click.option("--test", is_flag=True, help="Of the test part instead of the training rows judged out of fold.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def command(
    run: Path, candidate: str | None, actual: str | None, predicted: str | None, test: bool, as_json: bool, **asked: Any
) -> None:
    """
    Show where RUN errs: the matrix and the worst confusions, or the instances of one cell of it.

    \b
    tenfold errors runs/mnist
    tenfold errors runs/mnist --actual 3 --predicted 5 --sheet threes.png --csv threes.csv
    """  # noqa: D301
    from tenfold.errors import UsageError
    from tenfold.runs.erring import errors_of
    from tenfold.runs.opened import open_run

    if (actual is None) != (predicted is None):
        raise UsageError("a cell has two classes", do="give both --actual and --predicted")
    if actual is None and any(asked[name] for name in ("sheet", "table", "against", "alone")):
        raise UsageError("which cell is meant?", do="give --actual and --predicted")
    found = errors_of(open_run(run), candidate, test=test)
    if actual is None or predicted is None:
        (_print_overview_json if as_json else _show_overview)(found, asked)
        return
    _show_cell(found, actual, predicted, asked, as_json)


def _show_overview(found: Errors, asked: dict[str, Any]) -> None:
    from tenfold.evaluation.readings import most_confused
    from tenfold.runs.error_words import class_rows, error_sentences, matrix_rows

    verdict, *rest = error_sentences(found)
    print_paragraph(verdict, strong=True)
    print_list(rest)
    if len(found.task.classes) <= _CLASSES_SHOWN:
        by = asked["by"] or ("actual" if len(found.task.classes) == 2 else "errors-actual")
        words, rows = matrix_rows(found, by, asked["sort"])
        click.echo(f"\n{words}")
        print_table(rows, right=range(1, len(rows[0])))
        click.echo()
        print_table(class_rows(found), right=(1, 2, 3, 4, 5))
    else:
        click.echo(
            f"\nThe matrix of {len(found.task.classes):,} classes is wider than a terminal: --json gives it whole."
        )
    everyone = found.everyone_wrong()
    if len(everyone) and len(found.run.metrics["candidates"]) > 2:
        print_paragraph(f"\n{len(everyone):,} rows are called wrongly by every candidate but the baseline.")
    worst = most_confused(found.matrix, 1)
    if worst:
        import shlex

        names = [shlex.quote(found.task.classes[code]) for code in (worst[0].actual, worst[0].predicted)]
        click.echo(f"\nNext:  tenfold errors {found.run.path} --actual {names[0]} --predicted {names[1]}")


def _print_overview_json(found: Errors, asked: dict[str, Any]) -> None:
    from dataclasses import asdict

    from tenfold.evaluation.readings import most_confused

    print_json({
        "candidate": found.candidate,
        "part": found.part,
        "classes": list(found.task.classes),
        "confusion_matrix": found.matrix.tolist(),
        "most_confused": [
            {**asdict(one), "actual": found.task.classes[one.actual], "predicted": found.task.classes[one.predicted]}
            for one in most_confused(found.matrix)
        ],
        "wrong_by_every_candidate": found.lines["row"].iloc[found.everyone_wrong()].tolist(),
    })  # fmt: skip


def _show_cell(found: Errors, actual: str, predicted: str, asked: dict[str, Any], as_json: bool) -> None:
    cells = [(actual, predicted)] + ([(predicted, actual)] if asked["against"] else [])
    positions = [found.cell(*one) for one in cells]
    instances = _instances(found, needed=bool(asked["sheet"] or asked["neighbours"]))
    if asked["table"]:
        _write_table(found, positions, instances, asked)
    if asked["sheet"] and instances is not None:
        _write_sheet(found, instances, actual, predicted, asked)
    if as_json:
        entries = [_cell_entry(found, one, at, instances, asked) for one, at in zip(cells, positions, strict=True)]
        print_json({"cells": entries})
        return
    for one, at in zip(cells, positions, strict=True):
        _print_cell(found, one, at, instances, asked)
    for what, path in (("Sheet", asked["sheet"]), ("Table", asked["table"])):
        if path:
            click.echo(f"{what}:  {path}")


def _write_table(
    found: Errors, positions: list[NDArray[np.int64]], instances: Dataset | None, asked: dict[str, Any]
) -> None:
    import numpy as np

    from tenfold.runs.predicting import harmless
    from tenfold.storage import write_whole

    table = _table(found, np.concatenate(positions), instances, asked)
    write_whole(asked["table"], harmless(table).to_csv(index=False))


def _table(
    found: Errors, positions: NDArray[np.int64], instances: Dataset | None, asked: dict[str, Any]
) -> pd.DataFrame:
    import pandas as pd

    from tenfold.runs.error_neighbours import neighbour_columns, neighbours_of

    table = found.table(positions, instances)
    if not asked["neighbours"] or instances is None:
        return table
    near = neighbours_of(found, instances, positions, asked["neighbours"])
    return pd.concat([table, neighbour_columns(found, near)], axis=1)


def _instances(found: Errors, *, needed: bool) -> Dataset | None:
    """The rows themselves; of a table they are told where they can be had, of images only where they are asked for."""
    from tenfold.errors import TenfoldError
    from tenfold.runs.instances import judged_instances

    if needed:
        return judged_instances(found.run, found.lines)
    if found.run.manifest["data"]["kind"] == "image":
        return None
    try:
        return judged_instances(found.run, found.lines)
    except TenfoldError as fault:
        progress_line(f"The columns of the rows cannot be shown: {fault}")
        return None


def _write_sheet(found: Errors, instances: Dataset, actual: str, predicted: str, asked: dict[str, Any]) -> None:
    from tenfold.runs.error_sheet import cell_sheet, four_blocks
    from tenfold.storage import writing

    alone = asked["alone"] or actual == predicted
    sheet = (cell_sheet if alone else four_blocks)(found, instances, actual, predicted)
    with writing(asked["sheet"]) as draft:
        sheet.save(draft, format="PNG", optimize=True)


def _cell_entry(
    found: Errors,
    cell: tuple[str, str],
    positions: NDArray[np.int64],
    instances: Dataset | None,
    asked: dict[str, Any],
) -> dict[str, Any]:
    import json

    table = _table(found, positions, instances, asked)
    records = json.loads(table.to_json(orient="records", double_precision=15))
    return {"actual": cell[0], "predicted": cell[1], "count": len(positions), "instances": records}


def _print_cell(
    found: Errors,
    cell: tuple[str, str],
    positions: NDArray[np.int64],
    instances: Dataset | None,
    asked: dict[str, Any],
) -> None:
    from tenfold.runs.error_neighbours import neighbour_words, neighbours_of
    from tenfold.runs.error_words import cell_sentence, instance_rows, sureness_words

    print_paragraph(cell_sentence(found, *cell, len(positions)), strong=True)
    if not len(positions):
        return
    first = positions[: asked["limit"]]
    rows = instance_rows(found, first, instances)
    if asked["neighbours"] and instances is not None:
        near = neighbour_words(found, neighbours_of(found, instances, first, asked["neighbours"]))
        told = ("nearest training rows outside its fold: class (row)", *near)
        rows = [(*row, words) for row, words in zip(rows, told, strict=True)]
    print_table(rows, right=(0, 2, 3))
    print_paragraph(sureness_words(found))
    if len(positions) > len(first):
        click.echo(f"… and {len(positions) - len(first):,} more (--limit {len(positions)}, or --csv FILE)")
    click.echo()
