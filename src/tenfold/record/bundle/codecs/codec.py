"""What a codec is: how one fitted pipeline becomes one file, what is checked before it is built, how it is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

__all__ = ["Codec", "Content", "Tolerance"]


@dataclass(frozen=True)
class Tolerance:
    """
    How far a prediction for a golden row may lie from the one that was saved, where processor or libraries differ.

    Parameters
    ----------
    relative : float
        Of the largest saved value, for predictions that are real numbers.
    steps : int
        For predictions that are rounded to whole numbers, such as grey levels.
    """

    relative: float
    steps: int = 0


@dataclass(frozen=True, eq=False)
class Content:
    """
    What a file holds, found harmless; nothing of it has been built.

    Parameters
    ----------
    types : tuple of str
        Types of scikit-learn, forms or operations that it is made of, in order of name.
    arrays : int
        Number of arrays checked.
    versions : mapping of str to frozenset of str
        Library -> versions that the file itself says it was written with; libraries that it does not name are left out.
    parts : object
        What the codec that gave this builds from.
    tolerance : Tolerance, optional
        How closely the golden rows of this model are compared, where that differs from its codec's.
    harmless : bool
        Building and asking the model can do no harm, whatever the file holds: it is no tree of objects.
    """

    types: tuple[str, ...]
    arrays: int
    parts: Any = field(repr=False)
    versions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    harmless: bool = False
    tolerance: Tolerance | None = None


class Codec(Protocol):
    """
    One way to keep a fitted pipeline in a file that runs no code when it is loaded.

    A file names its codec by its ending alone, and `registry` holds the list of all: what is not on it is refused.
    """

    @property
    def name(self) -> str:
        """The name it is asked for by."""
        ...

    @property
    def ending(self) -> str:
        """The ending of its files, without the dot, that no other codec has."""
        ...

    @property
    def tolerance(self) -> Tolerance:
        """How closely the golden rows are compared."""
        ...

    def encode(self, model: Any) -> bytes:
        """
        Return the content of the file of a fitted pipeline, or of a program.

        Raises
        ------
        ModelError
            It holds what no such file may hold.
        """
        ...

    def check(self, file: BinaryIO) -> Content:
        """
        Judge an open file, of any content, before anything of it is built.

        Raises
        ------
        Refused
            The first fault that was met.
        """
        ...

    def build(self, content: Content) -> Any:
        """Build the pipeline from what `check` returned, while its file is still open."""
        ...
