"""Ask a model its golden rows in a process of its own."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from tenfold.child import end_with_input, start_child
from tenfold.errors import ModelError, TenfoldError
from tenfold.output import echo
from tenfold.record.bundle.limits import RATIO
from tenfold.record.bundle.refusal import altered, refusing

__all__ = ["probe"]

_SECONDS = 300
_BYTES = 4 << 30  # stacks and buffers of the threads of many cores are counted too


def probe(path: Path, digest: str) -> None:
    """
    Load a model and let it answer its golden rows in a child process, which alone dies if the model is hostile.

    Parameters
    ----------
    path : Path
        The bundle folder.
    digest : str
        Of the manifest that will be loaded here: the child must have seen the same one.

    Raises
    ------
    ModelError
        The child refused the model, was killed by a signal, did not end in 300 seconds, or saw another model.
    """
    with refusing(path):
        code, complaint = _asked(path, digest)
        if code < 0:
            altered(f"the process that asked its golden rows died by signal {-code}")
        if code > 0:
            altered((complaint.strip().splitlines() or ["its golden rows could not be asked"])[-1])


def _asked(path: Path, digest: str) -> tuple[int, str]:
    """Give the exit code of the child and what it wrote to standard error."""
    with tempfile.TemporaryFile("w+", errors="replace") as complaint:
        with start_child(__name__, [str(path), digest], stdout=subprocess.DEVNULL, stderr=complaint) as child:
            try:
                code = child.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                altered(f"its golden rows took longer than {_SECONDS} seconds")
            finally:
                child.kill()
        complaint.seek(0)
        return code, complaint.read()


def main(arguments: Sequence[str]) -> int:
    """Load the model named in the arguments, of this digest; 0, or the exit code of what refused it."""
    from tenfold.record.bundle.store import load_checked

    threading.Thread(target=end_with_input, daemon=True).start()
    folder = Path(arguments[0])
    limit_memory(folder)
    try:
        loaded = load_checked(folder, alone=True)
    except TenfoldError as refused:
        echo(refused, err=True)
        return refused.exit_code
    if loaded.manifest.digest != arguments[1]:
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
