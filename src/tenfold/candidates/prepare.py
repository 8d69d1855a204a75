"""The preparation that fits the kind of data and the needs of the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from sklearn.decomposition import PCA
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.candidates.setting import Setting
from tenfold.errors import UsageError
from tenfold.preparation.image import FlattenPixels
from tenfold.preparation.table import encoded_table, one_hot_table

__all__ = ["Scaling", "encoded_pipeline", "pipeline_for", "with_components"]

Scaling = Literal["none", "unit", "standard"]

COMPONENTS = 50


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
        Keep the first 50 principal components only.
    """
    steps = _preparation(setting, scaling, dtype)
    if components and setting.values > COMPONENTS:
        steps.append(("components", PCA(COMPONENTS, svd_solver="covariance_eigh", random_state=setting.seed)))
    return Pipeline([*steps, ("model", estimator)])


def with_components(setting: Setting) -> Setting:
    """Give the same setting after the reduction to principal components, for estimates of cost."""
    return replace(setting, values=min(setting.values, COMPONENTS))


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
