"""Ask a model its golden rows in a process of its own."""

from __future__ import annotations

import subprocess
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from tenfold.bundle.refusal import altered, refusing
from tenfold.child import end_with_input, start_child
from tenfold.errors import TenfoldError
from tenfold.output import echo

__all__ = ["probe"]

_SECONDS = 300


def probe(path: Path) -> None:
    """
    Load a model and let it answer its golden rows in a child process, which alone dies if the model is hostile.

    Raises
    ------
    ModelError
        The child refused the model, was killed by a signal, or did not end in 300 seconds.
    """
    with refusing(path):
        code, complaint = _asked(path)
        if code < 0:
            altered(f"the process that asked its golden rows died by signal {-code}")
        if code > 0:
            altered((complaint.strip().splitlines() or ["its golden rows could not be asked"])[-1])


def _asked(path: Path) -> tuple[int, str]:
    """Give the exit code of the child and what it wrote to standard error."""
    with tempfile.TemporaryFile("w+", errors="replace") as complaint:
        with start_child(__name__, [str(path)], stdout=subprocess.DEVNULL, stderr=complaint) as child:
            try:
                code = child.wait(_SECONDS)
            except subprocess.TimeoutExpired:
                altered(f"its golden rows took longer than {_SECONDS} seconds")
            finally:
                child.kill()
        complaint.seek(0)
        return code, complaint.read()


def main(arguments: Sequence[str]) -> int:
    """Load the model named in the arguments; 0, or the exit code of what refused it."""
    from tenfold.bundle.store import load_checked

    threading.Thread(target=end_with_input, daemon=True).start()
    try:
        load_checked(Path(arguments[0]))
    except TenfoldError as refused:
        echo(refused, err=True)
        return refused.exit_code
    return 0
