"""How much memory a piece of work takes beyond what its process held before."""

from __future__ import annotations

from pathlib import Path

from tenfold.memory import give_back, peak_bytes, reset_peak

__all__ = ["ExtraMemory"]

_STATUS = Path("/proc/self/status")


class ExtraMemory:
    """
    The most memory above that resident when this was made.

    Examples
    --------
    >>> meanwhile = ExtraMemory()
    >>> held = b"x" * 64_000_000
    >>> extra = meanwhile.bytes()
    >>> extra is None or extra > 32_000_000
    True
    """

    def __init__(self) -> None:
        give_back()
        self._before = _resident_bytes()
        reset_peak()

    def bytes(self) -> int | None:
        """Give it in bytes; None where the system does not tell."""
        return None if self._before is None else max(0, peak_bytes() - self._before)


def _resident_bytes() -> int | None:
    if not _STATUS.exists():
        return None
    found = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmRSS")]
    return int(found[0].split()[1]) * 1024 if found else None
