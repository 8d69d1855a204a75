"""A user's own classifier, named as ``module:object``: code that runs because its user typed that name."""

from __future__ import annotations

import importlib
import inspect
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from sklearn.base import clone, is_classifier, is_regressor
from sklearn.pipeline import Pipeline

from tenfold.candidates.augmentation import augmented
from tenfold.candidates.entry import Candidate
from tenfold.candidates.labels import for_all_labels
from tenfold.candidates.needs import pipeline_for, usual_scaling
from tenfold.candidates.regressors.catalogue import for_all_targets
from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["candidate_of", "is_object_name", "own_candidate"]

_UNKNOWN_SECONDS_A_ROW = 1e-3


def is_object_name(name: str) -> bool:
    """
    Whether a name has the form ``module:object``; the module may lie in packages.

    Examples
    --------
    >>> is_object_name("mine:model"), is_object_name("lab.models:Model"), is_object_name("lab..models:Model")
    (True, True, False)
    """
    module, _, attribute = name.partition(":")
    return all(part.isidentifier() for part in (*module.split("."), attribute))


def own_candidate(name: str, setting: Setting) -> Candidate:
    """
    Import ``module:object`` (the current folder is searched last) and make it a candidate.

    Parameters
    ----------
    name : str
        The object is a scikit-learn classifier, a Pipeline, a class of either, or a function of that very module that
        gives one. Nothing else is called.
    setting : Setting

    Raises
    ------
    UsageError
        It cannot be imported or is no classifier.
    """
    return candidate_of(name, _classifier(name), setting)


def candidate_of(name: str, estimator: Any, setting: Setting) -> Candidate:
    """Make a candidate of an unfitted classifier; unless it is a Pipeline, the usual preparation goes before it."""
    predicts = hasattr(estimator, "fit") and hasattr(estimator, "predict")
    if setting.quantities and not (predicts and is_regressor(estimator)):
        raise UsageError(f"'{shown(name)}' is no regressor (it lacks fit or predict, or predicts classes)")
    if not setting.quantities and not (predicts and is_classifier(estimator)):
        raise UsageError(f"'{shown(name)}' is no classifier (it lacks fit or predict, or predicts quantities)")
    model = clone(estimator)
    if not isinstance(model, Pipeline):
        model = pipeline_for(setting, model, scaling=usual_scaling(setting))
    candidate = Candidate(name, model, lambda rows, queries: 0.1 + _UNKNOWN_SECONDS_A_ROW * (rows + queries))
    if setting.quantities:
        return augmented(for_all_targets(candidate, setting), setting)
    return augmented(for_all_labels(candidate, setting) if setting.several else candidate, setting)


def _classifier(name: str) -> Any:
    """Import the object of a name; call it where it is a class of classifiers, or a function of its module."""
    module, _, attribute = name.partition(":")
    named = _attribute(_imported(module, name), attribute, name)
    is_class = isinstance(named, type)
    if hasattr(named, "fit") and hasattr(named, "predict"):
        return _made(named, name) if is_class else named
    if not inspect.isfunction(named):
        raise UsageError(f"'{shown(name)}' is no classifier, nor a function that gives one")
    if named.__module__ != module:
        here = f"{named.__module__}:{named.__name__}"
        raise UsageError(f"'{shown(name)}' is a function of another module", do=f"give {shown(here)}")
    return _made(named, name)


def _imported(module: str, name: str) -> ModuleType:
    if module.split(".", maxsplit=1)[0] in {*sys.stdlib_module_names, "__main__"}:
        raise UsageError(
            f"'{shown(name)}' is no classifier of yours: '{shown(module)}' belongs to Python",
            do="give a module of your own, under a name of its own",
        )
    _search_working_folder()
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as fault:
        raise UsageError(
            f"no model '{shown(name)}': no module '{shown(fault.name)}'", do="see tenfold models"
        ) from fault
    except (Exception, SystemExit) as fault:
        raise UsageError(f"'{shown(name)}' cannot be imported: {type(fault).__name__}: {shown(fault)}") from fault


def _search_working_folder() -> None:
    """Search the working folder too, after everything else: no file there takes the place of an installed module."""
    here = str(Path.cwd())
    if not {here, ""} & set(sys.path):
        sys.path.append(here)


def _attribute(module: ModuleType, attribute: str, name: str) -> Any:
    try:
        return getattr(module, attribute)
    except AttributeError as fault:
        raise UsageError(f"no model '{shown(name)}': the module has no '{shown(attribute)}'") from fault


def _made(make: Any, name: str) -> Any:
    try:
        return make()
    except Exception as fault:
        raise UsageError(f"'{shown(name)}' could not be made: {type(fault).__name__}: {shown(fault)}") from fault
