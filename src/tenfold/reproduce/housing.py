"""Chapter 2: the prices of Californian districts, from the split to the test rows."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from tenfold.reproduce.california import TARGET, find_housing, income_bins, prepared, split_rows
from tenfold.reproduce.figure import Job, Reference

__all__ = ["jobs"]

_PRINTED = "printed in the classic text, measured with scikit-learn 1.9.1"
_CHAPTER = "Chapter 2, housing"
_CORRELATIONS = {
    "median_income": 0.687160,
    "total_rooms": 0.135097,
    "housing_median_age": 0.114110,
    "households": 0.064506,
    "total_bedrooms": 0.047689,
    "population": -0.026920,
    "longitude": -0.047432,
    "latitude": -0.142724,
}
_MEDIANS = {
    "longitude": -118.51,
    "latitude": 34.26,
    "housing_median_age": 29.0,
    "total_rooms": 2119.5,
    "total_bedrooms": 433.0,
    "population": 1164.0,
    "households": 408.0,
    "median_income": 3.5409,
}
_PREDICTIONS = (210644.60459286, 317768.80697211, 210956.43331178, 59218.98886849, 189747.55849879)
_OF_TREES = 0.01
"""Share by which trees may differ: they move with versions of scikit-learn."""


def jobs() -> tuple[Job, ...]:
    """Return the jobs; one that says what is missing where the table is not there."""
    if find_housing() is None:
        words = f"{_CHAPTER}: left out, since no housing/housing.csv is in the folder that TENFOLD_DATA names"
        return (Job(words, (), tuple, quick=True, seconds=0),)
    return _JOBS


@cache
def _training() -> tuple[pd.DataFrame, NDArray[np.float64], NDArray[np.float64], Any]:
    """Return the training rows, the prepared matrix, the values, and the fitted preparation."""
    rows, _ = split_rows()
    transformer = prepared(list(_MEDIANS))
    matrix = np.asarray(transformer.fit_transform(rows.drop(columns=TARGET)))
    return rows, matrix, rows[TARGET].to_numpy(np.float64), transformer


def _shares() -> tuple[float, ...]:
    counts = np.bincount(income_bins(split_rows()[1]), minlength=6)[1:]
    return tuple((counts / counts.sum()).tolist())


def _correlations() -> tuple[float, ...]:
    rows = split_rows()[0].drop(columns="ocean_proximity")
    ratios = rows.assign(
        rooms=rows["total_rooms"] / rows["households"],
        bedrooms=rows["total_bedrooms"] / rows["total_rooms"],
        people=rows["population"] / rows["households"],
    )
    with_value = ratios.corr()[TARGET]
    return tuple(float(with_value[name]) for name in (*_CORRELATIONS, "rooms", "bedrooms", "people"))


def _medians() -> tuple[float, ...]:
    rows = split_rows()[0]
    return tuple(float(rows[name].median()) for name in _MEDIANS)


def _line() -> tuple[float, ...]:
    """Fit by scikit-learn, and from moments, whose predictions are the same."""
    from sklearn.linear_model import LinearRegression

    from tenfold.models import MomentsRegression

    _, X, y, _ = _training()
    predicted = LinearRegression().fit(X, y).predict(X)
    moments = MomentsRegression()
    for start in range(0, len(X), 1000):
        moments.partial_fit(X[start : start + 1000], y[start : start + 1000])
    errors = (_rmse(predicted, y), float(np.abs(predicted - y).mean()), _rmse(moments.predict(X), y))
    return (*map(float, X.shape), *errors, *predicted[:5].tolist())


def _folds(model: Any) -> NDArray[np.float64]:
    from sklearn.model_selection import cross_val_score

    _, X, y, _ = _training()
    return np.asarray(-cross_val_score(model, X, y, scoring="neg_root_mean_squared_error", cv=10))


def _line_and_tree() -> tuple[float, ...]:
    from sklearn.linear_model import LinearRegression
    from sklearn.tree import DecisionTreeRegressor

    scores = [_folds(model) for model in (LinearRegression(), DecisionTreeRegressor(random_state=42))]
    return tuple(float(figure) for each in scores for figure in (each.mean(), each.std()))


def _forest() -> tuple[float, ...]:
    from sklearn.ensemble import RandomForestRegressor

    return (float(_folds(RandomForestRegressor(random_state=42, n_jobs=-1)).mean()),)


def _grid() -> tuple[float, ...]:
    """Search the grid of the text, then look at the test rows: with the text's interval and that of a run."""
    from sklearn.ensemble import RandomForestRegressor
    from sklearn.model_selection import GridSearchCV

    from tenfold.figures.intervals.closed import mean_interval
    from tenfold.figures.quantities.estimates import quantity_estimates
    from tenfold.figures.quantities.rows import checked_quantity_rows

    _, X, y, transformer = _training()
    grid = [
        {"n_estimators": [3, 10, 30], "max_features": [2, 4, 6, 8]},
        {"bootstrap": [False], "n_estimators": [3, 10], "max_features": [2, 3, 4]},
    ]
    forest = RandomForestRegressor(random_state=42, n_jobs=-1)
    search = GridSearchCV(forest, grid, cv=5, scoring="neg_mean_squared_error").fit(X, y)
    best = search.best_params_
    test = split_rows()[1]
    predicted = search.predict(np.asarray(transformer.transform(test.drop(columns=TARGET))))
    true = test[TARGET].to_numpy(np.float64)
    rmse = quantity_estimates(checked_quantity_rows((TARGET,), true, predicted))["rmse"]
    ends = np.sqrt(np.array(mean_interval((predicted - true) ** 2), np.float64)).tolist()
    setting = (np.sqrt(-search.best_score_), best["max_features"], best["n_estimators"])
    figures = (*setting, rmse.value, *ends, rmse.low, rmse.high)
    return tuple(float("nan") if value is None else float(value) for value in figures)


def _rmse(predicted: NDArray[np.float64], y: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean((predicted - y) ** 2)))


def _of_trees(name: str, expected: float) -> Reference:
    return Reference(name, expected, _OF_TREES * expected, f"{_PRINTED}; trees move with versions: within 1 %")


_JOBS = (
    Job(
        f"{_CHAPTER}: test rows drawn by bins of the median income",
        tuple(
            Reference(f"share of bin {number}", share, 5e-7, _PRINTED)
            for number, share in enumerate((0.039729, 0.318798, 0.350533, 0.176357, 0.114583), start=1)
        ),
        _shares,
        quick=True,
        seconds=1,
    ),
    Job(
        f"{_CHAPTER}: correlations with the value of a house, training rows",
        tuple(
            Reference(name, expected, 6e-7, _PRINTED)
            for name, expected in {
                **_CORRELATIONS,
                "rooms a household": 0.146285,
                "bedrooms a room": -0.259984,
                "people a household": -0.021985,
            }.items()
        ),
        _correlations,
        quick=True,
        seconds=1,
    ),
    Job(
        f"{_CHAPTER}: medians of the training rows, which fill gaps",
        tuple(Reference(name, expected, 1e-9, _PRINTED) for name, expected in _MEDIANS.items()),
        _medians,
        quick=True,
        seconds=1,
    ),
    Job(
        f"{_CHAPTER}: linear regression on the prepared matrix, training rows",
        (
            Reference("rows", 16512, 0, _PRINTED),
            Reference("columns", 16, 0, _PRINTED),
            Reference("RMSE", 68628.19819848922, 1e-6, _PRINTED),
            Reference("mean absolute error", 49439.89599001897, 1e-6, _PRINTED),
            Reference("RMSE, from moments of blocks", 68628.19819848922, 1e-6, _PRINTED),
            *(
                Reference(f"prediction of row {row}", expected, 1e-6, _PRINTED)
                for row, expected in enumerate(_PREDICTIONS, start=1)
            ),
        ),
        _line,
        quick=True,
        seconds=1,
    ),
    Job(
        f"{_CHAPTER}: RMSE over ten folds, line and tree",
        (
            Reference("line, mean", 69052.46136345083, 1e-6, _PRINTED),
            Reference("line, deviation", 2731.674001798342, 1e-6, _PRINTED),
            _of_trees("tree, mean", 71407.68766037929),
            Reference("tree, deviation", 2439.4345041191004, 600, f"{_PRINTED}; trees move with versions"),
        ),
        _line_and_tree,
        quick=True,
        seconds=6,
    ),
    Job(
        f"{_CHAPTER}: RMSE over ten folds, forest",
        (_of_trees("forest, mean", 50182.303100336096),),
        _forest,
        quick=False,
        seconds=80,
    ),
    Job(
        f"{_CHAPTER}: the best forest of a grid, and the test rows",
        (
            _of_trees("RMSE over five folds", 49682.273345071546),
            Reference("columns tried at a split", 8, 0, _PRINTED),
            Reference("trees", 30, 0, _PRINTED),
            _of_trees("RMSE of the test rows", 47730.22690385927),
            _of_trees("its lower end, by Student's t of the squares", 45685.10470776),
            _of_trees("its upper end", 49691.25001878),
            _of_trees("its lower end in Tenfold, skewness removed", 45685.10470776),
            _of_trees("its upper end in Tenfold", 49691.25001878),
        ),
        _grid,
        quick=False,
        seconds=90,
    ),
)
