"""``tenfold errors`` of a run that predicts quantities, in the terminal."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenfold.cli.instances import instances_at_hand
from tenfold.cli.terminal import print_list, print_paragraph, print_record, print_table
from tenfold.output import echo
from tenfold.text import shown

if TYPE_CHECKING:
    from tenfold.ask.errors.quantities import FarRow, QuantityErrors
    from tenfold.record.run import Run

__all__ = ["show_quantity_errors"]

_SLICES = 8
_COLUMNS = 30
_SHEET = 60
_TITLES = {
    "worst": "The {} rows furthest off:",
    "outside": "The {} rows furthest outside their intervals:",
    "suspects": "{} true values worth a second look: far from the prediction and from the rows most like them:",
}


def show_quantity_errors(
    run: Run, candidate: str | None, target: str | None, options: dict[str, Any], *, test: bool, as_json: bool
) -> None:
    """Print how far off predictions are, where more, and the rows most worth a look; or one row."""
    from tenfold.ask.errors.quantities import LISTS, quantity_errors_of
    from tenfold.errors import UsageError

    kind = options["first"]
    if kind is not None and kind not in LISTS:
        raise UsageError(f"--list {kind} is of classes", where=run.path, do=f"give one of {', '.join(LISTS)}")
    errors = quantity_errors_of(run, candidate, target=target, test=test)
    errors = replace(errors, instances=instances_at_hand(run, errors.lines))
    if options["row"] is not None:
        _show_row(errors, options["row"], as_json=as_json)
        return
    if options["table"] is not None:
        _write_table(errors, kind or "worst", options)
    if options["sheet"] is not None:
        _write_sheet(errors, kind or "worst", options)
    if as_json:
        print_record(errors.overview(options["limit"]))
    elif kind is None:
        _show_overview(errors, options)
    else:
        _show_list(errors, kind, options)
    if options["table"] is not None and not as_json:
        echo(f"\nTable:  {options['table']}")
    if options["sheet"] is not None and not as_json:
        echo(f"\nSheet:  {options['sheet']}")


def _show_overview(errors: QuantityErrors, options: dict[str, Any]) -> None:
    from tenfold.ask.errors.quantity_sentences import quantity_sentences

    verdict, *rest = quantity_sentences(errors)
    print_paragraph(verdict, strong=True)
    print_list(rest)
    if others := [name for name in errors.run.task.classes if name != errors.target]:
        few = ", ".join(shown(name, 24) for name in others[:6])
        print_paragraph(f"This is about “{shown(errors.target, 40)}”; --label tells of {few}.")
    _show_slices(errors)
    _show_list(errors, "worst", options)
    echo(f"\nNext:  {shlex.join([*_about(errors), '--list', 'suspects'])}")


def _show_slices(errors: QuantityErrors) -> None:
    from tenfold.decimals import QUANTITY, RATE, Unit, column_texts

    worst = [one for one in errors.slices if one.beyond_chance][:_SLICES]
    if not worst:
        if errors.slices:
            echo(f"\nNone of {len(errors.slices)} slices has larger errors than the rest beyond chance.")
        return
    rmse = column_texts(QUANTITY, [(one.rmse.value, one.rmse.low, one.rmse.high) for one in worst])
    bias = column_texts(Unit(figures=2, signed=True), [(one.bias.value, None, None) for one in worst])
    shares = [None if one.coverage is None else one.coverage.value for one in worst]
    inside = column_texts(RATE, [(share, None, None) for share in shares])
    rows = [
        (shown(one.name, 48), f"{len(one.rows):,}", size.value, size.interval, shift.value, share.value)
        for one, size, shift, share in zip(worst, rmse, bias, inside, strict=True)
    ]
    has_intervals = worst[0].coverage is not None
    head = ("furthest off where", "rows", "RMSE", "interval", "bias", "inside")
    echo()
    print_table([row if has_intervals else row[:-1] for row in (head, *rows)], right=(1, 2, 3, 4, 5))
    echo(f"Of {len(errors.slices)} slices; intervals and the choice allow for having looked at all of them.")


def _show_list(errors: QuantityErrors, kind: str, options: dict[str, Any]) -> None:
    found = errors.far_rows(errors.listed(kind, options["limit"]))
    if not found:
        echo(f"\nNo rows to list: {'no true value looks doubtful' if kind == 'suspects' else 'none is outside'}.")
        return
    echo(f"\n{_TITLES[kind].format(len(found))}")
    print_table([("row", "true", "predicted", "interval", "off by"), *_cells(found)], right=(0, 1, 2, 3, 4))
    lines = [f"row {one.row}: {'; '.join(part)}" for one in found if (part := _about_row(one))]
    if lines:
        echo()
        print_list(lines)


def _cells(rows: Sequence[FarRow]) -> list[tuple[str, ...]]:
    from tenfold.ask.errors.quantities import number_words
    from tenfold.decimals import Unit, column_texts

    unit = Unit(figures=4)
    texts = [number_words(one.true) for one in rows]
    predicted = [text.value for text in column_texts(unit, [(one.predicted, None, None) for one in rows])]
    off = [t.value for t in column_texts(Unit(figures=3, signed=True), [(one.error, None, None) for one in rows])]
    ends = [t.interval for t in column_texts(unit, [(one.true, one.low, one.high) for one in rows])]
    return [(str(one.row), texts[place], predicted[place], ends[place], off[place]) for place, one in enumerate(rows)]


def _about_row(one: FarRow) -> list[str]:
    from tenfold.ask.errors.quantities import number_words

    near = ", ".join(map(number_words, one.nearest))
    return [*one.odd, *([f"the rows most like it have {near}"] if near else [])]


def _show_row(errors: QuantityErrors, row: int, *, as_json: bool) -> None:
    import numpy as np

    from tenfold.ask.errors.errors import value_words

    position = errors.position_of(row)
    (one,) = errors.far_rows(np.array([position], np.int64))
    if as_json:
        print_record(one)
        return
    print_table([("row", "true", "predicted", "interval", "off by"), *_cells([one])], right=(0, 1, 2, 3, 4))
    if about := _about_row(one):
        echo()
        print_list(about)
    if errors.table is not None:
        values = errors.table.iloc[position]
        cells = [(shown(name, 40), value_words(values[name])) for name in errors.table.columns[:_COLUMNS]]
        echo()
        print_table([("column", "value"), *cells])


def _write_table(errors: QuantityErrors, kind: str, options: dict[str, Any]) -> None:
    import pandas as pd

    from tenfold.ask.predict import harmless
    from tenfold.storage import write_whole

    positions = errors.listed(kind, options["limit"])
    lines = errors.lines.iloc[positions].drop(columns="candidate").reset_index(drop=True)
    if errors.table is not None:
        values = errors.table.iloc[positions].reset_index(drop=True)
        lines = pd.concat([lines, values.rename(columns=lambda name: f"column:{name}")], axis=1)
    write_whole(options["table"], harmless(lines).to_csv(index=False))


def _write_sheet(errors: QuantityErrors, kind: str, options: dict[str, Any]) -> None:
    from tenfold.ask.errors.sheet import quantity_sheet
    from tenfold.cli.instances import save_sheet

    save_sheet(quantity_sheet(errors, errors.listed(kind, _SHEET), kind), options["sheet"])


def _about(errors: QuantityErrors) -> list[str]:
    words = ["tenfold", "errors", str(errors.run.path)]
    words += ["--candidate", errors.candidate] if errors.candidate != errors.run.chosen else []
    words += ["--label", errors.target] if errors.target != errors.run.task.classes[0] else []
    return [*words, "--test"] if errors.part == "test" else words
