"""Linear classifiers by stochastic gradient descent, all classes in one pass."""

from tenfold.models.linear.classifier import SGDClassifier

__all__ = ["SGDClassifier"]
