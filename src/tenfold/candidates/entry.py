"""What the catalogue knows of a classifier."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tenfold.candidates.setting import Setting

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

__all__ = ["BASELINE", "Candidate", "Entry"]

BASELINE = "baseline"
"""Name of the candidate that looks at no feature: every run has it beside the others."""

Modifiers = frozenset[str]


@dataclass(frozen=True)
class Entry:
    """
    A classifier of the catalogue.

    Parameters
    ----------
    name : str
    summary : str
        What it is, in a line.
    good_for : str
        When to take it.
    cost : str
        What it costs, in words.
    build : callable
        From a `Setting` and the modifiers asked to an unfitted Pipeline.
    seconds : callable
        Rough seconds on one core to fit on ``rows`` and to answer ``queries`` of a setting:
        ``seconds(setting, modifiers, rows, queries)``.
    modifiers : mapping
        Word after the colon -> what it changes.
    search_space : mapping
        Parameter of the pipeline -> values worth trying.
    untuned : frozenset of str
        Modifiers with which there is nothing to try.
    in_blocks : bool
        It is fitted on rows that are read block by block, where the data are so (`Setting.in_blocks`).
    """

    name: str
    summary: str
    good_for: str
    cost: str
    build: Callable[[Setting, Modifiers], Pipeline]
    seconds: Callable[[Setting, Modifiers, int, int], float]
    modifiers: Mapping[str, str] = field(default_factory=dict)
    search_space: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    untuned: Modifiers = frozenset()
    in_blocks: bool = False

    def space(self, modifiers: Modifiers) -> Mapping[str, tuple[Any, ...]]:
        """Return the search space with some modifiers."""
        return {} if modifiers & self.untuned else self.search_space


@dataclass(frozen=True, eq=False)
class Candidate:
    """
    A classifier that stands for election: an unfitted pipeline under the name it was asked by.

    Parameters
    ----------
    name : str
        As asked, modifiers and all: ``sgd:raw``.
    pipeline : Pipeline
        Unfitted; preparation and estimator, cloned before each fit.
    seconds : callable
        Rough seconds on one core for (rows to fit, queries to answer).
    search_space : mapping
        Parameter of the pipeline -> values worth trying.
    settings : tuple of mapping
        Parameters of the pipeline to be tried, one after the other; none where it is judged as it is.
    augment : str, optional
        How its training rows are augmented (`tenfold.candidates.augmentation`); its seconds are those of all of them.
    """

    name: str
    pipeline: Pipeline
    seconds: Callable[[int, int], float]
    search_space: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    settings: tuple[Mapping[str, Any], ...] = ()
    augment: str | None = None
