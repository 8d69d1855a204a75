"""How much memory this process has held at most, and how much there is."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["give_back", "loading_libraries", "machine_bytes", "peak_bytes", "reset_peak"]

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


def machine_bytes() -> int:
    """Give the memory of this machine in bytes; 0 where unknown."""
    known = getattr(os, "sysconf_names", {})
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if "SC_PHYS_PAGES" in known else 0


@contextmanager
def loading_libraries() -> Iterator[None]:
    """Look for no garbage while libraries are loaded, a seventh of their time: what they make then stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def give_back() -> None:
    """Return what is free to the system, where the C library can: memory kept for later use counts as held."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def reset_peak() -> None:
    """Start counting afresh where the system allows it (Linux: writing 5 to clear_refs; man 5 proc)."""
    if _RESET.exists():
        try:
            _RESET.write_text("5")
        except OSError:
            return


def peak_bytes() -> int:
    """Give the most resident memory since the start or the last reset, in bytes; 0 where unknown."""
    if _STATUS.exists():
        status = [line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM")]
        return int(status[0].split()[1]) * 1024 if status else 0
    if sys.platform == "win32":
        return 0
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024
