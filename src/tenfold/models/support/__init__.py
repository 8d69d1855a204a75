"""A support vector machine: found by libraries, from chunks of the rows where that pays, answering by products."""

from tenfold.models.support.classifier import GaussianSVC

__all__ = ["GaussianSVC"]
