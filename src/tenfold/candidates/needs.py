"""The pipeline that prepares instances for a model: the steps of their kind, then components where they are wanted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.pipeline import Pipeline
from sklearn.utils import get_tags

from tenfold.candidates.setting import Setting
from tenfold.data.kinds import Need, Scaling
from tenfold.models.cells.columns import EmptyColumns

__all__ = [
    "Scaling",
    "boosting_pipeline",
    "counts_pipeline",
    "encoded_pipeline",
    "pipeline_for",
    "usual_scaling",
    "with_components",
]

COMPONENTS = 50
_WIDEST_COVARIANCE = 3_072
"""The most values of which components are found by the covariance of all pairs: memory grows by its square."""


def pipeline_for(
    setting: Setting, estimator: Any, *, scaling: Scaling, dtype: str = "float32", components: bool = False
) -> Pipeline:
    """
    Put the preparation for the kind of data before an estimator.

    Parameters
    ----------
    setting : Setting
    estimator : classifier
        Unfitted.
    scaling : {"none", "unit", "standard"}
        Raw values; values brought to 0-1; every column brought to mean 0 and deviation 1.
    dtype : str
        Of the prepared rows, where the kind leaves a choice.
    components : bool
        Keep the first 50 principal components only; of few rows no more than a fold of them is sure to have. An
        estimator that cannot take the sparse rows of a kind is given components of them anyway.
    """
    return _prepared(setting, estimator, Need("numbers", scaling, dtype), components)


def encoded_pipeline(setting: Setting, estimator: Any) -> Pipeline:
    """Put the preparation of histogram boosting before it: categories as codes, gaps as they are."""
    return _prepared(setting, estimator, Need("codes"), components=False)


def boosting_pipeline(setting: Setting, estimator: Any) -> Pipeline:
    """Put that before scikit-learn's histogram boosting, with columns that are empty in a fold as ones of zeros."""
    pipeline = encoded_pipeline(setting, estimator)
    if setting.layout is None or setting.traits.sparse:
        return pipeline
    return Pipeline([*pipeline.steps[:-1], ("empty columns", EmptyColumns()), pipeline.steps[-1]])


def counts_pipeline(setting: Setting, estimator: Any, otherwise: Any) -> Pipeline:
    """Put the preparation of counts before an estimator; of kinds without, numbers made positive by `otherwise`."""
    if setting.traits.sparse:
        return _prepared(setting, estimator, Need("counts"), components=False)
    numbers = _prepared(setting, estimator, Need("numbers", "none", "float64"), components=False)
    return Pipeline([*numbers.steps[:-1], ("positive", otherwise), numbers.steps[-1]])


def usual_scaling(setting: Setting) -> Scaling:
    """Return the scaling for models of weights: values of one scale, such as pixels, are brought to 0-1."""
    return "unit" if setting.traits.one_scale else "standard"


def with_components(setting: Setting) -> Setting:
    """Return the same setting after the reduction to components, for estimates of cost."""
    return replace(setting, values=min(setting.values, _component_count(setting)))


def _prepared(setting: Setting, estimator: Any, need: Need, components: bool) -> Pipeline:
    steps = setting.traits.prepare(setting.layout, need)
    if setting.traits.sparse:
        if components or not get_tags(estimator).input_tags.sparse:
            steps.append(("components", _sparse_components(setting)))
    elif components and setting.values > COMPONENTS:
        solver = "covariance_eigh" if setting.values <= _WIDEST_COVARIANCE else "auto"
        steps.append(("components", PCA(_component_count(setting), svd_solver=solver, random_state=setting.seed)))
    return Pipeline([*steps, ("model", estimator)])


def _sparse_components(setting: Setting) -> TruncatedSVD:
    """Without a mean taken off, which would fill a sparse matrix."""
    return TruncatedSVD(max(1, min(_component_count(setting), setting.values)), random_state=setting.seed)


def _component_count(setting: Setting) -> int:
    """Of two folds, the fewest there can be, each model is fitted on half of the rows."""
    return min(COMPONENTS, max(setting.rows // 2, 1))
