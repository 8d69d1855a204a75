"""Where what does not fit in memory is written while it is worked on, and by how many processes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Scratch"]


@dataclass(frozen=True)
class Scratch:
    """
    A place for what does not fit in memory.

    Parameters
    ----------
    folder : Path, optional
        By default a folder of the system for temporary files, which is removed with the data.
    processes : int
        That prepare it, beside this one; 0 for this one alone.
    """

    folder: Path | None = None
    processes: int = 0
