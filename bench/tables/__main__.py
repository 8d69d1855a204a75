"""The command ``python -m bench.tables``."""

from __future__ import annotations

import json
import tempfile
import time
import warnings
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

import tenfold
from bench.machine import this_machine
from bench.occupied import Clock, others_since
from bench.tables.cases import Case, cases
from bench.tables.figures import TableFigures, gap, page, table_figures_of
from bench.tables.peers import PEERS, Peer, automl, right_out_of_fold
from tenfold.storage import write_whole

__all__ = ["command", "measured"]

_OURS = "default run"


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--only", multiple=True, metavar="TABLE", help="Of these tables alone: iris, Titanic, …")
@click.option("--flaml", multiple=True, metavar="TABLE", help="Beside FLAML too, of these tables.")
@click.option("--seconds", default=60.0, show_default=True, help="Of each of FLAML's five fits a table.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs/bench/tables.md"), show_default=True)
@click.option("--resume", is_flag=True, help="Keep what the JSON beside the page holds already.")
def command(only: tuple[str, ...], flaml: tuple[str, ...], seconds: float, out: Path, resume: bool) -> None:
    """Judge the default run beside two peers of scikit-learn, and write a page of it, and its JSON."""
    warnings.simplefilter("ignore")
    out.parent.mkdir(parents=True, exist_ok=True)
    earlier = _earlier(out) if resume else {}
    tables, begin = [], Clock.now()
    for case in cases():
        one = earlier.get(case.name)
        if one is None and only and case.name not in only:
            continue
        one = one or measured(case, automl(seconds) if case.name in flaml else None, seconds)
        tables.append(one)
        click.echo(f"{one.name}: {one.chosen} {one.accuracy}, {one.difference.value:+.2f} points, {one.seconds}")
        _write(out, tables, others_since(begin, Clock.now(), this_machine().processors))


def _earlier(out: Path) -> dict[str, TableFigures]:
    path = out.with_suffix(".json")
    plain = json.loads(path.read_text("utf-8"))["tables"] if path.exists() else []
    return {one["name"]: table_figures_of(one) for one in plain}


def _write(out: Path, tables: list[TableFigures], others: float | None) -> None:
    machine, date = this_machine(), datetime.now(UTC).date().isoformat()
    conditions = (
        f"Measured on {date} by `python -m bench.tables` on {machine.processor}, {machine.processors} processors,\n"
        f"scikit-learn {machine.versions['scikit-learn']}; one run of each, seed 42; others used {_share(others)} of\n"
        "the processors meanwhile. Tables are those that PyPI packages carry, and those of `TENFOLD_DATA`;\n"
        "`bench/tables/cases.py` says which columns are left out."
    )
    write_whole(out, page(tables, conditions))
    plain = {"conditions": conditions, "machine": machine.as_dict(), "tables": [one.as_dict() for one in tables]}
    write_whole(out.with_suffix(".json"), json.dumps(plain, indent=1, ensure_ascii=False) + "\n")


def _share(others: float | None) -> str:
    return "an unknown share" if others is None else f"{100 * others:.0f} %"


def measured(case: Case, searched: Peer | None = None, budget: float | None = None) -> TableFigures:
    """
    Judge the default run and its peers on one table.

    Parameters
    ----------
    case : Case
    searched : callable, optional
        An AutoML beside them.
    budget : float, optional
        Its seconds for one fit.
    """
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        run = tenfold.run(case.X, case.y, out=Path(folder) / "run")
        seconds = {_OURS: time.perf_counter() - begin}
        judged, tested = run.lines(run.chosen), pd.read_parquet(Path(folder) / "run" / "test.parquet")
    rows, fold = judged["row"].to_numpy(), judged["fold"].to_numpy()
    X, y = case.X.iloc[rows], case.y.iloc[rows].to_numpy()
    right = {_OURS: _right(judged)}
    for name, peer in PEERS.items():
        right[name], seconds[name] = _timed(peer, X, y, fold)
    better = max(PEERS, key=lambda name: right[name].mean())
    unseen = tested["row"].to_numpy()
    theirs = PEERS[better]().fit(X, y).predict(case.X.iloc[unseen]) == case.y.iloc[unseen].to_numpy()
    figures = TableFigures(
        case.name, len(rows), case.X.shape[1], run.chosen, _percent(right),
        _percent({_OURS: _right(tested), better: theirs}), seconds,
        gap(right[_OURS], right[better]), gap(_right(tested), theirs),
    )  # fmt: skip
    return figures if searched is None else _beside(figures, searched, budget, right[_OURS], (X, y, fold))


def _beside(
    figures: TableFigures, searched: Peer, budget: float | None, ours: NDArray[np.bool_], rows: tuple[Any, Any, Any]
) -> TableFigures:
    theirs, seconds = _timed(searched, *rows)
    return replace(
        figures,
        accuracy=figures.accuracy | _percent({"FLAML": theirs}),
        seconds=figures.seconds | {"FLAML": seconds},
        automl_seconds=budget,
        automl_difference=gap(ours, theirs),
    )


def _timed(peer: Peer, X: pd.DataFrame, y: NDArray[Any], fold: NDArray[Any]) -> tuple[NDArray[np.bool_], float]:
    """One thread: beside other processes, two that wait for each other take longer than one."""
    with threadpool_limits(1):
        begin = time.perf_counter()
        right = right_out_of_fold(peer, X, y, fold)
    return right, time.perf_counter() - begin


def _right(lines: pd.DataFrame) -> NDArray[np.bool_]:
    return (lines["true"].astype(str) == lines["predicted"].astype(str)).to_numpy()


def _percent(right: dict[str, NDArray[np.bool_]]) -> dict[str, float]:
    return {name: 100 * float(one.mean()) for name, one in right.items()}


if __name__ == "__main__":
    command()
