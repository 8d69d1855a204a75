"""Support vector classification with a Gaussian kernel: fitted by libsvm, on working sets where that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.models.support.classifier import GaussianSVC

__all__ = ["GaussianSVC"]


def __getattr__(name: str) -> Any:
    """Import the estimator, and with it scikit-learn, at its first use."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from tenfold.models.support.classifier import GaussianSVC

    return GaussianSVC
