"""Estimators that predict clean images from noisy ones: `fit` on pairs, `predict` grey levels."""

from tenfold.models.denoising.filters import MedianDenoiser, UnchangedImages
from tenfold.models.denoising.neighbours import KNeighborsDenoiser
from tenfold.models.denoising.ridge import RidgeDenoiser

__all__ = ["KNeighborsDenoiser", "MedianDenoiser", "RidgeDenoiser", "UnchangedImages"]
