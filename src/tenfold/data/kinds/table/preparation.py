"""Mixed tables to numbers: imputed, scaled, encoded; rare and unseen categories share one column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.data.kinds.kind import Need
from tenfold.models.cells.parsing import DATE_PARTS

if TYPE_CHECKING:
    from sklearn.compose import ColumnTransformer

__all__ = [
    "TableColumns", "coded", "is_id", "plain_layout", "encoded_table", "one_hot_table", "one_hot_width", "prepare",
    "read_layout", "table_parts", "unused", "values", "width",
]  # fmt: skip

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
        Columns left out, such as those in which every row has its own value (an id) or none has any.
    large : tuple of str
        Categories of so many values that each becomes what the classes of its training rows are like on average.
    points, commas : tuple of str
        Columns of text that are numbers as people write them, with a decimal point or a decimal comma.
    days, months : tuple of str
        Columns of text that are dates, of which the day or the month stands first where the year stands last.
    texts, tags : tuple of str
        Columns of free text, and of lists of tags.
    ordered : tuple of (str, tuple of str)
        Categories that become their place in an order: name, and values from the least to the greatest.
    missing : tuple of (str, tuple of str)
        Columns with values that count as missing: name and values.
    """

    numbers: tuple[str, ...]
    categories: tuple[str, ...]
    unused: tuple[str, ...]
    large: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    commas: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ordered: tuple[tuple[str, tuple[str, ...]], ...] = ()
    missing: tuple[tuple[str, tuple[str, ...]], ...] = ()


def plain_layout(table: pd.DataFrame) -> TableColumns:
    """
    Return which part each column plays, from its values alone (labels are not looked at).

    Examples
    --------
    >>> table = pd.DataFrame({"id": range(9), "age": [1.5] * 9, "sex": pd.Series(list("abc" * 3), dtype=object)})
    >>> layout = plain_layout(table)
    >>> layout.numbers, layout.categories, layout.unused
    (('age',), ('sex',), ('id',))
    """
    empty = tuple(str(name) for name in table if not table[name].notna().any())
    ids = tuple(str(name) for name in table if str(name) not in empty and is_id(table[name]))
    # Where nothing else is there, an id is better than no column at all.
    unused = (*ids, *empty) if len(ids) + len(empty) < table.shape[1] else empty
    used = [str(name) for name in table if str(name) not in unused]
    numbers = tuple(name for name in used if pd.api.types.is_numeric_dtype(table[name]))
    return TableColumns(numbers, tuple(name for name in used if name not in numbers), unused)


def read_layout(plain: Mapping[str, Any]) -> TableColumns:
    """Read the fields of `TableColumns` as JSON gives them."""
    return TableColumns(**{key: tuple(map(_read_entry, entries)) for key, entries in plain.items()})


def _read_entry(entry: Any) -> Any:
    """A name, or a name and its values."""
    return entry if isinstance(entry, str) else (entry[0], tuple(entry[1]))


def unused(columns: TableColumns | None) -> tuple[str, ...]:
    """Return the names of the columns left out."""
    return columns.unused if columns is not None else ()


def coded(columns: TableColumns | None) -> tuple[int, ...]:
    """Return the positions of the categories in what `encoded_table` gives."""
    if columns is None:
        return ()
    first = len(columns.numbers)
    return tuple(range(first, first + len(columns.categories)))


def prepare(columns: TableColumns | None, need: Need) -> list[tuple[str, Any]]:
    """Return the preparation of a table for what a model needs: one-hot, encoded, or none at all."""
    if need.form == "raw":
        return []
    if columns is None:
        raise ValueError("a table is prepared by its columns, and none are given")
    encoded = need.form == "codes"
    table = encoded_table(columns) if encoded else one_hot_table(columns, scale=need.scaling != "none")
    if not columns.missing:
        return [("columns", table)]
    from tenfold.models.cells.columns import MissingMarkers

    return [("missing", MissingMarkers(columns.missing)), ("columns", table)]


def width(X: pd.DataFrame, columns: TableColumns) -> int:
    """Return the columns that a table is sure to become: its numbers, and each category one-hot."""
    written = len(columns.large) + len(columns.points) + len(columns.commas)
    dates, texts = len(DATE_PARTS) * (len(columns.days) + len(columns.months)), len(columns.texts + columns.tags)
    of_categories = sum(one_hot_width(X[name]) for name in columns.categories)
    return len(columns.numbers) + len(columns.ordered) + of_categories + written + dates + texts


def values(X: pd.DataFrame) -> NDArray[np.float32]:
    """
    Return the columns as models of distances see them: imputed, scaled, one-hot; float32, shape (n, d).

    Columns that are ids, or hold no value, are left out.

    Examples
    --------
    >>> values(pd.DataFrame({"age": [1.0, 3.0] * 5, "sex": pd.Series(["f", "m"] * 5, dtype=object)}))[:2].tolist()
    [[-1.0, 1.0, 0.0], [1.0, 0.0, 1.0]]
    """
    columns = plain_layout(X)
    if not columns.numbers + columns.categories:
        return np.zeros((len(X), 0), np.float32)
    return np.asarray(one_hot_table(columns).fit_transform(X), np.float32)


def is_id(column: pd.Series) -> bool:
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
    # Here and below: whoever prepares nothing need not load scikit-learn.
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    imputer = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    numbers = make_pipeline(imputer, StandardScaler()) if scale else imputer
    categories = OneHotEncoder(
        handle_unknown="infrequent_if_exist",
        min_frequency=_RARE,
        max_categories=_MOST_ONE_HOT,
        sparse_output=False,
        dtype=np.float64,
    )
    return table_parts(columns, numbers, categories, filled=True, scale=scale)


def one_hot_width(column: pd.Series) -> int:
    """
    Return the number of columns that a category is sure to become: rare values, in some fold at least, share one.

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
    from sklearn.preprocessing import OrdinalEncoder

    categories = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        min_frequency=_RARE,
        max_categories=_MOST_ORDINAL,
    )
    return table_parts(columns, "passthrough", categories)


def table_parts(
    columns: TableColumns, numbers: object, categories: object, *, filled: bool = False, scale: bool = False
) -> ColumnTransformer:
    """
    Put the preparation of numbers beside that of categories, and of all else; a part of no columns is left out.

    Parameters
    ----------
    columns : TableColumns
    numbers, categories : transformer
    filled, scale : bool
        Whether numbers that are read from text are without gaps, and brought to mean 0 and deviation 1.
    """
    from sklearn.compose import ColumnTransformer

    parts: list[tuple[str, Any, list[str]]] = [
        ("numbers", numbers, list(columns.numbers)),
        ("categories", categories, list(columns.categories)),
    ]
    parts += _parts_of_text(columns, filled=filled, scale=scale)
    return ColumnTransformer([part for part in parts if part[2]], sparse_threshold=0.0, verbose_feature_names_out=False)


def _parts_of_text(columns: TableColumns, *, filled: bool, scale: bool) -> list[tuple[str, Any, list[str]]]:
    """What is read from text; each column of free text by itself."""
    read = (columns.large, columns.points, columns.commas, columns.days, columns.months, columns.texts, columns.tags)
    if not any((*read, columns.ordered)):
        return []
    import sklearn
    from sklearn.impute import SimpleImputer
    from sklearn.model_selection import StratifiedKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder, StandardScaler, TargetEncoder

    from tenfold.models.cells.columns import DateParts, WrittenNumbers
    from tenfold.models.texts import WordColumns
    from tenfold.models.texts.tags import TAG

    def complete(reader: Any) -> Any:
        fill = [SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)] if filled else []
        return make_pipeline(reader, *fill, *([StandardScaler()] if scale else []))

    # random_state is deprecated from 1.9 on, and cv a number before
    new = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9)
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    means = TargetEncoder(cv=folds) if new else TargetEncoder(random_state=0)
    places = OrdinalEncoder(
        categories=[list(order) for _, order in columns.ordered],
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
    )
    return [
        ("ordered", complete(places), [name for name, _ in columns.ordered]),
        ("many categories", make_pipeline(means, StandardScaler()) if scale else means, list(columns.large)),
        ("written with a point", complete(WrittenNumbers("point")), list(columns.points)),
        ("written with a comma", complete(WrittenNumbers("comma")), list(columns.commas)),
        ("dates, day first", complete(DateParts("day")), list(columns.days)),
        ("dates, month first", complete(DateParts("month")), list(columns.months)),
        *((f"words of {name}", WordColumns(), [name]) for name in columns.texts),
        *((f"tags of {name}", WordColumns(pattern=TAG), [name]) for name in columns.tags),
    ]
