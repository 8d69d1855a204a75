"""Support vector classification with a Gaussian kernel: fitted by libsvm, on working sets where that pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.models.first_use import import_at_first_use

if TYPE_CHECKING:
    from tenfold.models.support.classifier import GaussianSVC

__all__ = ["GaussianSVC"]

__getattr__ = import_at_first_use(__name__, {"GaussianSVC": "classifier"})
