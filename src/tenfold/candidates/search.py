"""Settings of a candidate to be tried: every combination of its search space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sklearn.base import clone
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import Pipeline

from tenfold.candidates.entry import Candidate
from tenfold.candidates.scores import finds_neighbours
from tenfold.errors import UsageError
from tenfold.text import near, shown

__all__ = ["TUNINGS", "reachable", "shares_neighbours", "times_as_long", "tuned", "with_setting"]

TUNINGS = ("grid",)
"""Ways to go through a search space."""

_AT_THE_VOTE = frozenset({"n_neighbors", "weights"})
_A_MORE_VOTE = 0.01
_WRAPPED = ("estimator", "regressor")


def tuned(candidate: Candidate, how: str) -> Candidate:
    """
    Let a candidate try the settings of its search space; one without a search space stays as it is.

    Parameters
    ----------
    candidate : Candidate
    how : "grid"
        Every combination, in the order of ``sklearn.model_selection.ParameterGrid``.

    Raises
    ------
    UsageError
        Another way of tuning.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> pipeline = Pipeline([("model", LogisticRegression())])
    >>> tuned(Candidate("logistic", pipeline, lambda rows, queries: 1.0, {"model__C": (0.1, 1.0)}), "grid").settings
    ({'model__C': 0.1}, {'model__C': 1.0})
    """
    if how not in TUNINGS:
        known = ", ".join(TUNINGS)
        raise UsageError(f"no way of tuning '{shown(how)}'.{near(how, TUNINGS)}", do=f"choose from {known}")
    settings = tuple(ParameterGrid(dict(candidate.search_space))) if candidate.search_space else ()
    if len(settings) < 2:
        return candidate
    times = 1 + _A_MORE_VOTE * len(settings) if shares_neighbours(candidate.pipeline, settings) else len(settings)
    return replace(candidate, settings=settings, seconds=partial(times_as_long, candidate, times))


def with_setting(candidate: Candidate, setting: Mapping[str, Any]) -> Candidate:
    """
    Give the candidate at one setting, nothing left to try.

    Raises
    ------
    UsageError
        It sets anything beside the search space: a setting read from a file must not reach the rest of the pipeline,
        whose memory, for one, is a folder of pickled results.
    """
    plain = all(isinstance(value, int | float | str) for value in setting.values())
    if not plain or not set(setting) <= set(candidate.search_space):
        raise UsageError(f"{shown(dict(setting), 120)} is no setting that '{shown(candidate.name)}' tries")
    pipeline = clone(candidate.pipeline).set_params(**setting)
    return replace(candidate, pipeline=pipeline, settings=())


def shares_neighbours(pipeline: Pipeline, settings: tuple[Mapping[str, Any], ...]) -> bool:
    """Whether one search for the most neighbours answers every setting: they differ in the vote alone."""
    name, model = pipeline.steps[-1]
    at_the_vote = {f"{name}__{parameter}" for parameter in _AT_THE_VOTE}
    return finds_neighbours(model) and all(set(setting) <= at_the_vote for setting in settings)


def reachable(space: Mapping[str, tuple[Any, ...]], pipeline: Pipeline) -> dict[str, tuple[Any, ...]]:
    """
    Name the parameters of a search space as the pipeline does, where its model is wrapped in another.

    Examples
    --------
    >>> from sklearn.linear_model import SGDClassifier
    >>> from sklearn.multiclass import OneVsOneClassifier
    >>> pipeline = Pipeline([("model", OneVsOneClassifier(SGDClassifier()))])
    >>> reachable({"model__alpha": (0.1, 1.0)}, pipeline)
    {'model__estimator__alpha': (0.1, 1.0)}
    """
    known = pipeline.get_params()
    return {_reached(key, known): values for key, values in space.items()}


def _reached(key: str, known: Mapping[str, Any]) -> str:
    """Go from wrapper to wrapped estimator until one has the parameter."""
    owner, _, parameter = key.rpartition("__")
    wrapped = next((f"{owner}__{one}" for one in _WRAPPED if f"{owner}__{one}" in known), None)
    return key if key in known or wrapped is None else _reached(f"{wrapped}__{parameter}", known)


def times_as_long(candidate: Candidate, times: float, rows: int, queries: int) -> float:
    """Return rough seconds of a candidate that is fitted and asked so many times."""
    return times * candidate.seconds(rows, queries)
