"""Exact nearest neighbours by brute force, as fast as the processor multiplies."""

from tenfold.models.neighbours.classifier import KNeighborsClassifier
from tenfold.models.neighbours.search import NeighbourSearch

__all__ = ["KNeighborsClassifier", "NeighbourSearch"]
