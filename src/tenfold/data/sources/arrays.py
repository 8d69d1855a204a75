"""Datasets from arrays and data frames in memory, with labels as text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenfold.data.sources.limits import TABLE_COLUMNS
from tenfold.errors import DataError, LimitError

if TYPE_CHECKING:
    import pandas as pd

    from tenfold.data.dataset import Dataset

__all__ = ["frame_of", "from_arrays", "images_from", "labels_as_text", "table_from"]


def from_arrays(
    X: Any,
    y: Any = None,
    *,
    name: str = "arrays",
    feature_names: Sequence[str] | None = None,
    groups: Any = None,
) -> Dataset:
    """
    Return a dataset of arrays or a data frame.

    Parameters
    ----------
    X : ndarray of shape (n, height, width) or (n, height, width, 3), ndarray of number (n, columns), or DataFrame
        Images hold whole numbers 0 to 255 of any dtype; they are kept as uint8.
    y : array-like of shape (n,) or (n, k), optional
        Labels, stored as text: ``1`` as ``'1'`` and ``1.0`` as ``'1.0'``; None, NaN and ``''`` are missing.
        Two dimensions are indicators (all 0 or 1; multilabel) or target numbers (multioutput), named by the
        columns of a data frame, else ``y0``, ``y1``, ….
    name : str
        Name of the dataset.
    feature_names : sequence of str, optional
        Names of the columns of an array; ``x0``, ``x1``, … by default.
    groups : array-like of shape (n,), optional
        Rows of one group stay on one side of a split.

    Raises
    ------
    DataError
        Shapes that do not fit, images that are not bytes, or columns that are neither numbers nor text.

    Examples
    --------
    >>> data = from_arrays(np.array([[1.5, 2.0], [0.5, 1.0]]), [1, 0])
    >>> data.kind, data.feature_names, data.y.tolist()
    ('table', ('x0', 'x1'), ['1', '0'])
    """
    from tenfold.data.dataset import Dataset

    content = _content(X, feature_names, name)
    y_kept = None if y is None else _targets(y, name)
    group_names = None if groups is None else labels_as_text(np.asarray(groups))
    for what, values in (("labels", y_kept), ("groups", group_names)):
        if values is not None and len(values) != len(content):
            raise DataError(f"{len(content):,} rows, but {len(values):,} {what}", where=name, do="give one a row")
    names = ("label",) if y_kept is None or y_kept.ndim == 1 else _target_names(y, y_kept.shape[1], name)
    kind = "image" if isinstance(content, np.ndarray) else "table"
    return Dataset(name, kind, content, y_kept, source=name, target_names=names, groups=group_names)


def _content(X: Any, feature_names: Sequence[str] | None, where: str) -> NDArray[np.uint8] | pd.DataFrame:
    if hasattr(X, "columns"):
        # Only here: whoever gives arrays of images need not load pandas.
        import pandas as pd

        if isinstance(X, pd.DataFrame):
            return _typed_frame(X, where)
    array = np.asarray(X)
    return images_from(array, where) if array.ndim in {3, 4} else table_from(array, where, feature_names)


def images_from(array: NDArray[Any], where: str) -> NDArray[np.uint8]:
    """Return images as uint8 of shape (n, height, width[, 3]); `DataError` for other arrays."""
    if array.ndim == 4 and array.shape[3] == 1:
        array = array[..., 0]
    if array.ndim == 4 and array.shape[3] != 3:
        raise DataError(f"images of shape {array.shape[1:]}", where=where, do="give (n, height, width) or (…, 3)")
    if 0 in array.shape:
        raise DataError(f"no images: the shape is {array.shape}", where=where, do="give at least one")
    if array.dtype == np.uint8:
        return array
    numbers = np.issubdtype(array.dtype, np.number) and not np.iscomplexobj(array)
    if not numbers or not bool(((array >= 0) & (array <= 255) & (array == np.round(array))).all()):
        raise DataError(
            f"images of {array.dtype} that are not whole numbers 0 to 255",
            where=where,
            do="scale them to 0 to 255 and convert them with .astype('uint8')",
        )
    return array.astype(np.uint8)


def table_from(array: NDArray[Any], where: str, names: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a two-dimensional array of numbers as a table; `DataError` for other arrays."""
    import pandas as pd

    if array.ndim != 2 or not (np.issubdtype(array.dtype, np.number) or array.dtype == bool):
        raise DataError(
            f"an array of {array.dtype} with {array.ndim} dimensions is neither images nor a table of numbers",
            where=where,
            do="give (n, height, width) bytes, (n, columns) numbers, or a data frame",
        )
    columns = list(names) if names is not None else [f"x{i}" for i in range(array.shape[1])]
    _refuse_shape(array.shape, columns, where)
    whole = np.issubdtype(array.dtype, np.integer) or array.dtype == bool
    return pd.DataFrame(array.astype(np.int64 if whole else np.float64), columns=columns)


def _refuse_shape(shape: tuple[int, ...], columns: list[str], where: str) -> None:
    if 0 in shape:
        raise DataError(f"{shape[0]:,} rows and {shape[1]:,} columns: nothing to learn from", where=where)
    if shape[1] > TABLE_COLUMNS:
        raise LimitError(f"{shape[1]:,} columns, over the limit of {TABLE_COLUMNS:,}", where=where)
    if len(columns) != shape[1] or len(set(columns)) != len(columns):
        raise DataError(f"{shape[1]} columns need as many different names", where=where, do="check feature_names")


def _typed_frame(frame: pd.DataFrame, where: str) -> pd.DataFrame:
    """Convert columns to int64, float64 or text, the types of `Dataset.X`."""
    columns = [str(column) for column in frame.columns]
    _refuse_shape(frame.shape, columns, where)
    typed = {name: _typed_column(frame.iloc[:, i]) for i, name in enumerate(columns)}
    return frame_of(typed)


def frame_of(columns: dict[str, NDArray[Any]]) -> pd.DataFrame:
    """Return a table of typed columns, where object columns stay object instead of pandas' own text type."""
    import pandas as pd

    return pd.DataFrame(
        {
            name: pd.Series(values, dtype=object if values.dtype == object else values.dtype)
            for name, values in columns.items()
        }
    )


def _typed_column(column: pd.Series[Any]) -> NDArray[Any]:
    from pandas.api import types

    if types.is_numeric_dtype(column.dtype) and not types.is_bool_dtype(column.dtype):
        whole = types.is_integer_dtype(column.dtype) and not column.isna().any()
        return column.to_numpy(np.int64 if whole else np.float64, na_value=0 if whole else np.nan)
    missing = column.isna().to_numpy()
    return np.array(
        [None if is_missing else str(v) for v, is_missing in zip(column, missing, strict=True)], dtype=object
    )


def _targets(y: Any, where: str) -> NDArray[Any]:
    values = np.asarray(y, dtype=object) if isinstance(y, list | tuple) else np.asarray(y)
    if values.ndim == 2 and values.shape[1] == 1 and not np.isin(values, (0, 1)).all():
        values = values[:, 0]  # one target, as a column of a matrix
    if values.ndim == 2:
        return _number_targets(values, where)
    if values.ndim != 1:
        raise DataError(f"labels of shape {values.shape}", where=where, do="give one label a row")
    return labels_as_text(values)


def _number_targets(values: NDArray[Any], where: str) -> NDArray[Any]:
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError):
        raise DataError("several targets a row must be numbers", where=where, do="give 0 and 1 a label") from None
    if not np.isfinite(numbers).all():
        raise DataError("missing or infinite values among the targets", where=where, do="fill or drop these rows")
    return numbers.astype(bool) if np.isin(numbers, (0, 1)).all() else numbers


def _target_names(y: Any, count: int, where: str) -> tuple[str, ...]:
    columns = getattr(y, "columns", None)
    names = tuple(f"y{i}" for i in range(count)) if columns is None else tuple(map(str, columns))
    if len(set(names)) < len(names):
        raise DataError("two target columns have one name", where=where, do="rename one of them")
    return names


def labels_as_text(values: NDArray[Any]) -> NDArray[np.object_]:
    """
    Return labels as text; None and NaN become the empty text, which means missing.

    Parameters
    ----------
    values : ndarray, shape (n,)

    Returns
    -------
    ndarray of object (str), shape (n,)

    Examples
    --------
    >>> labels_as_text(np.array([1.0, np.nan, 2.5])).tolist()
    ['1.0', '', '2.5']
    """
    if values.dtype == object:
        return np.array([_text(value) for value in values], dtype=object)
    distinct, codes = np.unique(values, return_inverse=True)
    return np.array([_text(value) for value in distinct.tolist()], dtype=object)[codes]


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, int):
        return str(value)
    # Only here: labels of images are text or whole numbers, and need no pandas.
    import pandas as pd

    return "" if pd.isna(value) else str(value)
