"""The classic table of Californian districts, in its classic order, and the split that the texts make of it."""

from __future__ import annotations

import os
import zlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.errors import DataError
from tenfold.regular_files import open_regular

__all__ = ["TARGET", "find_housing", "income_bins", "prepared", "split_rows"]

TARGET = "median_house_value"

_ROWS, _CHECKSUM = 20_640, 1757917881
_TEST_SHARE, _SEED = 0.2, 42


def find_housing() -> Path | None:
    """Return the file of the table; None where it is not in ``TENFOLD_DATA``."""
    root = os.environ.get("TENFOLD_DATA")
    places = [Path(root) / "housing" / "housing.csv", Path(root) / "housing.csv"] if root else []
    return next((place for place in places if place.is_file()), None)


@cache
def _housing() -> pd.DataFrame:
    """
    Return the rows in the order of the file of 2017, in which folds and splits of the texts are numbered.

    Files of later years hold the same rows in another order: rows are sorted, and put at the places that they had.
    """
    place = find_housing()
    if place is None:
        raise DataError("no housing.csv is there", do="set TENFOLD_DATA to a folder with housing/housing.csv")
    with open_regular(place) as opened:
        table = pd.read_csv(opened)
    filled = table.fillna(-1)
    ordered = table.loc[filled.sort_values(list(filled.columns), kind="stable").index]
    numbers = ordered.select_dtypes("number").fillna(-1).to_numpy()
    checksum = zlib.crc32(np.rint(numbers * 1e4).astype("<i8").tobytes())
    if len(table) != _ROWS or checksum != _CHECKSUM:
        raise DataError("it holds other rows than the classic table", where=str(place))
    with files("tenfold.reproduce").joinpath("housing_order.npy").open("rb") as file:
        places = np.load(file, allow_pickle=False)
    rows: pd.DataFrame = ordered.iloc[places].reset_index(drop=True)
    return rows


def income_bins(rows: pd.DataFrame) -> NDArray[np.int64]:
    """Return the bin of the median income of each row, 1 to 5: up to 1.5, 3, 4.5, 6 (10,000 dollars), and beyond."""
    return np.asarray(np.minimum(np.ceil(rows["median_income"] / 1.5), 5), np.int64)


@cache
def split_rows() -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return the training and the test rows of the texts.

    They are what ``StratifiedShuffleSplit`` of scikit-learn drew until version 1.0: since then the share of a class is
    multiplied in another order, and a rounding decides which class has a row more.
    """
    table = _housing()
    bins = income_bins(table)
    _, codes, counts = np.unique(bins, return_inverse=True, return_counts=True)
    random = np.random.RandomState(_SEED)
    training = len(bins) - int(np.ceil(_TEST_SHARE * len(bins)))
    taken = _shares(counts, training, random)
    rows_of = np.split(np.argsort(codes, kind="stable"), np.cumsum(counts)[:-1])
    train, test = list[int](), list[int]()
    for rows, count in zip(rows_of, taken.tolist(), strict=True):
        drawn = rows[random.permutation(len(rows))].tolist()
        train += drawn[:count]
        test += drawn[count:]
    return table.loc[random.permutation(train)], table.loc[random.permutation(test)]


def _shares(counts: NDArray[np.int64], total: int, random: Any) -> NDArray[np.int64]:
    """Return how many rows of each class are drawn: the whole part of its share, and one more by what is left."""
    shares = total * counts / counts.sum()
    whole = np.floor(shares)
    left, rest = shares - whole, int(total - whole.sum())
    for value in np.unique(left)[::-1]:
        tied = np.flatnonzero(left == value)
        more = min(len(tied), rest)
        whole[random.choice(tied, size=more, replace=False)] += 1
        rest -= more
        if not rest:
            break
    return np.asarray(whole, np.int64)


def prepared(columns: list[str]) -> Any:
    """Return the unfitted preparation of the texts: medians for gaps, three ratios more, scaled; one-hot categories."""
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(strategy="median"), FunctionTransformer(_with_ratios), StandardScaler())
    return ColumnTransformer([("numbers", numbers, columns), ("place", OneHotEncoder(), ["ocean_proximity"])])


def _with_ratios(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add rooms and people a household, and the share of bedrooms."""
    rooms, bedrooms, people, households = values[:, 3], values[:, 4], values[:, 5], values[:, 6]
    return np.column_stack([values, rooms / households, people / households, bedrooms / rooms])
