"""Exact nearest neighbours: lower bounds prune most rows, the others are compared."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tenfold.models.neighbours.classifier import KNeighborsClassifier
    from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["KNeighborsClassifier", "NeighbourSearch"]

_PLACES = {"KNeighborsClassifier": "classifier", "NeighbourSearch": "search"}


def __getattr__(name: str) -> Any:
    """Import the estimator, and with it scikit-learn, or the search with its compiled kernels, at the first use."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)
