"""Everything that can be checked about a stored model, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tenfold.record.bundle.known import remember
from tenfold.record.bundle.manifest import find_bundle, read_manifest, versions_now
from tenfold.record.bundle.probe import probe
from tenfold.record.bundle.store import load_checked

__all__ = ["Verification", "verify"]


@dataclass(frozen=True)
class Verification:
    """
    What was checked; a `Verification` exists only where every check passed.

    Parameters
    ----------
    folder : Path
        The bundle folder.
    checked : tuple of str
        One line a check, in order.
    then, now : mapping of str to str
        Library -> version when written, and in this process.
    differing : tuple of str
        Libraries whose versions differ.
    bit_equal : bool
        The golden scores agree bit for bit, not only within 1e-9.
    """

    folder: Path
    checked: tuple[str, ...]
    then: Mapping[str, str]
    now: Mapping[str, str]
    differing: tuple[str, ...]
    bit_equal: bool


def verify(path: Path) -> Verification:
    """
    Check a stored model as `load` does, after it has answered its golden rows in a process of its own.

    Raises
    ------
    ModelError
        Any check fails, or the process dies.
    """
    folder = find_bundle(Path(path))
    manifest = read_manifest(folder)
    probe(folder, manifest.digest)
    remember(manifest)
    loaded = load_checked(folder)
    then, today = loaded.manifest.versions, versions_now()
    members = loaded.manifest.members.values()
    equal = "bit for bit" if loaded.bit_equal else "within 1e-9"
    checked = (
        "manifest: format, own SHA-256, task, schema",
        f"files: size and SHA-256 of {len(members)} ({sum(m.bytes for m in members):,} bytes)",
        f"types: all {len(loaded.vetted.types)} on Tenfold's list",
        f"arrays: {loaded.vetted.arrays}, headers and indices",
        "golden rows: answered by a process of its own",
        f"golden rows: same classes, scores equal {equal}",
    )
    differing = tuple(name for name, number in then.items() if today.get(name) != number)
    return Verification(folder, checked, then, today, differing, loaded.bit_equal)
