"""The classes that figures are about: what they must know of a task that tells classes apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["Classes", "HasClasses"]


class HasClasses(Protocol):
    """Class names, and which of them is detected; a `tenfold.tasks.ClassTask` has them, or `Classes` alone."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Class names in the order of their codes."""
        ...

    @property
    def positive(self) -> str | None:
        """The class that a detector detects, ``classes[1]``; None where all are alike."""
        ...

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the score columns."""
        ...


@dataclass(frozen=True)
class Classes:
    """
    Class names, and which of them is detected.

    Parameters
    ----------
    classes : tuple of str
    positive : str, optional

    Examples
    --------
    >>> Classes(("no", "yes"), positive="yes").score_names
    ('yes',)
    """

    classes: tuple[str, ...]
    positive: str | None = None

    @property
    def score_names(self) -> tuple[str, ...]:
        """Names of the score columns: the positive class alone of a detector, else every class."""
        return self.classes if self.positive is None else self.classes[1:]
