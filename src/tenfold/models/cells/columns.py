"""Columns of text as columns of numbers: what people write as numbers, and the parts of dates."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from tenfold.models.cells.markers import marked_cells
from tenfold.models.cells.parsing import date_parts, read_date, read_number

__all__ = ["DateParts", "EmptyColumns", "MissingMarkers", "WrittenNumbers"]


class _OfCells(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Nothing is fitted but the number of columns."""

    def fit(self, X: Any, y: Any = None) -> Self:
        """Count the columns."""
        self.n_features_in_ = np.asarray(X, object).shape[1]
        return self


class WrittenNumbers(_OfCells):
    """
    Read numbers as people write them; what is none is NaN.

    Parameters
    ----------
    decimal : {"point", "comma"}

    Examples
    --------
    >>> WrittenNumbers("comma").fit_transform([["12,5 kg"], ["?"]]).tolist()
    [[12.5], [nan]]
    """

    def __init__(self, decimal: str = "point") -> None:
        self.decimal = decimal

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Return float64 of shape (n, columns) for X of text, None or NaN where missing."""
        cells = np.asarray(X, object)
        values = [read_number(_text(cell), self.decimal) for cell in cells.ravel().tolist()]
        return np.array(values, np.float64).reshape(cells.shape)


class DateParts(_OfCells):
    """
    Read dates and give their parts (`tenfold.models.cells.parsing.DATE_PARTS`), column by column.

    Parameters
    ----------
    first : {"day", "month"}
        Where the year stands last.

    Examples
    --------
    >>> DateParts().fit_transform([["2024-02-29"]])[0, 1:4].tolist()
    [2024.0, 2.0, 3.0]
    """

    def __init__(self, first: str = "day") -> None:
        self.first = first

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Return float64 of shape (n, columns times parts) for X of text, None or NaN where missing."""
        columns = np.asarray(X, object).T.tolist()
        days = [np.array([read_date(_text(cell), self.first) for cell in column], np.float64) for column in columns]
        return np.concatenate([date_parts(one) for one in days], axis=1)


class EmptyColumns(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Put 0 into columns without a value in any training row, as one of few values has in some fold.

    Histogram boosting of scikit-learn cannot be fitted on them; all other gaps stay.

    Examples
    --------
    >>> EmptyColumns().fit_transform([[np.nan, 1.0], [np.nan, np.nan]]).tolist()
    [[0.0, 1.0], [0.0, nan]]
    """

    def fit(self, X: Any, y: Any = None) -> Self:
        """Find the columns, `empty_`, of X of shape (n, columns)."""
        values = np.asarray(X, np.float64)
        self.n_features_in_ = values.shape[1]
        self.empty_ = np.isnan(values).all(axis=0)
        return self

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Return float64 of shape (n, columns)."""
        values = np.asarray(X, np.float64)
        return np.where(self.empty_, 0.0, values) if self.empty_.any() else values


class MissingMarkers(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """
    Take cells that stand for nothing known, such as ``?`` or 999, as missing.

    Parameters
    ----------
    markers : tuple of (str, tuple of str)
        Name of a column, and its markers; one that a table lacks is passed over.

    Examples
    --------
    >>> import pandas as pd
    >>> MissingMarkers((("age", ("999",)),)).fit_transform(pd.DataFrame({"age": [7, 999]}))["age"].tolist()
    [7.0, nan]
    """

    def __init__(self, markers: tuple[tuple[str, tuple[str, ...]], ...] = ()) -> None:
        self.markers = markers

    def fit(self, X: Any, y: Any = None) -> Self:
        """Do nothing: nothing depends on the rows."""
        return self

    def transform(self, X: Any) -> Any:
        """Return the data frame X with None in place of texts that are markers, and NaN in place of numbers."""
        table = X.copy(deep=False)
        for name, markers in self.markers:
            if name in table:
                marked = marked_cells(table[name].to_numpy(), markers)
                missing = None if table[name].dtype == object else np.nan
                table[name] = table[name].mask(marked, missing) if marked.any() else table[name]
        return table

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _text(cell: Any) -> str | None:
    return cell if isinstance(cell, str) else None
