"""Our own estimators, usable outside Tenfold as ordinary scikit-learn ones."""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.models.linear import SGDClassifier
    from tenfold.models.naive_bayes import MixedNaiveBayes
    from tenfold.models.neighbours import KNeighborsClassifier
    from tenfold.models.support import GaussianSVC

# Numba reads .numba_config.yaml of the working folder; a variable, even an empty one, overrides its choice of the cache
# of compiled code, which is pickled.
for _variable in ("NUMBA_CACHE_DIR", "NUMBA_CACHE_LOCATOR_CLASSES"):
    os.environ.setdefault(_variable, "")

__all__ = ["GaussianSVC", "KNeighborsClassifier", "MixedNaiveBayes", "SGDClassifier"]

_PLACES = {
    "GaussianSVC": "support",
    "KNeighborsClassifier": "neighbours",
    "MixedNaiveBayes": "naive_bayes",
    "SGDClassifier": "linear",
}


def __getattr__(name: str) -> Any:
    """Import an estimator, and with it the compiler of its kernels, at its first use."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
