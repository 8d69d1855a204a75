"""Exact nearest neighbours: rows that cannot be among them are ruled out, the others compared."""

from tenfold.models.neighbours.classifier import KNeighborsClassifier
from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["KNeighborsClassifier", "NeighbourSearch"]
