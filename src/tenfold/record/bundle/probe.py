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
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from tenfold.child import end_with_input, start_child
from tenfold.errors import ModelError, TenfoldError
from tenfold.output import echo
from tenfold.record.bundle.limits import RATIO
from tenfold.record.bundle.manifest import Manifest, versions_now
from tenfold.record.bundle.refusal import refuse, refusing

__all__ = ["is_known", "probe", "remember"]

_SECONDS = 300
_BYTES = 4 << 30  # stacks and buffers of the threads of many cores are counted too


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
            __name__,
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


def main(arguments: Sequence[str]) -> int:
    """Load the model of a folder, of this digest, by the format of a module, once others have registered; 0 if well."""
    from tenfold.record.bundle.store import load_checked

    threading.Thread(target=end_with_input, daemon=True).start()
    folder, digest, module, *registering = arguments
    limit_memory(Path(folder))
    for name in registering:
        import_module(name)
    try:
        loaded = load_checked(Path(folder), import_module(module).FORMAT, alone=True)
    except TenfoldError as refused:
        echo(refused, err=True)
        return refused.exit_code
    if loaded.manifest.digest != digest:
        echo("it was exchanged while it was checked", err=True)
        return ModelError.exit_code
    return 0


def limit_memory(folder: Path) -> None:
    """Let this process take so much more memory than it has: plenty for the eight rows of a model within the limits."""
    try:
        import resource
    except ImportError:  # Windows has no such limit: the checks before are all there is
        return
    used = Path("/proc/self/statm")
    pages = int(used.read_text().split()[5]) if used.exists() else 0
    packed = sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
    allowed = pages * resource.getpagesize() + _BYTES + RATIO * packed
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, resource.getrlimit(resource.RLIMIT_DATA)[1]))
