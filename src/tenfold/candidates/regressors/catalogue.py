"""The named regressors, how they are made for several targets, and targets that are transformed before a fit."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.multioutput import MultiOutputRegressor, RegressorChain
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import get_tags

from tenfold.candidates.entry import BASELINE, Candidate, Entry
from tenfold.candidates.regressors import baseline, boosting, knn, sgd, support, trees, weights
from tenfold.candidates.search import reachable, times_as_long
from tenfold.candidates.setting import Setting
from tenfold.errors import DataError, UsageError
from tenfold.text import near, shown

__all__ = [
    "REGRESSORS",
    "TRANSFORMS",
    "beside_transformed",
    "chain_of_targets",
    "for_all_targets",
    "line_up",
    "refuse_target_values",
    "with_transform",
]

REGRESSORS: dict[str, Entry] = {
    entry.name: entry
    for entry in (
        baseline.ENTRY,
        *weights.ENTRIES,
        sgd.ENTRY,
        knn.ENTRY,
        *trees.ENTRIES,
        boosting.ENTRY,
        support.ENTRY,
        *boosting.LIBRARY_ENTRIES,
    )
}
"""By name."""

Function = Callable[[Any], Any]
TRANSFORMS: dict[str, tuple[Function, Function, str]] = {
    "log": (np.log, np.exp, "the logarithm of the target is predicted, which must be above 0"),
    "sqrt": (np.sqrt, np.square, "the square root of the target is predicted, which must be 0 or more"),
}
"""Word after the colon -> the function of the target that is learnt, its inverse, and what that does."""

_INSTEAD = {"logistic": "ridge", "svm": "svr", "word-bayes": "ridge", "linear-svm": "svr:linear"}
_LEAST = {"log": np.nextafter(0.0, 1.0), "sqrt": 0.0}


def line_up(usual: Iterable[str]) -> tuple[str, ...]:
    """
    Return the regressors that stand where classifiers usually do.

    Examples
    --------
    >>> line_up(("logistic", "forest", "boosting", "knn", "svm"))
    ('ridge', 'forest', 'boosting', 'knn', 'svr')
    """
    names = (_INSTEAD.get(name, name) for name in usual)
    return tuple(dict.fromkeys(name for name in names if name.split(":")[0] in REGRESSORS))


def beside_transformed(names: Iterable[str], word: str, setting: Setting) -> tuple[str, ...]:
    """
    Return candidates with those that learn a function of the target beside them.

    Raises
    ------
    UsageError
        No such function, or no quantity is predicted.

    Examples
    --------
    >>> beside_transformed(("baseline", "ridge"), "log", Setting("table", 100, 5, 0, quantities=1))
    ('baseline', 'ridge', 'ridge:log')
    """
    if not setting.quantities:
        raise UsageError(
            f"--target-transform {shown(word, 40)}: classes are predicted, not a quantity", do="leave it out"
        )
    if word not in TRANSFORMS:
        known = ", ".join(TRANSFORMS)
        raise UsageError(f"no transform '{shown(word, 40)}'.{near(word, TRANSFORMS)}", do=f"choose from {known}")
    both = ((name, name if _has_transform(name) else f"{name}:{word}") for name in names if name != BASELINE)
    return tuple(dict.fromkeys((BASELINE, *(one for pair in both for one in pair))))


def _has_transform(name: str) -> bool:
    return bool(set(name.split(":")[1:]) & set(TRANSFORMS)) or name.split(":", maxsplit=1)[0] not in REGRESSORS


def for_all_targets(candidate: Candidate, setting: Setting) -> Candidate:
    """Fit one model a target where the estimator predicts one only."""
    *preparation, (name, model) = candidate.pipeline.steps
    if setting.quantities < 2 or get_tags(model).target_tags.multi_output:
        return candidate
    pipeline = Pipeline([*preparation, (name, MultiOutputRegressor(model))])
    return replace(candidate, pipeline=pipeline)


def chain_of_targets(name: str, one: Candidate, setting: Setting) -> Candidate:
    """Fit one target after the other, each with the values of those before it as further columns."""
    *preparation, (step, model) = one.pipeline.steps
    pipeline = Pipeline([*preparation, (step, RegressorChain(model))])
    return replace(
        one,
        name=name,
        pipeline=pipeline,
        seconds=partial(times_as_long, one, setting.quantities),
        search_space=reachable(one.search_space, pipeline),
    )


def with_transform(candidate: Candidate, word: str) -> Candidate:
    """Let a candidate learn a function of the target, and predict its inverse."""
    function, inverse, _ = TRANSFORMS[word]
    *preparation, (name, model) = candidate.pipeline.steps
    if isinstance(model, TransformedTargetRegressor):
        before = FunctionTransformer(function, inverse, validate=True)
        transformer = Pipeline([("function", before), ("scale", clone(model.transformer))])
        wrapped: Any = TransformedTargetRegressor(model.regressor, transformer=transformer)
    else:
        wrapped = TransformedTargetRegressor(model, func=function, inverse_func=inverse)
    return replace(candidate, pipeline=Pipeline([*preparation, (name, wrapped)]))


def refuse_target_values(names: Iterable[str], y: NDArray[np.float64], source: str, target: str) -> None:
    """
    Refuse values of which a function that a candidate learns is none.

    Raises
    ------
    DataError
        A value is 0 or negative; the message names its row among the training rows.
    """
    for word in sorted({word for name in names for word in name.split(":")[1:]} & set(TRANSFORMS)):
        odd = np.flatnonzero((y.reshape(len(y), -1) < _LEAST[word]).any(axis=1))
        if len(odd) and any(word in name.split(":") and not name.startswith(BASELINE) for name in names):
            value = y.reshape(len(y), -1)[odd[0]].min()
            raise DataError(
                f"the value {value:.12g} has no {'logarithm' if word == 'log' else 'square root'} "
                f"({len(odd):,} of {len(y):,} training rows have none)",
                where=source,
                column=shown(target, 40),
                row=int(odd[0]) + 1,
                do=f"leave '{word}' out, or correct the values",
            )
