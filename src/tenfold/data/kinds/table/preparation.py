"""Mixed tables to numbers: imputed, scaled, encoded; rare and unseen categories share one column."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

__all__ = ["TableColumns", "column_roles", "encoded_table", "one_hot_table", "one_hot_width", "table_parts"]

_RARE = 5
_SHORT = 8
_MOST_ONE_HOT = 50
_MOST_ORDINAL = 250


@dataclass(frozen=True)
class TableColumns:
    """
    The part each column plays.

    Parameters
    ----------
    numbers, categories : tuple of str
        Columns used.
    unused : tuple of str
        Columns left out because every row has its own value (an id) or none has any.
    """

    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    unused: tuple[str, ...]


def column_roles(table: pd.DataFrame) -> TableColumns:
    """
    Say which part each column plays, from its values alone (labels are not looked at).

    Examples
    --------
    >>> table = pd.DataFrame({"id": range(9), "age": [1.5] * 9, "sex": pd.Series(list("abc" * 3), dtype=object)})
    >>> column_roles(table)
    TableColumns(numbers=('age',), categories=('sex',), unused=('id',))
    """
    empty = tuple(str(name) for name in table if not table[name].notna().any())
    ids = tuple(str(name) for name in table if str(name) not in empty and _is_id(table[name]))
    # Where nothing else is there, an id is better than no column at all.
    unused = (*ids, *empty) if len(ids) + len(empty) < table.shape[1] else empty
    used = [str(name) for name in table if str(name) not in unused]
    numbers = tuple(name for name in used if pd.api.types.is_numeric_dtype(table[name]))
    return TableColumns(numbers, tuple(name for name in used if name not in numbers), unused)


def _is_id(column: pd.Series) -> bool:
    """Text that never repeats, or whole numbers that never repeat and fill their range as a counter does."""
    if len(column) <= _SHORT or column.nunique() < len(column) or pd.api.types.is_float_dtype(column):
        return False
    if not pd.api.types.is_numeric_dtype(column):
        return True
    return bool(column.max() - column.min() + 1 <= 2 * len(column))


def one_hot_table(columns: TableColumns, *, scale: bool = True) -> ColumnTransformer:
    """
    Prepare a table for models of distances and weights: medians imputed (and marked), scaled, one column a category.

    Parameters
    ----------
    columns : TableColumns
    scale : bool
        Bring every number to mean 0 and deviation 1.
    """
    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    numbers = make_pipeline(imputer, StandardScaler()) if scale else imputer
    categories = OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        min_frequency=_RARE,
        max_categories=_MOST_ONE_HOT,
        sparse_output=False,
        dtype=np.float64,
    )
    return table_parts(columns, numbers, categories)


def one_hot_width(column: pd.Series) -> int:
    """
    Give the columns that a category is sure to become: rare values share one, and a value must not be rare in a fold.

    Examples
    --------
    >>> (
    ...     one_hot_width(pd.Series(["red"] * 30 + ["blue"] * 30)),
    ...     one_hot_width(pd.Series([f"name {i}" for i in range(60)])),
    ... )
    (2, 1)
    """
    rows = column.value_counts()
    # Of two folds, the fewest there can be, one has half of the rows.
    frequent = int((rows >= 2 * _RARE).sum())
    return min(frequent + int(frequent < len(rows)), _MOST_ONE_HOT)


def encoded_table(columns: TableColumns) -> ColumnTransformer:
    """Prepare a table for histogram boosting: numbers as they are (missing stays missing), categories as codes."""
    categories = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        min_frequency=_RARE,
        max_categories=_MOST_ORDINAL,
    )
    return table_parts(columns, "passthrough", categories)


def table_parts(columns: TableColumns, numbers: object, categories: object) -> ColumnTransformer:
    """Put the preparation of numbers beside that of categories; a part without columns is left out."""
    parts = [("numbers", numbers, list(columns.numbers)), ("categories", categories, list(columns.categories))]
    return ColumnTransformer([part for part in parts if part[2]], sparse_threshold=0.0, verbose_feature_names_out=False)
