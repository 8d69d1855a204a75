"""Estimators that predict clean images from noisy ones: `fit` on pairs, `predict` grey levels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.models.first_use import import_at_first_use

if TYPE_CHECKING:
    from tenfold.models.denoising.filters import MedianDenoiser, UnchangedImages
    from tenfold.models.denoising.neighbours import KNeighborsDenoiser
    from tenfold.models.denoising.ridge import RidgeDenoiser

__all__ = ["KNeighborsDenoiser", "MedianDenoiser", "RidgeDenoiser", "UnchangedImages"]

__getattr__ = import_at_first_use(
    __name__,
    {
        "KNeighborsDenoiser": "neighbours",
        "MedianDenoiser": "filters",
        "RidgeDenoiser": "ridge",
        "UnchangedImages": "filters",
    },
)
