"""Classes made of a quantity: the bins that its values fall into."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.dataset import Dataset
from tenfold.errors import DataError, UsageError
from tenfold.text import shown

__all__ = ["bin_names", "binned", "edges_of"]

_MOST_BINS = 100
_WHERE = "--bins"
_SPELLING = "give 5 (as wide as one another), quantile:5 (of as many rows), or edges in order: 0,100,500"


def binned(data: Dataset, spec: str) -> Dataset:
    """
    Return a dataset whose labels are the bins of its one target.

    Parameters
    ----------
    data : Dataset
        Labelled by numbers; rows without a label keep none.
    spec : str
        ``5`` bins of one width, ``quantile:5`` of as many rows each, or edges such as ``0,100,500``.

    Raises
    ------
    UsageError
        The text is no such thing, or there are several targets.
    DataError
        A label is no number; the message names the row.

    Examples
    --------
    >>> import pandas as pd
    >>> y = np.array(["1", "5", "9"], object)
    >>> binned(Dataset("d", "table", pd.DataFrame({"a": [0, 1, 2]}), y, source="d.csv"), "2,6").y.tolist()
    ['below 2', '2 to 6', '6 or more']
    """
    y = data.labels
    if y.ndim != 1:
        raise UsageError(f"bins are of one target, the data have {y.shape[1]}", where=_WHERE, do="name one target")
    known = np.array([text != "" for text in y.tolist()])
    values = _numbers(y[known], np.flatnonzero(known), data)
    edges = edges_of(values, spec)
    names = np.array(bin_names(edges), object)
    labels = np.full(len(y), "", object)
    labels[known] = names[np.searchsorted(edges, values, side="right")]
    return replace(data, y=labels)


def edges_of(values: NDArray[np.float64], spec: str) -> NDArray[np.float64]:
    """
    Return the inner edges of the bins that a text asks for; a value at an edge is in the upper bin.

    Examples
    --------
    >>> edges_of(np.arange(10.0), "3").tolist(), edges_of(np.arange(10.0), "quantile:2").tolist()
    ([3.0, 6.0], [5.0])
    """
    text = spec.strip()
    by_rows = text.startswith("quantile:")
    number = text.removeprefix("quantile:").strip()
    if number.isascii() and number.isdigit():
        edges = _even_edges(values, int(number), by_rows=by_rows)
    elif by_rows:
        raise UsageError(f"'{shown(spec, 60)}' is no number of bins", where=_WHERE, do=_SPELLING)
    else:
        edges = _given_edges(text)
    filled = np.unique(np.searchsorted(edges, values, side="right"))
    if len(filled) < 2:
        raise UsageError(
            f"all {len(values):,} values fall into one bin: they lie between {values.min():.12g} and "
            f"{values.max():.12g}",
            where=_WHERE,
            do="give edges among them",
        )
    return edges


def bin_names(edges: NDArray[np.float64]) -> list[str]:
    """
    Return the names of the bins between edges, from below the first to above the last.

    Examples
    --------
    >>> bin_names(np.array([0.0, 2.5]))
    ['below 0', '0 to 2.5', '2.5 or more']
    """
    texts = [f"{edge:.12g}" for edge in edges]
    inner = [f"{low} to {high}" for low, high in itertools.pairwise(texts)]
    return [f"below {texts[0]}", *inner, f"{texts[-1]} or more"]


def _even_edges(values: NDArray[np.float64], count: int, *, by_rows: bool) -> NDArray[np.float64]:
    if not 2 <= count <= _MOST_BINS:
        raise UsageError(f"{count} bins, where 2 to {_MOST_BINS} can be asked for", where=_WHERE, do=_SPELLING)
    if by_rows:
        shares = np.arange(1, count) / count
        return np.unique(np.quantile(values, shares, method="inverted_cdf" if count > len(values) else "higher"))
    return np.linspace(values.min(), values.max(), count + 1)[1:-1]


def _given_edges(text: str) -> NDArray[np.float64]:
    try:
        edges = np.array([float(part) for part in text.split(",")])
    except ValueError:
        raise UsageError(f"'{shown(text, 60)}' gives no bins", where=_WHERE, do=_SPELLING) from None
    if not np.isfinite(edges).all() or (np.diff(edges) <= 0).any() or len(edges) > _MOST_BINS:
        what = f"'{shown(text, 60)}': edges must be finite numbers, each above the one before"
        raise UsageError(what, where=_WHERE, do=_SPELLING)
    return edges


def _numbers(texts: NDArray[Any], rows: NDArray[np.int64], data: Dataset) -> NDArray[np.float64]:
    values = np.empty(len(texts))
    for place, text in enumerate(texts.tolist()):
        try:
            values[place] = float(text)
        except ValueError:
            values[place] = np.nan
        if not np.isfinite(values[place]):
            raise DataError(
                f"'{shown(text, 40)}' is no number, and falls into no bin",
                where=data.source,
                row=int(rows[place]) + 1,
                column=data.target_names[0],
                do="correct it, or leave the row out",
            )
    if not len(values):
        raise DataError("no row has a label", where=data.source, do="choose another target")
    return values
