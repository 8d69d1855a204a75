"""A reference figure: what is expected, from where, and how it is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Computed", "Reference"]


@dataclass(frozen=True)
class Reference:
    """
    One figure of the classic arc.

    Parameters
    ----------
    name : str
    expected : float
    tolerance : float
        Largest difference that passes.
    source : str
        Where the expected figure comes from.
    """

    name: str
    expected: float
    tolerance: float
    source: str


@dataclass(frozen=True)
class Computed:
    """A reference figure beside the one computed."""

    reference: Reference
    value: float

    @property
    def difference(self) -> float:
        """Computed less expected."""
        return self.value - self.reference.expected

    @property
    def passed(self) -> bool:
        """Whether the difference is within the tolerance."""
        return abs(self.difference) <= self.reference.tolerance


@dataclass(frozen=True)
class Job:
    """
    Figures computed together.

    Parameters
    ----------
    title : str
    references : tuple of Reference
    compute : callable
        Gives one value a reference, in their order.
    quick : bool
        Part of ``--quick``.
    seconds : float
        Rough seconds on two cores.
    """

    title: str
    references: tuple[Reference, ...]
    compute: Callable[[], tuple[float, ...]]
    quick: bool
    seconds: float
