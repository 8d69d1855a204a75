"""Logistic regression: a linear classifier with probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Entry, Modifiers
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError

_ITERATIONS = 300
_TOLERANCE = 1e-3
_ITERATIONS_BY_COLUMN = 1000
_SECONDS_IN_BLOCKS = 5e-4
_ON_WORDS = 100.0
"""Of rows of length 1 in thousands of words, of which the default leaves hardly a weight."""


def build(setting: Setting, modifiers: Modifiers) -> Pipeline:
    """Return the multinomial model on pixels of 0-1, or on a scaled table."""
    model = LogisticRegression(max_iter=_ITERATIONS, tol=_TOLERANCE)
    if setting.in_blocks:
        return _in_blocks(setting, modifiers)
    if setting.traits.sparse:
        # liblinear takes a fifth of the time on sparse rows, and knows two classes alone
        model.set_params(C=_ON_WORDS, solver="liblinear" if setting.detectors == 1 else "lbfgs")
    model.set_params(**_penalty(modifiers, setting))
    dtype = "float32" if setting.rows > 10_000 else "float64"
    return pipeline_for(setting, model, scaling=usual_scaling(setting), dtype=dtype)


def _in_blocks(setting: Setting, modifiers: Modifiers) -> Pipeline:
    from tenfold.models import BlockLogisticRegression

    if modifiers:
        what = f"logistic:{', logistic:'.join(sorted(modifiers))}: rows that are read in blocks have an L2 penalty"
        raise UsageError(what, do="give logistic, or fewer messages")
    return pipeline_for(setting, BlockLogisticRegression(C=_ON_WORDS), scaling="none", dtype="float64")


def _penalty(modifiers: Modifiers, setting: Setting) -> dict[str, Any]:
    """Return parameters; since scikit-learn 1.8 `C` and `l1_ratio` alone say what the penalty is."""
    if len(modifiers) > 1:
        raise UsageError("a logistic regression has one penalty", do="leave l1 or none away")
    by_name = LogisticRegression().penalty != "deprecated"
    if "none" in modifiers:
        return {"solver": "lbfgs", **({"penalty": None} if by_name else {"C": np.inf})}
    if "l1" in modifiers:
        # saga alone takes an L1 penalty of several classes
        solver = {"solver": "saga", "max_iter": _ITERATIONS_BY_COLUMN, "random_state": setting.seed}
        return {**solver, **({"penalty": "l1"} if by_name else {"l1_ratio": 1.0})}
    return {}


def seconds(setting: Setting, modifiers: Modifiers, rows: int, queries: int) -> float:
    """Return 8 s for 40,000 images of 784 values in 10 classes."""
    times = 10 if "l1" in modifiers else 1
    if setting.in_blocks:
        return _SECONDS_IN_BLOCKS * rows
    if setting.traits.sparse:
        return 3e-3 * times * rows
    return 2.6e-8 * times * rows * setting.values * setting.detectors


ENTRY = Entry(
    name="logistic",
    summary="logistic regression, linear with probabilities",
    good_for="tables; a strong, readable, calibrated start",
    cost="seconds",
    build=build,
    seconds=seconds,
    modifiers={
        "l1": "an L1 penalty, which leaves out columns that tell little",
        "none": "no penalty",
    },
    search_space={"model__C": (0.01, 0.1, 1.0, 10.0)},
    untuned=frozenset({"none"}),
    in_blocks=True,
)
