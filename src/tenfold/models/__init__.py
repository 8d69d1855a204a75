"""Our own estimators, usable outside Tenfold as ordinary scikit-learn ones."""

from tenfold.models.linear import SGDClassifier
from tenfold.models.neighbours import KNeighborsClassifier

__all__ = ["KNeighborsClassifier", "SGDClassifier"]
