"""Support vector classification with a Gaussian kernel: fitted by libsvm, on working sets where that pays."""

from tenfold.models.support.classifier import GaussianSVC

__all__ = ["GaussianSVC"]
