"""Real tables that packages carry, or that lie in the folder ``TENFOLD_DATA``; nothing is downloaded."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from sklearn import datasets

__all__ = ["Case", "cases"]


_FEWEST = 10
"""Rows of a class; those of a rarer one, five islands of the houses, are left out: five folds need as many."""


@dataclass(frozen=True)
class Case:
    """A table of features and the class of each row."""

    name: str
    X: pd.DataFrame
    y: pd.Series


def cases() -> Iterator[Case]:
    """Give every table that can be read here, in turn; one whose package or file is absent is left out."""
    for name, read in _READERS.items():
        try:
            X, y = read()
        except (ImportError, OSError, KeyError):
            continue
        known = (y.notna() & (y.map(y.value_counts()) >= _FEWEST)).to_numpy()
        yield Case(name, X[known].reset_index(drop=True), y[known].reset_index(drop=True).astype(str))


def _bunch(name: str) -> tuple[pd.DataFrame, pd.Series]:
    data = getattr(datasets, f"load_{name}")(as_frame=True)
    return data.data, data.target


def _file(path: str, target: str, *unused: str) -> tuple[pd.DataFrame, pd.Series]:
    table = pd.read_csv(Path(os.environ["TENFOLD_DATA"]) / path)
    return table.drop(columns=[target, *unused]), table[target]


def _housing() -> tuple[pd.DataFrame, pd.Series]:
    """House values in five bins of as many rows."""
    X, value = _file("housing/housing.csv", "median_house_value")
    return X, pd.qcut(value, 5, labels=False)


def _statsmodels(name: str, target: str, change: Callable[[pd.Series], Any]) -> tuple[pd.DataFrame, pd.Series]:
    table = importlib.import_module(f"statsmodels.datasets.{name}").load_pandas().data
    return table.drop(columns=target), pd.Series(change(table[target]), index=table.index)


def _penguins() -> tuple[pd.DataFrame, pd.Series]:
    table = importlib.import_module("palmerpenguins").load_penguins()
    return table.drop(columns="species"), table["species"]


def _vega(name: str, target: str, *unused: str) -> tuple[pd.DataFrame, pd.Series]:
    table = getattr(importlib.import_module("vega_datasets").local_data, name)()
    return table.drop(columns=[target, *unused]), table[target]


_READERS: dict[str, Callable[[], tuple[pd.DataFrame, pd.Series]]] = {
    "iris": lambda: _bunch("iris"),
    "wine": lambda: _bunch("wine"),
    "breast cancer": lambda: _bunch("breast_cancer"),
    "digits": lambda: _bunch("digits"),
    "Titanic": lambda: _file("titanic/train.csv", "Survived"),
    "housing, 5 bins": _housing,
    "ocean proximity": lambda: _file("housing/housing.csv", "ocean_proximity"),
    "penguins": _penguins,
    "cars, origin": lambda: _vega("cars", "Origin", "Name"),
    "affairs": lambda: _statsmodels("fair", "affairs", lambda y: y > 0),
    "election 1996, party": lambda: _statsmodels("anes96", "PID", lambda y: y),
    "travel mode": lambda: _statsmodels("modechoice", "choice", lambda y: y),
}
