"""Everything that Tenfold refuses, and the exit code that goes with it."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from tenfold.text import shown

__all__ = [
    "BusyError",
    "CheckFailedError",
    "DataError",
    "EngineError",
    "LimitError",
    "ModelError",
    "PartsFailedError",
    "StorageError",
    "TenfoldError",
    "UsageError",
]

_LONGEST_MESSAGE = 400


class TenfoldError(Exception):
    """
    Anything Tenfold refuses: one line that names the place, the fault and what to do.

    Parameters
    ----------
    what : str
        What is wrong, with the offending value and the limit where there is one.
    where : str or Path, optional
        File, folder or option concerned.
    row : int, optional
        Row or line in that file, counted as a text editor does (from 1).
    column : str, optional
        Column concerned.
    do : str, optional
        What to do about it, as an imperative sentence.

    Attributes
    ----------
    what, row, do
        As given, for whoever knows the place better and says it again.

    Examples
    --------
    >>> str(DataError("no column 'Survivd'.", where="train.csv", do="give --target Survived"))
    "train.csv: no column 'Survivd'. Do: give --target Survived."
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        what: str,
        *,
        where: str | Path | None = None,
        row: int | None = None,
        column: str | None = None,
        do: str | None = None,
    ) -> None:
        self.what, self.row, self.do = what, row, do
        place = [shown(where, 200)] if where is not None else []
        place += [f"row {row}"] if row is not None else []
        place += [f"column '{shown(column)}'"] if column is not None else []
        message = ": ".join([", ".join(place), what.strip()] if place else [what.strip()])
        message = message if message.endswith((".", "?")) else message + "."
        message += f" Do: {do.strip().rstrip('.')}." if do else ""
        super().__init__(shown(message, _LONGEST_MESSAGE))


class CheckFailedError(TenfoldError):
    """A check that the user asked for failed (exit 1)."""


class UsageError(TenfoldError):
    """The command or call was wrong: an unknown name, a bad expression (exit 2)."""

    exit_code = 2


class DataError(TenfoldError):
    """The data cannot be used as they are (exit 3)."""

    exit_code = 3


class LimitError(TenfoldError):
    """The data exceed a limit that protects the machine (exit 4)."""

    exit_code = 4


class StorageError(TenfoldError):
    """A file could not be written or read: full, read-only, gone (exit 5)."""

    exit_code = 5


class BusyError(TenfoldError):
    """Another process holds the run folder (exit 6)."""

    exit_code = 6


class PartsFailedError(TenfoldError):
    """The work finished, but some of its parts failed (exit 7)."""

    exit_code = 7


class EngineError(PartsFailedError):
    """The cluster that does the work is gone or cannot do it; what was finished is kept (exit 7)."""


class ModelError(TenfoldError):
    """A model file is refused: altered, unsafe or of another version (exit 8)."""

    exit_code = 8
