"""What a program is made of: steps, each from values before it, and the values that are its predictions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

__all__ = ["INPUT", "Outputs", "Step"]

INPUT = "input"
"""The name of what a program is given."""


@dataclass(frozen=True, eq=False)
class Step:
    """
    One step.

    Parameters
    ----------
    name : str
        Of the value that it gives.
    operation : str
    inputs : tuple of str
        Values before it.
    parameters : mapping of str to object
        Plain values for JSON.
    arrays : mapping of str to ndarray
    """

    name: str
    operation: str
    inputs: tuple[str, ...]
    parameters: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class Outputs:
    """
    Which values of a program are its answers.

    Parameters
    ----------
    predicted : str
        The model's own prediction: classes or labels, or a matrix of what it restores.
    scores : str or None
        A matrix of float64, of one column for two classes, else of one a class or label.
    probabilities : bool
        The scores are probabilities.
    """

    predicted: str
    scores: str | None = None
    probabilities: bool = False
