"""Preparation fitted on moments, and blocks of a row store prepared as the saved pipeline prepares a table."""

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
from tenfold.data.streamed.row_store import RowStore

__all__ = ["MOST_ONE_HOT", "BlockPreparation", "coded_from", "frame_of", "one_hot_from"]

Floats = NDArray[np.float64]
_RARE, MOST_ONE_HOT, _MOST_CODES = 5, 50, 250


def one_hot_from(columns: TableColumns, store: RowStore, moments: Moments) -> ColumnTransformer:
    """
    Return a fitted preparation for linear models: means imputed with an indicator, scaled, frequent texts one-hot.

    A table in memory is imputed with the median instead; the mean is exact on a stream. Rare and unknown texts have no
    column.
    """
    frequent = _frequent(columns.categories, store, moments, MOST_ONE_HOT)
    numbers = make_pipeline(
        SimpleImputer(strategy="mean", add_indicator=True, keep_empty_features=True), StandardScaler()
    )
    texts = OneHotEncoder(
        categories=list(frequent.values()), handle_unknown="ignore", sparse_output=False, dtype=np.float64
    )
    transformer = table_parts(TableColumns(columns.numbers, tuple(frequent), ()), numbers, texts)
    places = [store.numbers.index(name) for name in columns.numbers]
    gaps = moments.present[places] < moments.rows
    transformer.fit(_two_rows(columns.numbers, gaps, frequent))
    if places:
        _settle(transformer.named_transformers_["numbers"], moments, places, gaps)
    return transformer


def coded_from(columns: TableColumns, store: RowStore, moments: Moments) -> ColumnTransformer:
    """Return a fitted preparation for trees and Bayes: numbers unchanged, frequent texts as codes, others missing."""
    frequent = _frequent(columns.categories, store, moments, _MOST_CODES, with_missing=False)
    texts = OrdinalEncoder(
        categories=list(frequent.values()),
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
    )
    transformer = table_parts(TableColumns(columns.numbers, tuple(frequent), ()), "passthrough", texts)
    return transformer.fit(_two_rows(columns.numbers, np.zeros(len(columns.numbers), bool), frequent))


def _frequent(
    names: tuple[str, ...], store: RowStore, moments: Moments, most: int, *, with_missing: bool = True
) -> dict[str, NDArray[np.object_]]:
    """Return the frequent texts of each column, sorted, a missing one last; columns without any are left out."""
    frequent = {}
    for name in names:
        counts = moments.texts[store.categories.index(name)]
        counts_of_texts = counts[:-1] if not with_missing else counts
        first = np.argsort(-counts_of_texts, kind="stable")[:most]
        first = first[counts_of_texts[first] >= _RARE]
        values = store.values[name]
        texts: list[str | None] = sorted(values[place] for place in first if place < len(values))
        texts += [None] if (first >= len(values)).any() else []
        if texts:
            frequent[name] = np.array(texts, object)
    return frequent


def _two_rows(
    numbers: tuple[str, ...], gaps: NDArray[np.bool_], texts: Mapping[str, NDArray[np.object_]]
) -> pd.DataFrame:
    """Return a table of two rows with the same columns, for what `fit` derives from their types alone."""
    table: dict[str, Any] = {name: [0.0, np.nan if gap else 1.0] for name, gap in zip(numbers, gaps, strict=True)}
    table |= {name: pd.Series([values[0], values[-1]], dtype=object) for name, values in texts.items()}
    return pd.DataFrame(table)


def _settle(numbers: Any, moments: Moments, places: list[int], gaps: NDArray[np.bool_]) -> None:
    """Set the fitted attributes of imputer and scaler from the moments of all rows."""
    imputer, scaler = numbers[0], numbers[1]
    mean, spread = moments.mean[places], moments.squares[places] / moments.rows
    share = 1 - moments.present[places][gaps] / moments.rows
    imputer.statistics_ = mean
    scaler.mean_ = np.append(mean, share)
    scaler.var_ = np.append(spread, share * (1 - share))
    # A constant column is only centred, as scikit-learn does; rounding must not pass for variance.
    scale = np.sqrt(scaler.var_)
    scaler.scale_ = np.where(scale > 10 * np.finfo(np.float64).eps * np.abs(scaler.mean_), scale, 1.0)
    scaler.n_samples_seen_ = np.int64(moments.rows)


class BlockPreparation:
    """
    A fitted preparation for blocks of a row store, with results equal to those of the same rows as a table.

    Each text is prepared once, and its result looked up for every row that has it.

    Parameters
    ----------
    transformer : ColumnTransformer
        Fitted, with parts ``numbers`` and ``categories``.
    store : RowStore
    """

    def __init__(self, transformer: ColumnTransformer, store: RowStore) -> None:
        columns = {name: list(of_part) for name, _, of_part in transformer.transformers_}
        self._names = columns.get("numbers", [])
        self._places = [store.numbers.index(name) for name in self._names]
        numbers = transformer.named_transformers_.get("numbers")
        self._scaled = _Scaled(*numbers) if isinstance(numbers, Pipeline) else None
        texts = columns.get("categories", [])
        self._tables = _tables(transformer.named_transformers_["categories"], texts, store) if texts else []
        self._codes = [store.categories.index(name) for name in texts]

    @property
    def texts(self) -> int:
        """Number of text columns that are prepared."""
        return len(self._tables)

    @property
    def width(self) -> int:
        """Number of values of a prepared row."""
        numbers = len(self._names) if self._scaled is None else self._scaled.width
        return numbers + sum(int(table.shape[1]) for table in self._tables)

    def matrix(self, numbers: NDArray[Any], codes: NDArray[np.int32]) -> Floats:
        """Prepare the numbers (m, p) and codes (m, q) of a block: float64, shape (m, d)."""
        columns = numbers if self._places == list(range(numbers.shape[1])) else numbers[:, self._places]
        matrix, end = np.empty((len(numbers), self.width)), columns.shape[1]
        if self._scaled is None:
            matrix[:, :end] = columns
        else:
            end = self._scaled.width
            self._scaled.transform(columns, matrix[:, :end])
        for place, table in zip(self._codes, self._tables, strict=True):
            matrix[:, end : end + table.shape[1]] = table[codes[:, place]]
            end += table.shape[1]
        return matrix


class _Scaled:
    """Imputer and scaler by the same operations on the same values, without their checks, which take longer."""

    def __init__(self, imputer: SimpleImputer, scaler: StandardScaler) -> None:
        self._means, self._gaps = imputer.statistics_, imputer.indicator_.features_
        self._middle, self._scale = scaler.mean_, scaler.scale_

    @property
    def width(self) -> int:
        return len(self._middle)

    def transform(self, numbers: NDArray[Any], out: Floats) -> None:
        """Write prepared numbers (m, p) into an array of shape (m, width)."""
        columns = numbers.shape[1]
        out[:, :columns] = numbers
        missing = np.isnan(numbers)
        out[:, columns:] = missing[:, self._gaps]
        np.copyto(out[:, :columns], self._means, where=missing)
        out -= self._middle
        out /= self._scale


def _tables(encoder: Any, names: list[str], store: RowStore) -> list[Floats]:
    """Return the prepared texts of each column, the missing one last: shape (values + 1, width)."""
    widths = (
        [len(categories) for categories in encoder.categories_]
        if isinstance(encoder, OneHotEncoder)
        else [1] * len(names)
    )
    ends = np.cumsum(widths)
    tables = []
    for place, name in enumerate(names):
        texts = np.array([*store.values[name], None], object)
        rows = pd.DataFrame({other: pd.Series([None] * len(texts), dtype=object) for other in names})
        rows[name] = pd.Series(texts, dtype=object)
        tables.append(np.asarray(encoder.transform(rows), np.float64)[:, ends[place] - widths[place] : ends[place]])
    return tables


def frame_of(store: RowStore, whole: frozenset[str], numbers: NDArray[Any], codes: NDArray[np.int32]) -> pd.DataFrame:
    """
    Return rows of a store as the table they were read from, numbers first.

    Parameters
    ----------
    store : RowStore
    whole : frozenset of str
        Columns of whole numbers without gaps.
    numbers, codes : ndarray, shapes (m, p) and (m, q)
    """
    table: dict[str, Any] = {
        name: numbers[:, place].astype(np.int64 if name in whole else np.float64)
        for place, name in enumerate(store.numbers)
    }
    for place, name in enumerate(store.categories):
        texts = np.array([*store.values[name], None], object)
        table[name] = pd.Series(texts[codes[:, place]], dtype=object)
    return pd.DataFrame(table)
