"""The process that predicts the golden rows of a model from elsewhere, with a limit on its memory."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from tenfold.child import end_with_input
from tenfold.errors import ModelError, TenfoldError
from tenfold.output import echo
from tenfold.program.limits import OBJECTS
from tenfold.record.bundle.store import load_checked

__all__ = ["limit_memory", "main"]

_BYTES = 4 << 30  # stacks and buffers of the threads of many cores are counted too


def main(arguments: Sequence[str]) -> int:
    """Load the model of a folder, of this digest, by the format of a module, once others have registered; 0 if well."""
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
    allowed = pages * resource.getpagesize() + _BYTES + OBJECTS.ratio * packed
    resource.setrlimit(resource.RLIMIT_DATA, (allowed, resource.getrlimit(resource.RLIMIT_DATA)[1]))
