"""The ledger of test openings: one line an opening, kept outside every run folder."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tenfold.storage import make_folder, storage_faults, sync_folder

__all__ = ["Ledger", "home_ledger"]


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
    >>> ledger.record("k", "run-1", "final test"), ledger.record("k", "run-1", "again"), ledger.record("k", "run-2", "")
    (1, 1, 2)
    """

    folder: Path

    def record(self, key: str, run_id: str, purpose: str) -> int:
        """Write down that a run opens the test part `key`; give how many runs have, this one counted."""
        if run_id not in self._runs(key):
            self._append(key, {"run": run_id, "at": datetime.now(UTC).isoformat(), "purpose": purpose})
        return len(self._runs(key))

    def count(self, key: str) -> int:
        """How many runs have opened the test part `key`."""
        return len(self._runs(key))

    def _runs(self, key: str) -> set[str]:
        path = self._path(key)
        if not path.exists():
            return set()
        with storage_faults(path):
            lines = path.read_text().splitlines()
        return {run for run in map(_run_of, lines) if run is not None}

    def _append(self, key: str, entry: dict[str, str]) -> None:
        """One write call in append mode, so that lines of two processes do not mix; durable when it returns."""
        path = self._path(key)
        make_folder(self.folder)
        with storage_faults(path):
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, b"\n" + json.dumps(entry).encode())
                os.fsync(handle)
            finally:
                os.close(handle)
            sync_folder(self.folder)

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.jsonl"


def _run_of(line: str) -> str | None:
    """The run a line names; None for blank lines and for one that a crash cut short."""
    try:
        return str(json.loads(line)["run"]) if line.strip() else None
    except (ValueError, KeyError):
        return None


def home_ledger() -> Ledger:
    """The ledger of this user account, under the platform's state folder."""
    from platformdirs import user_state_path

    return Ledger(user_state_path("tenfold", appauthor=False) / "openings")
