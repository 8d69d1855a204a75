"""When each row of a table was, by a column of numbers or dates."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.text import near, shown

__all__ = ["order"]

_PLAIN_DATE = re.compile(r"\s*(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")


def order(X: pd.DataFrame, name: str) -> NDArray[np.float64]:
    """
    Return when each row was, shape (n,): a number as it is, a date as seconds since 1970 (UTC), NaN where it is empty.

    Parameters
    ----------
    X : DataFrame
    name : str
        Column of numbers, of dates as ISO 8601 writes them, with the name of the month, or with slashes or dots. Of
        these the day is told from the month by a value over 12.

    Raises
    ------
    DataError
        No such column, a value that is no date, or dates of which day and month cannot be told apart.

    Examples
    --------
    >>> order(pd.DataFrame({"day": ["1970-01-02", "3 Jan 1970", None]}, dtype=object), "day").tolist()
    [86400.0, 172800.0, nan]
    >>> order(pd.DataFrame({"day": ["13/01/1970", "02/01/1970"]}, dtype=object), "day").tolist()
    [1036800.0, 86400.0]
    """
    names = [str(column) for column in X]
    if name not in names:
        few = ", ".join(shown(column, 24) for column in names[:8])
        raise DataError(f"no column '{shown(name)}'.{near(name, names)} The columns are {few}",
                        do="give one of them as --order")  # fmt: skip
    values = X[name]
    if pd.api.types.is_numeric_dtype(values):
        return values.to_numpy(np.float64, na_value=np.nan)
    if pd.api.types.is_datetime64_any_dtype(values):
        return _seconds(pd.to_datetime(values, utc=True))
    return _of_texts(values.where(values.notna(), None).astype(object), name)


def _of_texts(values: pd.Series[Any], name: str) -> NDArray[np.float64]:
    texts = [None if value is None or not str(value).strip() else str(value) for value in values.tolist()]
    present = pd.Series(texts, dtype=object)
    day_first = _day_first(texts, name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        dates = pd.to_datetime(present, format="mixed", errors="coerce", utc=True, dayfirst=day_first)
    unread = np.flatnonzero(dates.isna() & present.notna())
    if unread.size:
        row = int(unread[0])
        raise DataError(
            f"'{shown(texts[row], 30)}' is neither a number nor a date that can be read",
            column=name, row=row + 1, do="write it as 2024-03-31, or give another column as --order",
        )  # fmt: skip
    return _seconds(dates)


def _day_first(texts: list[str | None], name: str) -> bool:
    """Whether dates such as 31/12/2024 begin with the day; refused where nothing tells, or the rows disagree."""
    pairs = [(int(m[1]), int(m[2])) for text in texts if text is not None and (m := _PLAIN_DATE.match(text))]
    first, second = any(a > 12 for a, _ in pairs), any(b > 12 for _, b in pairs)
    if first and second:
        what = "holds dates in two formats, with the day first and with the month first"
    elif pairs and not first and not second and any(a != b for a, b in pairs):
        what = "holds dates of which day and month cannot be told apart"
    else:
        return first
    raise DataError(what, column=name, do="write them as 2024-03-31")


def _seconds(dates: pd.Series[Any]) -> NDArray[np.float64]:
    seconds = dates.astype("datetime64[ns, UTC]").astype(np.int64).to_numpy(np.float64) / 1e9
    return np.where(dates.isna().to_numpy(), np.nan, seconds)
