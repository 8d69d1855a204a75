"""What was measured of each table, and the page told from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.figures.intervals.closed import bonett_price

__all__ = ["Gap", "TableFigures", "gap", "page", "table_figures_of"]

_HEAD = """# The default run on real tables

`tenfold run TABLE --target COLUMN`, nothing else said, beside scikit-learn's `HistGradientBoostingClassifier` and
`RandomForestClassifier` by their defaults, a `ColumnTransformer` before each (`bench/tables/peers.py`)."""
_ACCURACY = """## Out of fold

Accuracy in percent on the same training rows, in the same folds; no test row is used. The difference is that of the
default run and the better peer, in points, with a paired 95 % interval (Bonett and Price, 2012). Both were picked by
these very folds, the default run among more candidates, which favours it a little; the test rows below favour nobody.

| table | rows | chosen | default run | boosting | forest | difference | 95 % interval |
|---|---:|---|---:|---:|---:|---:|---|"""
_TEST = """## On the test rows

A fifth of the rows, of which nothing was looked at before; peers are fitted on all training rows, and the better peer
is the one that was better out of fold. There are few of them: intervals are wide.

| table | test rows | default run | better peer | difference | 95 % interval |
|---|---:|---:|---:|---:|---|"""
_SECONDS = """## Seconds

The default run: six candidates on five folds, the final model, the test, the report, its files; two processes of one
thread. Peers: five fits on one thread, and nothing else.

| table | rows | columns | default run | boosting | forest |
|---|---:|---:|---:|---:|---:|"""
_AUTOML = """## Beside an AutoML

[FLAML](https://github.com/microsoft/FLAML) left alone for {budget:g} seconds on one thread in each of five folds, so
{whole:g} minutes a table, on these tables alone; it takes text as categories. The difference is that of the default run
and FLAML.

| table | default run | FLAML | difference | 95 % interval | seconds: default run | FLAML |
|---|---:|---:|---:|---|---:|---:|"""


@dataclass(frozen=True)
class Gap:
    """How many points more are right, with a paired 95 % interval, of n rows."""

    value: float
    low: float
    high: float
    n: int


def gap(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Gap:
    """
    Return by how many points the first is right more often than the second.

    Examples
    --------
    >>> gap(np.array([True, True, False, True]), np.array([True, False, False, True])).value
    25.0
    """
    n, better, worse = len(first), int((first & ~second).sum()), int((second & ~first).sum())
    low, high = bonett_price(better, worse, n)
    return Gap(100 * (better - worse) / n, 100 * low, 100 * high, n)


@dataclass(frozen=True)
class TableFigures:
    """
    One table.

    Parameters
    ----------
    name : str
    rows, columns : int
        Training rows, and columns beside the target.
    chosen : str
    accuracy, test_accuracy, seconds : dict of str to float
        Of "default run" and of each peer, accuracy in percent; of test rows of the default run and the better peer.
    difference, test_difference : Gap
        Of the default run and the better peer.
    automl_seconds : float or None
        Budget of a fit of FLAML.
    automl_difference : Gap or None
    """

    name: str
    rows: int
    columns: int
    chosen: str
    accuracy: dict[str, float]
    test_accuracy: dict[str, float]
    seconds: dict[str, float]
    difference: Gap
    test_difference: Gap
    automl_seconds: float | None = None
    automl_difference: Gap | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        return asdict(self)


def table_figures_of(plain: dict[str, Any]) -> TableFigures:
    """Read what `TableFigures.as_dict` gave."""
    gaps = {name: Gap(**plain[name]) for name in ("difference", "test_difference")}
    automl = plain["automl_difference"]
    return TableFigures(**{**plain, **gaps, "automl_difference": None if automl is None else Gap(**automl)})


def page(tables: list[TableFigures], conditions: str) -> str:
    """Return the page of what was measured, under the conditions that a sentence tells."""
    parts = [
        f"{_HEAD}\n\n{conditions}\n\n{_sentence(tables)}",
        "\n".join([_ACCURACY, *map(_accuracy_row, tables)]),
        *_automl_part([one for one in tables if one.automl_difference is not None]),
        "\n".join([_TEST, *map(_test_row, tables)]),
        "\n".join([_SECONDS, *map(_seconds_row, tables)]),
    ]
    return "\n\n".join(parts) + "\n"


def _sentence(tables: list[TableFigures]) -> str:
    """Of how many tables the interval lies on one side."""
    worse = [one.name for one in tables if one.difference.high < 0]
    better = [one.name for one in tables if one.difference.low > 0]
    ties = len(tables) - len(worse) - len(better)
    listed = f" ({', '.join(better)})" if better else ""
    lost = f"worse on {len(worse)} ({', '.join(worse)})" if worse else "worse on none"
    return (
        f"Beside the better of the two, out of fold, the default run is better beyond the interval on\n"
        f"{len(better)} of {len(tables)} tables{listed}, {lost}, and cannot be told apart on {ties}."
    )


def _automl_part(tables: list[TableFigures]) -> list[str]:
    if not tables:
        return []
    budget = tables[0].automl_seconds or 0.0
    return ["\n".join([_AUTOML.format(budget=budget, whole=5 * budget / 60), *map(_automl_row, tables)])]


def _accuracy_row(one: TableFigures) -> str:
    three = " | ".join(f"{one.accuracy[name]:.1f}" for name in ("default run", "boosting", "forest"))
    return f"| {one.name} | {one.rows:,} | {one.chosen} | {three} | {_points(one.difference)} |"


def _automl_row(one: TableFigures) -> str:
    accuracy = " | ".join(f"{one.accuracy[name]:.1f}" for name in ("default run", "FLAML"))
    seconds = " | ".join(f"{one.seconds[name]:.0f}" for name in ("default run", "FLAML"))
    return f"| {one.name} | {accuracy} | {_points(one.automl_difference)} | {seconds} |"


def _test_row(one: TableFigures) -> str:
    accuracy = " | ".join(f"{value:.1f}" for value in one.test_accuracy.values())
    return f"| {one.name} | {one.test_difference.n:,} | {accuracy} | {_points(one.test_difference)} |"


def _seconds_row(one: TableFigures) -> str:
    seconds = " | ".join(f"{one.seconds[name]:.1f}" for name in ("default run", "boosting", "forest"))
    return f"| {one.name} | {one.rows:,} | {one.columns} | {seconds} |"


def _points(one: Gap | None) -> str:
    return " | " if one is None else f"{one.value:+.1f} | {one.low:+.1f} to {one.high:+.1f}"
