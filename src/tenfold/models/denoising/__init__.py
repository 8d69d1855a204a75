"""Estimators that predict clean images from noisy ones: `fit` on pairs, `predict` grey levels."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.models.denoising.filters import MedianDenoiser, UnchangedImages
    from tenfold.models.denoising.neighbours import KNeighborsDenoiser
    from tenfold.models.denoising.ridge import RidgeDenoiser

__all__ = ["KNeighborsDenoiser", "MedianDenoiser", "RidgeDenoiser", "UnchangedImages"]

_MODULES = {
    "KNeighborsDenoiser": "neighbours",
    "MedianDenoiser": "filters",
    "RidgeDenoiser": "ridge",
    "UnchangedImages": "filters",
}


def __getattr__(name: str) -> Any:
    """Import an estimator, and with it scikit-learn, at its first use."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
