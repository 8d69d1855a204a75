"""A classifier of one label made to answer several: as it is, one detector a label, or one label after the other."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from sklearn.base import BaseEstimator
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags

from tenfold.candidates.entry import Candidate
from tenfold.candidates.search import times_as_long
from tenfold.candidates.setting import Setting
from tenfold.models.chain import OrderedChain, order_count

__all__ = ["CHAIN", "for_all_labels", "in_a_chain"]

CHAIN = "chain:"


def for_all_labels(candidate: Candidate, setting: Setting) -> Candidate:
    """
    Let a candidate answer every label: by itself where its model can, else by one detector a label.

    Parameters
    ----------
    candidate : Candidate
        Built for a single label.
    setting : Setting
        Of all labels.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> single = Candidate("logistic", Pipeline([("model", LogisticRegression())]), lambda rows, queries: 1.0)
    >>> several = for_all_labels(single, Setting("table", 100, 4, classes=3, several=True))
    >>> type(several.pipeline.steps[-1][1]).__name__, several.seconds(100, 10)
    ('OneVsRestClassifier', 3.0)
    """
    model = candidate.pipeline.steps[-1][1]
    if _answers_several(model):
        return candidate
    pipeline = _with_model(candidate.pipeline, OneVsRestClassifier(model))
    return replace(candidate, pipeline=pipeline, seconds=partial(times_as_long, candidate, setting.classes))


def in_a_chain(name: str, candidate: Candidate, setting: Setting) -> Candidate:
    """
    Let a candidate go from label to label, each detector told the labels before it.

    Parameters
    ----------
    name : str
        Of the chain.
    candidate : Candidate
        Built for a single label.
    setting : Setting
        Of all labels.
    """
    model = OrderedChain(candidate.pipeline.steps[-1][1], random_state=setting.seed)
    pipeline = _with_model(candidate.pipeline, model)
    orders = order_count(setting.classes)
    seconds = partial(times_as_long, candidate, setting.classes * (1 + orders))
    return Candidate(name, pipeline, seconds, augment=candidate.augment)


def _answers_several(model: BaseEstimator) -> bool:
    tags = get_tags(model)
    by_itself = tags.classifier_tags is not None and bool(tags.classifier_tags.multi_label)
    return by_itself or bool(tags.target_tags.multi_output)


def _with_model(pipeline: Pipeline, model: BaseEstimator) -> Pipeline:
    return Pipeline([*pipeline.steps[:-1], (pipeline.steps[-1][0], model)])
