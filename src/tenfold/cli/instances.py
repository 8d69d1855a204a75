"""Instances behind errors: printed, written as a table, drawn on a sheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.cli.terminal import print_json, print_paragraph, print_record, print_table, progress_line
from tenfold.output import echo

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray
    from PIL import Image

    from tenfold.ask.errors.errors import Errors
    from tenfold.data.dataset import Dataset
    from tenfold.record.run import Run

__all__ = ["instances_at_hand", "save_sheet", "show_cell", "show_first", "show_row"]

_MESSAGES = 3
_LETTERS, _LETTERS_OF_ONE = 900, 20_000


def show_cell(errors: Errors, actual: str, predicted: str, options: dict[str, Any], as_json: bool) -> None:
    """Show the instances of a cell of the matrix, and of the one opposite if asked."""
    cells = [(actual, predicted)] + ([(predicted, actual)] if options["against"] else [])
    positions = [errors.cell(*one) for one in cells]
    instances = _instances(errors, needed=bool(options["sheet"] or options["neighbours"]))
    if options["table"]:
        _write_table(errors, positions, instances, options)
    if options["sheet"] and instances is not None:
        _write_sheet(errors, instances, actual, predicted, options)
    if as_json:
        entries = [_cell_entry(errors, one, at, instances, options) for one, at in zip(cells, positions, strict=True)]
        print_json({"cells": entries})
        return
    for one, at in zip(cells, positions, strict=True):
        _print_cell(errors, one, at, instances, options)
    _print_written(options)


def show_first(errors: Errors, options: dict[str, Any], as_json: bool) -> None:
    """Show the instances most worth a look, whatever their cell."""
    from tenfold.ask.errors.instances import first_sentence
    from tenfold.ask.errors.sheet import mixed_sheet

    positions = errors.first(options["first"], options["limit"])
    instances = _instances(errors, needed=bool(options["sheet"] or options["neighbours"]))
    if options["table"]:
        _write_table(errors, [positions], instances, options)
    if options["sheet"] and instances is not None:
        save_sheet(mixed_sheet(errors, instances, positions, options["first"]), options["sheet"])
    if as_json:
        print_json({"list": options["first"], "instances": _records(_table(errors, positions, instances, options))})
        return
    print_paragraph(first_sentence(errors, options["first"], len(positions)), strong=True)
    if len(positions):
        _print_instances(errors, positions, instances, options, answers=True)
        _print_messages(errors, positions[:_MESSAGES], instances, _LETTERS, options)
    _print_written(options)


def show_row(errors: Errors, row: int, options: dict[str, Any], as_json: bool) -> None:
    """Show one instance by its row in the source: of a message every word with its weight."""
    import numpy as np

    from tenfold.errors import UsageError

    positions = np.flatnonzero(errors.lines["row"].to_numpy() == row)
    if not len(positions):
        other = "leave out --test" if errors.part == "test" else "give --test"
        do = f"take a row of tenfold errors --list, or {other}, where it may be"
        raise UsageError(f"row {row:,} is none of those {_part_words(errors)}", where=errors.run.path, do=do)
    instances = _instances(errors, needed=bool(options["neighbours"]))
    if as_json:
        _print_row_json(errors, int(positions[0]), instances, options)
        return
    _print_instances(errors, positions, instances, options, answers=True)
    _print_messages(errors, positions, instances, _LETTERS_OF_ONE, options)


def _print_row_json(errors: Errors, position: int, instances: Dataset | None, options: dict[str, Any]) -> None:
    """A message with its words; of other kinds the same as in a list."""
    import numpy as np

    from tenfold.ask.words.records import row_evidence

    if instances is not None and instances.traits.text_columns:
        print_record(row_evidence(errors, instances, position))
        return
    records = _records(_table(errors, np.array([position]), instances, options))
    print_json({"list": "row", "instances": records})


def _part_words(errors: Errors) -> str:
    return "of the test part" if errors.part == "test" else "judged out of fold"


def _print_messages(
    errors: Errors, positions: NDArray[np.int64], instances: Dataset | None, letters: int, options: dict[str, Any]
) -> None:
    """Texts are printed below the table, their words weighed."""
    from tenfold.cli.messages import print_messages
    from tenfold.output import shows_colour

    if instances is not None and instances.traits.text_columns and len(positions):
        echo()
        colour = shows_colour() and not options["no_color"]
        print_messages(errors, positions, instances, letters, colour=colour, refit=options["refit"])


def _print_written(options: dict[str, Any]) -> None:
    for what, path in (("Sheet", options["sheet"]), ("Table", options["table"])):
        if path:
            echo(f"{what}:  {path}")


def _write_table(
    errors: Errors, positions: list[NDArray[np.int64]], instances: Dataset | None, options: dict[str, Any]
) -> None:
    import numpy as np

    from tenfold.ask.predict import harmless
    from tenfold.storage import write_whole

    table = _table(errors, np.concatenate(positions), instances, options)
    write_whole(options["table"], harmless(table).to_csv(index=False))


def _table(
    errors: Errors, positions: NDArray[np.int64], instances: Dataset | None, options: dict[str, Any]
) -> pd.DataFrame:
    import pandas as pd

    from tenfold.ask.errors.instances import neighbour_columns, neighbours_of

    table = errors.table(positions, instances)
    if not options["neighbours"] or instances is None:
        return table
    near = neighbours_of(errors, instances, positions, options["neighbours"])
    return pd.concat([table, neighbour_columns(errors, near)], axis=1)


def _instances(errors: Errors, *, needed: bool) -> Dataset | None:
    """The rows themselves; of a table they are told where they can be had, of images only where they are asked for."""
    from tenfold.record.instances import judged_instances

    if needed:
        return judged_instances(errors.run, errors.lines)
    if errors.run.record.manifest.data.kind == "image":
        return None
    return instances_at_hand(errors.run, errors.lines)


def instances_at_hand(run: Run, lines: pd.DataFrame) -> Dataset | None:
    """Return the rows of some predictions; where they cannot be had say why, and None."""
    from tenfold.errors import TenfoldError
    from tenfold.record.instances import judged_instances

    try:
        return judged_instances(run, lines)
    except TenfoldError as fault:
        progress_line(f"The columns of the rows cannot be shown: {fault}")
        return None


def _write_sheet(errors: Errors, instances: Dataset, actual: str, predicted: str, options: dict[str, Any]) -> None:
    from tenfold.ask.errors.sheet import cell_sheet, four_blocks

    alone = options["alone"] or actual == predicted
    sheet = (cell_sheet if alone else four_blocks)(errors, instances, actual, predicted)
    save_sheet(sheet, options["sheet"])


def save_sheet(sheet: Image.Image, path: Path) -> None:
    """Write a sheet of images as PNG, whole or not at all."""
    from tenfold.storage import writing

    with writing(path) as draft:
        sheet.save(draft, format="PNG", optimize=True)


def _cell_entry(
    errors: Errors,
    cell: tuple[str, str],
    positions: NDArray[np.int64],
    instances: Dataset | None,
    options: dict[str, Any],
) -> dict[str, Any]:
    records = _records(_table(errors, positions, instances, options))
    return {"actual": cell[0], "predicted": cell[1], "count": len(positions), "instances": records}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values; what is missing becomes null."""
    records: list[dict[str, Any]] = json.loads(table.to_json(orient="records", double_precision=15))
    return records


def _print_cell(
    errors: Errors,
    cell: tuple[str, str],
    positions: NDArray[np.int64],
    instances: Dataset | None,
    options: dict[str, Any],
) -> None:
    from tenfold.ask.errors.instances import cell_sentence

    print_paragraph(cell_sentence(errors, *cell, len(positions)), strong=True)
    if not len(positions):
        return
    _print_instances(errors, positions[: options["limit"]], instances, options)
    _print_messages(errors, positions[: min(_MESSAGES, options["limit"])], instances, _LETTERS, options)
    if len(positions) > options["limit"]:
        more = len(positions) - options["limit"]
        echo(f"… and {more:,} more (--limit {len(positions)}, or --csv FILE)")
    echo()


def _print_instances(
    errors: Errors,
    positions: NDArray[np.int64],
    instances: Dataset | None,
    options: dict[str, Any],
    *,
    answers: bool = False,
) -> None:
    from tenfold.ask.errors.instances import instance_rows, neighbour_words, neighbours_of, sureness_words

    rows = instance_rows(errors, positions, instances, answers=answers)
    if options["neighbours"] and instances is not None:
        near = neighbour_words(errors, neighbours_of(errors, instances, positions, options["neighbours"]))
        words_of_rows = ("nearest training rows outside its fold: class (row)", *near)
        rows = [(*row, words) for row, words in zip(rows, words_of_rows, strict=True)]
    print_table(rows, right=(0, 2, 3))
    print_paragraph(sureness_words(errors))
