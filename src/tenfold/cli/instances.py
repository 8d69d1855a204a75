"""Instances behind errors: printed, written as a table, drawn on a sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.cli.terminal import print_json, print_paragraph, print_table, progress_line
from tenfold.output import echo

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from PIL import Image

    from tenfold.ask.errors.errors import Errors
    from tenfold.data.dataset import Dataset

__all__ = ["show_cell", "show_first"]


def show_cell(found: Errors, actual: str, predicted: str, asked: dict[str, Any], as_json: bool) -> None:
    """Show the instances of a cell of the matrix, and of the one opposite if asked."""
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
    _print_written(asked)


def show_first(found: Errors, asked: dict[str, Any], as_json: bool) -> None:
    """Show the instances most worth a look, whatever their cell."""
    from tenfold.ask.errors.instances import first_sentence
    from tenfold.ask.errors.sheet import mixed_sheet

    positions = found.first(asked["first"], asked["limit"])
    instances = _instances(found, needed=bool(asked["sheet"] or asked["neighbours"]))
    if asked["table"]:
        _write_table(found, [positions], instances, asked)
    if asked["sheet"] and instances is not None:
        _save(mixed_sheet(found, instances, positions, asked["first"]), asked["sheet"])
    if as_json:
        print_json({"list": asked["first"], "instances": _records(_table(found, positions, instances, asked))})
        return
    print_paragraph(first_sentence(found, asked["first"], len(positions)), strong=True)
    if len(positions):
        _print_instances(found, positions, instances, asked, answers=True)
    _print_written(asked)


def _print_written(asked: dict[str, Any]) -> None:
    for what, path in (("Sheet", asked["sheet"]), ("Table", asked["table"])):
        if path:
            echo(f"{what}:  {path}")


def _write_table(
    found: Errors, positions: list[NDArray[np.int64]], instances: Dataset | None, asked: dict[str, Any]
) -> None:
    import numpy as np

    from tenfold.ask.predict import harmless
    from tenfold.storage import write_whole

    table = _table(found, np.concatenate(positions), instances, asked)
    write_whole(asked["table"], harmless(table).to_csv(index=False))


def _table(
    found: Errors, positions: NDArray[np.int64], instances: Dataset | None, asked: dict[str, Any]
) -> pd.DataFrame:
    import pandas as pd

    from tenfold.ask.errors.instances import neighbour_columns, neighbours_of

    table = found.table(positions, instances)
    if not asked["neighbours"] or instances is None:
        return table
    near = neighbours_of(found, instances, positions, asked["neighbours"])
    return pd.concat([table, neighbour_columns(found, near)], axis=1)


def _instances(found: Errors, *, needed: bool) -> Dataset | None:
    """The rows themselves; of a table they are told where they can be had, of images only where they are asked for."""
    from tenfold.errors import TenfoldError
    from tenfold.record.instances import judged_instances

    if needed:
        return judged_instances(found.run, found.lines)
    if found.run.record.manifest.data.kind == "image":
        return None
    try:
        return judged_instances(found.run, found.lines)
    except TenfoldError as fault:
        progress_line(f"The columns of the rows cannot be shown: {fault}")
        return None


def _write_sheet(found: Errors, instances: Dataset, actual: str, predicted: str, asked: dict[str, Any]) -> None:
    from tenfold.ask.errors.sheet import cell_sheet, four_blocks

    alone = asked["alone"] or actual == predicted
    sheet = (cell_sheet if alone else four_blocks)(found, instances, actual, predicted)
    _save(sheet, asked["sheet"])


def _save(sheet: Image.Image, path: Path) -> None:
    from tenfold.storage import writing

    with writing(path) as draft:
        sheet.save(draft, format="PNG", optimize=True)


def _cell_entry(
    found: Errors,
    cell: tuple[str, str],
    positions: NDArray[np.int64],
    instances: Dataset | None,
    asked: dict[str, Any],
) -> dict[str, Any]:
    records = _records(_table(found, positions, instances, asked))
    return {"actual": cell[0], "predicted": cell[1], "count": len(positions), "instances": records}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is missing becomes null."""
    found: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return found


def _print_cell(
    found: Errors,
    cell: tuple[str, str],
    positions: NDArray[np.int64],
    instances: Dataset | None,
    asked: dict[str, Any],
) -> None:
    from tenfold.ask.errors.instances import cell_sentence

    print_paragraph(cell_sentence(found, *cell, len(positions)), strong=True)
    if not len(positions):
        return
    _print_instances(found, positions[: asked["limit"]], instances, asked)
    if len(positions) > asked["limit"]:
        more = len(positions) - asked["limit"]
        echo(f"… and {more:,} more (--limit {len(positions)}, or --csv FILE)")
    echo()


def _print_instances(
    found: Errors,
    positions: NDArray[np.int64],
    instances: Dataset | None,
    asked: dict[str, Any],
    *,
    answers: bool = False,
) -> None:
    from tenfold.ask.errors.instances import instance_rows, neighbour_words, neighbours_of, sureness_words

    rows = instance_rows(found, positions, instances, answers=answers)
    if asked["neighbours"] and instances is not None:
        near = neighbour_words(found, neighbours_of(found, instances, positions, asked["neighbours"]))
        told = ("nearest training rows outside its fold: class (row)", *near)
        rows = [(*row, words) for row, words in zip(rows, told, strict=True)]
    print_table(rows, right=(0, 2, 3))
    print_paragraph(sureness_words(found))
