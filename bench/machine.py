"""What the figures were measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

__all__ = ["Machine", "processors", "this_machine"]

_PACKAGES = ("tenfold", "scikit-learn", "numpy", "scipy", "numba", "numkong", "faiss-cpu", "scikit-learn-intelex")
_CPU_INFO = Path("/proc/cpuinfo")
_FLAGS = ("avx2", "avx512f", "avx512_vnni", "amx_int8")


@dataclass(frozen=True)
class Machine:
    """
    Hardware, system and versions.

    Parameters
    ----------
    processor : str
    instructions : tuple of str
        Those of the vector extensions that kernels use which it has; empty where unknown.
    processors : int
        That this process may use.
    memory_bytes : int or None
    system, python : str
    versions : dict of str to str
        Of the packages that take part; those not installed are left out.
    """

    processor: str
    instructions: tuple[str, ...]
    processors: int
    memory_bytes: int | None
    system: str
    python: str
    versions: dict[str, str]

    def as_dict(self) -> dict[str, Any]:
        """Give plain values for JSON."""
        return {**asdict(self), "instructions": list(self.instructions)}


def this_machine() -> Machine:
    """Look at the machine this runs on."""
    found = _cpu_info()
    flags = found.get("flags", "").split()
    return Machine(
        found.get("model name") or platform.processor() or platform.machine(),
        tuple(name for name in _FLAGS if name in flags),
        processors(),
        _memory_bytes(),
        f"{platform.system()} {platform.release().split('-')[0]}",
        platform.python_version(),
        {name: installed for name in _PACKAGES if (installed := _version(name))},
    )


def processors() -> int:
    """Give the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _cpu_info() -> dict[str, str]:
    """The first processor's lines."""
    if not _CPU_INFO.exists():
        return {}
    pairs = (line.partition(":") for line in _CPU_INFO.read_text().split("\n\n")[0].splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def _memory_bytes() -> int | None:
    if hasattr(os, "sysconf") and {"SC_PAGE_SIZE", "SC_PHYS_PAGES"} <= set(os.sysconf_names):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
