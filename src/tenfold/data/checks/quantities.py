"""What is suspicious about a quantity that is to be predicted, and about columns that follow it too closely."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import is_numeric_dtype

from tenfold.data.checks.finding import Finding, first_rows, quoted, row_list
from tenfold.data.dataset import Dataset

__all__ = ["check_quantities", "limit_finding", "limits"]

_FEWEST_ROWS = 30
_SKEWED = 1.5
_STRAIGHTER = 0.5
"""Share of the skewness that must be gone with the logarithm before it is proposed."""
_CAP_SHARE, _CAP_TIMES = 0.01, 5
_NEARLY_ALWAYS = 0.999
_YEARS = (1900, 2100)
_DAYS = (19_000_101, 21_001_231)
_MOST_ROWS = 20_000

Floats = NDArray[np.float64]


def check_quantities(dataset: Dataset, y: Floats, names: tuple[str, ...]) -> list[Finding]:
    """
    Return findings about the values of each target, and about columns that nearly are one.

    Parameters
    ----------
    dataset : Dataset
    y : ndarray of float64, shape (n, k)
        Finite.
    names : tuple of str
        Of the k targets.
    """
    findings = []
    for c, name in enumerate(names):
        values = y[:, c]
        if len(values) >= _FEWEST_ROWS:
            findings += [*_identifiers(values, name), *_dates(values, name), *_caps(values, name, dataset)]
            findings += [*_shape(values, name), *_leaks(dataset, values, name)]
    return findings


def _identifiers(values: Floats, name: str) -> Iterator[Finding]:
    whole = bool((values == np.round(values)).all())
    if whole and len(np.unique(values)) == len(values) and np.ptp(values) < 1.01 * len(values):
        what = f"the target {quoted(name)} is another whole number in every row, one after the other: it may be an id"
        yield Finding("warning", "target-id", what, column=name, do="choose another target, if it is one")


def _dates(values: Floats, name: str) -> Iterator[Finding]:
    if not (values == np.round(values)).all():
        return
    for (low, high), what in ((_YEARS, "years"), (_DAYS, "dates (20240131)")):
        if low <= values.min() and values.max() <= high and len(np.unique(values)) > 2:
            text = f"the target {quoted(name)} looks like {what}: errors are counted in the unit of these numbers"
            do = "predict the time since a date, if days are meant" if what != "years" else ""
            yield Finding("note", "target-dates", text, column=name, do=do)
            return


def _caps(values: Floats, name: str, dataset: Dataset) -> Iterator[Finding]:
    """A value at an end that many rows share, far more than share any other: what lies beyond was cut off."""
    for value, end in limits(values):
        count, rows = int((values == value).sum()), first_rows(values == value, dataset.rows)
        yield limit_finding(name, value, end, count, rows)


def limits(values: Floats) -> Iterator[tuple[float, str]]:
    """
    Yield the ends that far more rows share than share any other value, each with which end it is.

    Examples
    --------
    >>> list(limits(np.append(np.arange(90.0), np.full(10, 100.0))))
    [(100.0, 'highest')]
    """
    distinct, counts = np.unique(values, return_counts=True)
    usual = float(np.median(counts[1:-1])) if len(counts) > 4 else float(counts.max())
    for place, end in ((-1, "highest"), (0, "lowest")):
        count, value = int(counts[place]), float(distinct[place])
        if count >= max(_CAP_SHARE * len(values), _CAP_TIMES * usual, 5) and not (end == "lowest" and value == 0):
            yield value, end


def limit_finding(name: str, value: float, end: str, count: int, rows: tuple[int, ...] = ()) -> Finding:
    """Return the finding that so many rows have the value at an end; `rows` are the first of them, where known."""
    which = f"the {end} value of {quoted(name)}, {value:,.12g}{f' ({row_list(rows, count)})' if rows else ''}"
    beyond = "above" if end == "highest" else "below"
    what = f"{count:,} rows have {which}: it may be a limit, and true values {beyond} it are not known"
    return Finding("warning", "target-limit", what, rows, count, name, "leave such rows out, if it is a limit")


def _shape(values: Floats, name: str) -> Iterator[Finding]:
    whole, least = bool((values == np.round(values)).all()), float(values.min())
    if whole and least >= 0 and values.max() < 1000 and len(np.unique(values)) < len(values) / 2:
        what = f"the target {quoted(name)} is counted: whole numbers from {least:g} on"
        yield Finding("note", "target-counts", what, column=name, do="try boosting:poisson beside the others")
    skewness = _skewness(values)
    if skewness < _SKEWED:
        return
    times = f"the mean is {values.mean() / np.median(values):.1f} times the median" if np.median(values) > 0 else ""
    what = f"the target {quoted(name)} is skewed to the right{': ' + times if times else ''}"
    if least > 0 and abs(_skewness(np.log(values))) < _STRAIGHTER * skewness:
        do = "--target-transform log judges models of its logarithm beside the others"
    elif least >= 0 and abs(_skewness(np.sqrt(values))) < _STRAIGHTER * skewness:
        do = "--target-transform sqrt judges models of its square root beside the others"
    else:
        do = "look at the mean absolute error too: few large values rule squared errors"
    yield Finding("note", "target-skewed", what, column=name, do=do)


def _skewness(values: Floats) -> float:
    deviations = values - values.mean()
    spread = float(deviations.std())
    return float((deviations**3).mean() / spread**3) if spread else 0.0


def _leaks(dataset: Dataset, values: Floats, name: str) -> Iterator[Finding]:
    """Columns of numbers that rise or fall with the target nearly without exception."""
    table = dataset.table
    if table is None:
        return
    rows = np.random.default_rng(0).permutation(len(values))[:_MOST_ROWS]
    target = pd.Series(values[rows]).rank()
    for column in table.columns:
        if not is_numeric_dtype(table[column].dtype):
            continue
        ranks = table[column].iloc[rows].reset_index(drop=True).rank()
        known = ranks.notna()
        if int(known.sum()) < _FEWEST_ROWS or ranks[known].nunique() < 3:
            continue
        together = float(np.corrcoef(ranks[known], target[known])[0, 1])
        if abs(together) >= _NEARLY_ALWAYS:
            way = "rises" if together > 0 else "falls"
            what = (
                f"column {quoted(column)} {way} with {quoted(name)} nearly without exception (rank correlation "
                f"{together:.4f}): it may give the answer away"
            )
            do = "ask whether it is known before the value is; if not, drop it"
            yield Finding("warning", "leak", what, (), 0, str(column), do)
