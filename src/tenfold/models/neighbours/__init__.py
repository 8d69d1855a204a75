"""Exact nearest neighbours: lower bounds prune most rows, the others are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tenfold.models.first_use import import_at_first_use

if TYPE_CHECKING:
    from tenfold.models.neighbours.classifier import KNeighborsClassifier
    from tenfold.models.neighbours.regressor import KNeighborsRegressor
    from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["KNeighborsClassifier", "KNeighborsRegressor", "NeighbourSearch"]

__getattr__ = import_at_first_use(
    __name__,
    {"KNeighborsClassifier": "classifier", "KNeighborsRegressor": "regressor", "NeighbourSearch": "search"},
)
