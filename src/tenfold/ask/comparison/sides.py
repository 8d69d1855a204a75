"""The runs that are compared: whose predictions, by which candidate, and whether they are about the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tenfold.errors import DataError, UsageError
from tenfold.record.entries.metrics import Metrics
from tenfold.record.run import Run, open_run, refuse_denoised
from tenfold.text import near, shown

__all__ = ["Side", "refuse_other_data", "sides_of"]

_LEAST_IN_COMMON = 0.5


@dataclass(frozen=True, eq=False)
class Side:
    """A run's answers by one candidate."""

    where: Path
    metrics: Metrics
    data: str
    candidate: str
    name: str
    lines: pd.DataFrame


def sides_of(paths: Sequence[str | Path], candidates: Sequence[str | None] = ()) -> list[Side]:
    """
    Read the predictions of each run by one candidate, the chosen one where none is named.

    Raises
    ------
    UsageError
        Fewer than two runs, more candidates than runs, or no such candidate.
    """
    if len(paths) < 2:
        raise UsageError("one run alone is not a comparison", do="give two or more run folders")
    if len(candidates) > len(paths):
        raise UsageError(f"{len(candidates)} candidates for {len(paths)} runs", do="give one candidate a run at most")
    names = [*candidates, *[None] * (len(paths) - len(candidates))]
    return [
        _side(open_run(path), candidate, label)
        for path, candidate, label in zip(paths, names, _labels(paths), strict=True)
    ]


def _labels(paths: Sequence[str | Path]) -> list[str]:
    """The name of each run folder; the whole path where two folders have one name."""
    names = [Path(path).resolve().name for path in paths]
    many = len(set(names)) < len({Path(path).resolve() for path in paths})
    return [shown(path if many else name, 60) for path, name in zip(paths, names, strict=True)]


def _side(run: Run, candidate: str | None, label: str) -> Side:
    refuse_denoised(run, "tenfold compare")
    name = candidate or run.chosen
    metrics, known = run.record.metrics, list(run.record.metrics.candidates)
    if name not in known:
        names = ", ".join(shown(one, 40) for one in known)
        raise UsageError(f"no candidate '{shown(name)}'.{near(name, known)}", where=run.path, do=f"give one of {names}")
    lines = run.lines(name)
    side = f"{shown(name, 40)} of {label}"
    return Side(run.path, metrics, run.record.manifest.data.name, name, side, lines)


def refuse_other_data(first: Side, second: Side, common: int) -> None:
    """Refuse runs of which the smaller has less than half of its rows in common with the other, with a DataError."""
    smaller = min(len(first.lines), len(second.lines))
    if common < _LEAST_IN_COMMON * smaller:
        names = [shown(side.data, 60) for side in (first, second)]
        raise DataError(
            f"different data: {common:,} of {smaller:,} training rows are in both runs ({names[0]} and {names[1]})",
            where=second.where,
            do="compare runs on the same data",
        )
