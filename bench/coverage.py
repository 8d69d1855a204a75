"""
What intervals of quantities hold: 21 real targets, the share of test values inside beside the 90 % asked for.

``python -m bench.coverage`` writes ``docs/intervals.md``; targets are those that PyPI packages carry (the extra
``bench`` installs them) and those of ``TENFOLD_DATA``; one whose package or file is absent is left out.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pandas as pd
from sklearn import datasets

import tenfold
from tenfold.decision.interval import Interval
from tenfold.figures import Estimate

__all__ = ["Target", "main", "targets"]

_ASKED = 0.9
_MODELS = ("ridge", "boosting")
_OUT = Path(__file__).parents[1] / "docs" / "intervals.md"


@dataclass(frozen=True)
class Target:
    """A table of features and the quantity of each row."""

    name: str
    X: pd.DataFrame
    y: pd.Series


def targets() -> Iterator[Target]:
    """Give every target that can be read here, rows without a value left out."""
    for name, read in _READERS.items():
        try:
            X, y = read()
        except (ImportError, OSError, KeyError):
            continue
        known = y.notna().to_numpy()
        yield Target(name, X[known].reset_index(drop=True), y[known].reset_index(drop=True).astype(float))


def _split(table: pd.DataFrame, target: str, *unused: str) -> tuple[pd.DataFrame, pd.Series]:
    return table.drop(columns=[target, *unused]), table[target]


def _statsmodels(name: str, target: str, *unused: str) -> tuple[pd.DataFrame, pd.Series]:
    return _split(import_module(f"statsmodels.datasets.{name}").load_pandas().data, target, *unused)


def _vega(name: str, target: str, *unused: str) -> tuple[pd.DataFrame, pd.Series]:
    return _split(getattr(import_module("vega_datasets").local_data, name)(), target, *unused)


def _sklearn(name: str) -> tuple[pd.DataFrame, pd.Series]:
    data = getattr(datasets, f"load_{name}")(as_frame=True)
    return data.data, data.target


def _housing() -> tuple[pd.DataFrame, pd.Series]:
    return _split(pd.read_csv(Path(os.environ["TENFOLD_DATA"]) / "housing" / "housing.csv"), "median_house_value")


def _penguins() -> tuple[pd.DataFrame, pd.Series]:
    return _split(import_module("palmerpenguins").load_penguins(), "body_mass_g")


_READERS: dict[str, Callable[[], tuple[pd.DataFrame, pd.Series]]] = {
    "house values": _housing,
    "diabetes": lambda: _sklearn("diabetes"),
    "digit as a number": lambda: _sklearn("digits"),
    "penguins, body mass": _penguins,
    "cars, miles a gallon": lambda: _vega("cars", "Miles_per_Gallon", "Name"),
    "barley, yield": lambda: _vega("barley", "yield"),
    "Seattle, highest temperature": lambda: _vega("seattle_weather", "temp_max", "date"),
    "stocks, price": lambda: _vega("stocks", "price"),
    "iris, petal length": lambda: _vega("iris", "petalLength"),
    "food expenditure": lambda: _statsmodels("engel", "foodexp"),
    "age in a survey of affairs": lambda: _statsmodels("fair", "age"),
    "investment of firms": lambda: _statsmodels("grunfeld", "invest"),
    "consumption, quarters": lambda: _statsmodels("macrodata", "realcons"),
    "the Nile": lambda: _statsmodels("nile", "volume"),
    "visits to the doctor": lambda: _statsmodels("randhie", "mdvis"),
    "schools, above the median": lambda: _statsmodels("star98", "NABOVE"),
    "sunspots": lambda: _statsmodels("sunspots", "SUNACTIVITY"),
    "cancer by county": lambda: _statsmodels("cancer", "cancer"),
    "age of voters": lambda: _statsmodels("anes96", "age"),
    "travel, time in the vehicle": lambda: _statsmodels("modechoice", "invt"),
    "strikes, days": lambda: _statsmodels("strikes", "duration"),
}


@dataclass(frozen=True)
class Row:
    """What one target has come to."""

    target: Target
    chosen: str
    coverage: Estimate
    interval: Interval | None

    @property
    def holds(self) -> bool:
        """Whether the interval of the share inside holds what was asked for."""
        low, high = self.coverage.low, self.coverage.high
        return low is not None and high is not None and low <= _ASKED <= high

    @property
    def text(self) -> str:
        """A line of the table."""
        about = f"| {self.target.name} | {len(self.target.X):,} | {self.chosen} | {self.coverage.n:,} |"
        value, low, high = (100 * (one or 0.0) for one in (self.coverage.value, self.coverage.low, self.coverage.high))
        if self.interval is None:
            return f"{about} too few rows | | |"
        return f"{about} {value:.1f} | {low:.1f} to {high:.1f} | {'varies' if self.interval.scaled else 'one'} |"


def main() -> None:
    """Run each target once, and write the page."""
    rows = []
    for one in targets():
        rows.append(_row(one))
        print(rows[-1].text, flush=True)
    _OUT.write_text(_page(rows), encoding="utf-8")


def _row(one: Target) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        run = tenfold.run(one.X, one.y.to_numpy(), models=list(_MODELS), task="quantities", out=out)
        metrics = run.record.metrics
    return Row(one, metrics.chosen, metrics.test["coverage"], metrics.chosen_record.decision.interval)


def _page(rows: Sequence[Row]) -> str:
    known = [one for one in rows if one.interval is not None]
    total = sum(one.coverage.n for one in known)
    inside = sum((one.coverage.value or 0.0) * one.coverage.n for one in known) / max(total, 1)
    day, holding = datetime.now(UTC).date().isoformat(), sum(one.holds for one in known)
    head = (
        f"`tenfold run TABLE --models {','.join(_MODELS)}` on {len(rows)} real targets, seed 42, with intervals of "
        "90 %, as they are by default: the share of the test values inside, with Wilson's interval.\n"
        f"Measured on {day} by `python -m bench.coverage`.\n\n"
        f"Of {len(known)} such shares, {holding} have an interval that holds the 90 % asked for; of all {total:,} test "
        f"rows\ntogether {100 * inside:.1f} % lie inside. Width: one for all rows, or varying with how hard a row is, "
        "whichever has\nthe lower pinball loss out of fold."
    )
    table = [
        "| target | rows | chosen | test rows | inside, % | 95 % interval | width |",
        "|---|---:|---|---:|---:|---|---|",
    ]
    lines = ["# What intervals hold", "", head, "", *table, *(one.text for one in rows)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
