"""The ledger of test openings: one line an opening, kept outside every run folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock

from tenfold.errors import DataError
from tenfold.regular_files import LEDGER_BYTES, read_regular
from tenfold.storage import append_whole, storage_faults
from tenfold.text import shown

__all__ = ["UNREADABLE", "Ledger", "Openings", "home_ledger"]

UNREADABLE = (
    "Lines of the ledger of test openings are damaged: each is taken for an opening, so the count may be too high."
)
"""What the reader of a count must know where `Openings.unreadable` is not 0."""

_KEY = re.compile(r"[0-9A-Za-z_-]{1,128}")
_RUN = re.compile(rb'\{"run": ("(?:[^"\\]|\\.)*")')
_LOCK_SECONDS = 60
_DO = "openings of test parts are counted there: make it writable, or set XDG_STATE_HOME to a folder that is"


@dataclass(frozen=True)
class Openings:
    """
    How often a test part has been opened.

    Parameters
    ----------
    count : int
        Runs that have opened it, each line that cannot be read taken for one more.
    unreadable : int
        Such lines.
    """

    count: int
    unreadable: int = 0


@dataclass(frozen=True)
class Ledger:
    """
    Openings of test parts, one file a test part, one JSON line an opening.

    Parameters
    ----------
    folder : Path
        Made when first written to.

    Examples
    --------
    >>> import tempfile
    >>> ledger = Ledger(Path(tempfile.mkdtemp()))
    >>> [ledger.record("k", run, "final test").count for run in ("run-1", "run-1", "run-2")]
    [1, 1, 2]
    """

    folder: Path

    def refuse_unwritable(self) -> None:
        """
        Refuse at once, before hours of work, a ledger that no opening can be written to.

        Raises
        ------
        StorageError
            Its folder cannot be made or written.
        """
        with self._locked():
            pass

    def record(self, key: str, run_id: str, purpose: str, former: str | None = None) -> Openings:
        """
        Write down that a run opens a test part; it is durable when the count is given.

        Parameters
        ----------
        key : str
            Of the test part: the same for the same rows.
        run_id : str
            A run that opens it again is not counted again.
        purpose : str
            Why, for whoever reads the ledger.
        former : str, optional
            The key under which earlier versions wrote openings of it; they go on counting.

        Raises
        ------
        StorageError
            It cannot be written: then nothing is, and the test part stays sealed.
        DataError
            The key is none.
        """
        with self._locked():
            if run_id not in self._runs(key, former)[0]:
                entry = {"run": run_id, "at": datetime.now(UTC).isoformat(), "purpose": purpose}
                # The line end before it keeps it apart from what a crash has left of another.
                append_whole(self._path(key), b"\n" + json.dumps(entry).encode() + b"\n", _DO)
            return self.openings(key, former)

    def openings(self, key: str, former: str | None = None) -> Openings:
        """Count the openings of a test part; see `record`."""
        runs, unreadable = self._runs(key, former)
        return Openings(len(runs) + unreadable, unreadable)

    def _runs(self, key: str, former: str | None) -> tuple[set[str], int]:
        """The runs that have opened it, and how many lines do not tell theirs."""
        keys = dict.fromkeys((key, *([former] if former is not None else [])))
        lines = [line for one in keys for line in self._lines(self._path(one))]
        runs = [_run_of(line) for line in lines]
        return {run for run in runs if run is not None}, runs.count(None)

    def _lines(self, path: Path) -> list[bytes]:
        if not path.exists():
            return []
        with storage_faults(path, _DO):
            content = read_regular(path, most=LEDGER_BYTES, within=self.folder)
        return [line for line in content.split(b"\n") if line.strip()]

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One process at a time reads what there is and adds to it, so that two that open at once count as two."""
        with storage_faults(self.folder, _DO):
            self.folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.folder / ".lock", timeout=_LOCK_SECONDS):
                yield

    def _path(self, key: str) -> Path:
        """A key may come from the files of a run that somebody sent."""
        if not _KEY.fullmatch(key):
            raise DataError(f"'{shown(key, 40)}' is no key of a test part", where="manifest.json", do="repeat the run")
        return self.folder / f"{key}.jsonl"


def _run_of(line: bytes) -> str | None:
    """The run that a line names, also where it is damaged further on; None where it names none."""
    begun = _RUN.match(line)
    try:
        entries = json.loads(begun[1]) if begun is not None else json.loads(line)["run"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return entries if isinstance(entries, str) else None


def home_ledger() -> Ledger:
    """The ledger of this user account, under the platform's state folder."""
    from platformdirs import user_state_path

    return Ledger(user_state_path("tenfold", appauthor=False) / "openings")
