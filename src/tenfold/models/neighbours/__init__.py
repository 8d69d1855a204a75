"""Exact nearest neighbours: lower bounds prune most rows, the others are compared."""

from tenfold.models.neighbours.classifier import KNeighborsClassifier
from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["KNeighborsClassifier", "NeighbourSearch"]
