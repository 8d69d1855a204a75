"""
Whether a model may be built in this process: those from elsewhere predict their golden rows in a child process first.

What this user wrote, or saw do so, on this machine and with these libraries, is remembered and not probed again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tenfold.child import start_child
from tenfold.program.refusal import refuse, refusing
from tenfold.record.bundle.manifest import Manifest, versions_now

__all__ = ["is_known", "probe", "remember"]

_SECONDS = 300
_CHILD = "tenfold.record.bundle.probe_process"


def is_known(manifest: Manifest) -> bool:
    """Whether the very bytes of this model were written or probed here."""
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


def probe(path: Path, digest: str, module: str, registering: Sequence[str] = ()) -> None:
    """
    Load a model and let it predict its golden rows in a child process, which alone dies if the model is hostile.

    Parameters
    ----------
    path : Path
        The model folder.
    digest : str
        Of the manifest that will be loaded here: the child must have seen the same one.
    module : str
        Full name of the module whose ``FORMAT`` reads the model.
    registering : sequence of str
        Modules that the child imports first, since they register what the model needs.

    Raises
    ------
    ModelError
        The child refused the model, was killed by a signal, did not end in 300 seconds, or saw another model.
    """
    with refusing(path):
        code, complaint = _child([str(path), digest, module, *registering])
        if code < 0:
            refuse(f"the process that predicted its golden rows died by signal {-code}")
        if code > 0:
            refuse((complaint.strip().splitlines() or ["its golden rows could not be predicted"])[-1])


def _child(arguments: Sequence[str]) -> tuple[int, str]:
    """Return the exit code of the child and what it wrote to standard error."""
    with tempfile.TemporaryFile("w+", errors="replace") as complaint:
        with start_child(
            _CHILD,
            arguments,
            environment=_search_path(arguments[2:]),
            stdout=subprocess.DEVNULL,
            stderr=complaint,
        ) as child:
            try:
                code = child.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                refuse(f"its golden rows took longer than {_SECONDS} seconds")
            finally:
                child.kill()
        complaint.seek(0)
        return code, complaint.read()


def _search_path(modules: Sequence[str]) -> Mapping[str, str]:
    """Where the child finds modules of other packages: in the folders that this process found them in."""
    others = [name for name in modules if not name.startswith("tenfold.")]
    files = {name: getattr(sys.modules.get(name), "__file__", None) for name in others}
    roots = {str(Path(file).resolve().parents[name.count(".")]) for name, file in files.items() if file is not None}
    if not roots:
        return {}
    entries = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(entry).is_absolute()]
    return {"PYTHONPATH": os.pathsep.join([*sorted(roots), *entries])}
