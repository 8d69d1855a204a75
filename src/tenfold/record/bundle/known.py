"""
Models that this user wrote, or saw answer in a process of its own, on this machine and with these libraries.

A model that is not among them is asked its golden rows in a child process before it is built here, once.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from tenfold.record.bundle.manifest import Manifest, versions_now

__all__ = ["is_known", "remember"]


def is_known(manifest: Manifest) -> bool:
    """Tell whether the very bytes of this model were written or probed here."""
    return _mark(manifest).is_file()


def remember(manifest: Manifest) -> None:
    """Note that a model was written or probed here; where no note can be kept, it is probed again another time."""
    mark = _mark(manifest)
    with contextlib.suppress(OSError):
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()


def _mark(manifest: Manifest) -> Path:
    """An empty file whose name is the hash of the model, of all that its manifest names, and of the libraries."""
    from platformdirs import user_state_path

    libraries = json.dumps(versions_now(), sort_keys=True).encode()
    digest = hashlib.sha256(manifest.digest.encode() + libraries).hexdigest()
    return user_state_path("tenfold", appauthor=False) / "models" / digest
