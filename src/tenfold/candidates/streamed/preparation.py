"""Preparation learnt in the stream, and blocks of a spool prepared as the saved pipeline prepares a table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from tenfold.data.kinds.table.preparation import TableColumns, table_parts
from tenfold.data.streamed.moments import Moments
from tenfold.data.streamed.row_store import Spool

__all__ = ["MOST_ONE_HOT", "BlockPreparation", "coded_from", "frame_of", "one_hot_from"]

Floats = NDArray[np.float64]
_RARE, MOST_ONE_HOT, _MOST_CODES = 5, 50, 250


def one_hot_from(columns: TableColumns, spool: Spool, moments: Moments) -> ColumnTransformer:
    """
    Prepare for models of weights: means imputed (and marked), scaled, one column a frequent text.

    The mean takes the place of the median that a table in memory is imputed with, because a stream gives it exactly;
    rare and unseen texts have no column.
    """
    kept = _frequent(columns.categories, spool, moments, MOST_ONE_HOT)
    numbers = make_pipeline(
        SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    texts = OneHotEncoder(
        categories=list(kept.values()), handle_unknown="ignore", sparse_output=False, dtype=np.float64
    )
    found = table_parts(TableColumns(columns.numbers, tuple(kept), ()), numbers, texts)
    places = [spool.numbers.index(name) for name in columns.numbers]
    gaps = moments.present[places] < moments.rows
    found.fit(_two_rows(columns.numbers, gaps, kept))
    if places:
        _settle(found.named_transformers_["numbers"], moments, places, gaps)
    return found


def coded_from(columns: TableColumns, spool: Spool, moments: Moments) -> ColumnTransformer:
    """Prepare for counting models: numbers as they are, frequent texts as codes, all others as missing."""
    kept = _frequent(columns.categories, spool, moments, _MOST_CODES, with_missing=False)
    texts = OrdinalEncoder(
        categories=list(kept.values()),
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
    )
    found = table_parts(TableColumns(columns.numbers, tuple(kept), ()), "passthrough", texts)
    return found.fit(_two_rows(columns.numbers, np.zeros(len(columns.numbers), bool), kept))


def _frequent(
    names: tuple[str, ...], spool: Spool, moments: Moments, most: int, *, with_missing: bool = True
) -> dict[str, NDArray[np.object_]]:
    """The frequent texts of each column in order, a missing one last; a column without any is left out."""
    kept = {}
    for name in names:
        counts = moments.texts[spool.categories.index(name)]
        known = counts[:-1] if not with_missing else counts
        first = np.argsort(-known, kind="stable")[:most]
        first = first[known[first] >= _RARE]
        values = spool.values[name]
        texts: list[str | None] = sorted(values[place] for place in first if place < len(values))
        texts += [None] if (first >= len(values)).any() else []
        if texts:
            kept[name] = np.array(texts, object)
    return kept


def _two_rows(
    numbers: tuple[str, ...], gaps: NDArray[np.bool_], texts: Mapping[str, NDArray[np.object_]]
) -> pd.DataFrame:
    """A table of the same columns that is small, for what `fit` reads off the shape of one."""
    table: dict[str, Any] = {name: [0.0, np.nan if gap else 1.0] for name, gap in zip(numbers, gaps, strict=True)}
    table |= {name: pd.Series([kept[0], kept[-1]], dtype=object) for name, kept in texts.items()}
    return pd.DataFrame(table)


def _settle(numbers: Any, moments: Moments, places: list[int], gaps: NDArray[np.bool_]) -> None:
    """Give imputer and scaler what they would have learnt from all the rows."""
    imputer, scaler = numbers[0], numbers[1]
    mean, spread = moments.mean[places], moments.squares[places] / moments.rows
    share = 1 - moments.present[places][gaps] / moments.rows
    imputer.statistics_ = mean
    scaler.mean_ = np.append(mean, share)
    scaler.var_ = np.append(spread, share * (1 - share))
    # A column without spread is only moved, as scikit-learn does; rounding must not pass for spread.
    scale = np.sqrt(scaler.var_)
    scaler.scale_ = np.where(scale > 10 * np.finfo(np.float64).eps * np.abs(scaler.mean_), scale, 1.0)
    scaler.n_samples_seen_ = np.int64(moments.rows)


class BlockPreparation:
    """
    What a fitted preparation makes of blocks of a spool, equal to what it makes of the same rows as a table.

    Each text is prepared once, and its row looked up for every row that holds it.

    Parameters
    ----------
    transformer : ColumnTransformer
        Fitted, of parts ``numbers`` and ``categories``.
    spool : Spool
    """

    def __init__(self, transformer: ColumnTransformer, spool: Spool) -> None:
        columns = {name: list(of_part) for name, _, of_part in transformer.transformers_}
        self._names = columns.get("numbers", [])
        self._places = [spool.numbers.index(name) for name in self._names]
        numbers = transformer.named_transformers_.get("numbers")
        self._scaled = _Scaled(*numbers) if isinstance(numbers, Pipeline) else None
        texts = columns.get("categories", [])
        self._tables = _tables(transformer.named_transformers_["categories"], texts, spool) if texts else []
        self._codes = [spool.categories.index(name) for name in texts]

    @property
    def texts(self) -> int:
        """Columns of text that are prepared."""
        return len(self._tables)

    @property
    def width(self) -> int:
        """Values of a prepared row."""
        numbers = len(self._names) if self._scaled is None else self._scaled.width
        return numbers + sum(int(table.shape[1]) for table in self._tables)

    def matrix(self, numbers: NDArray[Any], codes: NDArray[np.int32]) -> Floats:
        """Prepare the numbers (m, p) and codes (m, q) of a block: float64, shape (m, d)."""
        used = numbers if self._places == list(range(numbers.shape[1])) else numbers[:, self._places]
        found, end = np.empty((len(numbers), self.width)), used.shape[1]
        if self._scaled is None:
            found[:, :end] = used
        else:
            end = self._scaled.width
            self._scaled.transform(used, found[:, :end])
        for place, table in zip(self._codes, self._tables, strict=True):
            found[:, end : end + table.shape[1]] = table[codes[:, place]]
            end += table.shape[1]
        return found


class _Scaled:
    """Imputer and scaler in one go, by the same operations on the same values: the checks of both take longer."""

    def __init__(self, imputer: SimpleImputer, scaler: StandardScaler) -> None:
        self._means, self._gaps = imputer.statistics_, imputer.indicator_.features_
        self._middle, self._scale = scaler.mean_, scaler.scale_

    @property
    def width(self) -> int:
        return len(self._middle)

    def transform(self, numbers: NDArray[Any], found: Floats) -> None:
        """Write prepared numbers (m, p) into an array of shape (m, width)."""
        columns = numbers.shape[1]
        found[:, :columns] = numbers
        missing = np.isnan(numbers)
        found[:, columns:] = missing[:, self._gaps]
        np.copyto(found[:, :columns], self._means, where=missing)
        found -= self._middle
        found /= self._scale


def _tables(encoder: Any, names: list[str], spool: Spool) -> list[Floats]:
    """For each column of text its prepared values, the missing one last: shape (values + 1, width)."""
    widths = [len(kept) for kept in encoder.categories_] if isinstance(encoder, OneHotEncoder) else [1] * len(names)
    ends = np.cumsum(widths)
    tables = []
    for place, name in enumerate(names):
        texts = np.array([*spool.values[name], None], object)
        rows = pd.DataFrame({other: pd.Series([None] * len(texts), dtype=object) for other in names})
        rows[name] = pd.Series(texts, dtype=object)
        tables.append(np.asarray(encoder.transform(rows), np.float64)[:, ends[place] - widths[place] : ends[place]])
    return tables


def frame_of(spool: Spool, whole: frozenset[str], numbers: NDArray[Any], codes: NDArray[np.int32]) -> pd.DataFrame:
    """
    Give rows of a spool as the table they were read from, numbers first.

    Parameters
    ----------
    spool : Spool
    whole : frozenset of str
        Columns of whole numbers without gaps.
    numbers, codes : ndarray, shapes (m, p) and (m, q)
    """
    table: dict[str, Any] = {
        name: numbers[:, place].astype(np.int64 if name in whole else np.float64)
        for place, name in enumerate(spool.numbers)
    }
    for place, name in enumerate(spool.categories):
        texts = np.array([*spool.values[name], None], object)
        table[name] = pd.Series(texts[codes[:, place]], dtype=object)
    return pd.DataFrame(table)
