"""The preparation that fits the kind of data and the needs of the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.candidates.setting import Setting
from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.data.kinds.table.preparation import encoded_table, one_hot_table
from tenfold.errors import UsageError

__all__ = ["Scaling", "encoded_pipeline", "pipeline_for", "with_components"]

Scaling = Literal["none", "unit", "standard"]

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
        Raw values; pixels brought to 0-1; every column brought to mean 0 and deviation 1.
    dtype : str
        Of pixel rows.
    components : bool
        Keep the first 50 principal components only; of few rows no more than a fold of them is sure to have.
    """
    steps = _preparation(setting, scaling, dtype)
    if components and setting.values > COMPONENTS:
        solver = "covariance_eigh" if setting.values <= _WIDEST_COVARIANCE else "auto"
        steps.append(("components", PCA(_component_count(setting), svd_solver=solver, random_state=setting.seed)))
    return Pipeline([*steps, ("model", estimator)])


def with_components(setting: Setting) -> Setting:
    """Give the same setting after the reduction to principal components, for estimates of cost."""
    return replace(setting, values=min(setting.values, _component_count(setting)))


def _component_count(setting: Setting) -> int:
    """Of two folds, the fewest there can be, each model is fitted on half of the rows."""
    return min(COMPONENTS, max(setting.rows // 2, 1))


def _preparation(setting: Setting, scaling: Scaling, dtype: str) -> list[tuple[str, Any]]:
    if setting.kind == "image":
        pixels = FlattenPixels(unit=scaling == "unit", dtype=dtype)
        return [("pixels", pixels), *([("scale", StandardScaler())] if scaling == "standard" else [])]
    if setting.kind == "table" and setting.columns is not None:
        return [("columns", one_hot_table(setting.columns, scale=scaling != "none"))]
    raise UsageError(f"no preparation for data of kind '{setting.kind}' in this version")


def encoded_pipeline(setting: Setting, estimator: Any) -> Pipeline:
    """Put the preparation of histogram boosting before it: raw pixels, or categories as codes."""
    if setting.kind == "table" and setting.columns is not None:
        return Pipeline([("columns", encoded_table(setting.columns)), ("model", estimator)])
    return pipeline_for(setting, estimator, scaling="none")
