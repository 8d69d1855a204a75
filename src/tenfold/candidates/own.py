"""A user's own classifier, named as ``module:object``."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

from sklearn.base import clone, is_classifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.augment import augmented
from tenfold.candidates.entry import Candidate
from tenfold.candidates.labels import for_all_labels
from tenfold.candidates.prepare import pipeline_for
from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError
from tenfold.text import shown

__all__ = ["candidate_of", "own_candidate"]

_UNKNOWN_SECONDS_A_ROW = 1e-3


def own_candidate(name: str, setting: Setting) -> Candidate:
    """
    Import ``module:object`` (the current folder is searched too) and make it a candidate.

    Parameters
    ----------
    name : str
        The object is a scikit-learn classifier, a Pipeline, a class, or a function that gives one.
    setting : Setting

    Raises
    ------
    UsageError
        It cannot be imported or is no classifier.
    """
    module, _, attribute = name.partition(":")
    found = _imported(module, attribute, name)
    if isinstance(found, type) or (callable(found) and not hasattr(found, "fit")):
        found = _called(found, name)
    return candidate_of(name, found, setting)


def candidate_of(name: str, estimator: Any, setting: Setting) -> Candidate:
    """Make a candidate of an unfitted classifier; unless it is a Pipeline, the usual preparation goes before it."""
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict") and is_classifier(estimator)):
        raise UsageError(f"'{shown(name)}' is no classifier (it lacks fit or predict, or predicts quantities)")
    model = clone(estimator)
    if not isinstance(model, Pipeline):
        model = pipeline_for(setting, model, scaling="unit" if setting.kind == "image" else "standard")
    candidate = Candidate(name, model, lambda rows, queries: 0.1 + _UNKNOWN_SECONDS_A_ROW * (rows + queries))
    return augmented(for_all_labels(candidate, setting) if setting.multilabel else candidate, setting.augment)


def _imported(module: str, attribute: str, name: str) -> Any:
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        return getattr(importlib.import_module(module), attribute)
    except ModuleNotFoundError as fault:
        raise UsageError(
            f"no model '{shown(name)}': no module '{shown(fault.name)}'", do="see tenfold models"
        ) from fault
    except AttributeError as fault:
        raise UsageError(f"no model '{shown(name)}': the module has no '{shown(attribute)}'") from fault


def _called(make: Any, name: str) -> Any:
    try:
        return make()
    except Exception as fault:
        raise UsageError(f"'{shown(name)}' could not be made: {type(fault).__name__}: {shown(fault)}") from fault
