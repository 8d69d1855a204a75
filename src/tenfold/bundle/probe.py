"""Ask a model its golden rows in a process of its own: ``python -m tenfold.bundle.probe MODEL``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tenfold.bundle.refusal import altered, refusing
from tenfold.errors import TenfoldError

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
    command = [sys.executable, "-m", "tenfold.bundle.probe", str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    with refusing(path):
        try:
            done = subprocess.run(
                command, env=environment, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            altered(f"its golden rows took longer than {_SECONDS} seconds")
        if done.returncode < 0:
            altered(f"the process that asked its golden rows died by signal {-done.returncode}")
        if done.returncode > 0:
            altered((done.stderr.strip().splitlines() or ["its golden rows could not be asked"])[-1])


def main(arguments: list[str]) -> int:
    """Load the model named in the arguments; 0, or the exit code of what refused it."""
    from tenfold.bundle.store import load_checked

    try:
        load_checked(Path(arguments[0]))
    except TenfoldError as refused:
        sys.stderr.write(f"{refused}\n")
        return refused.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
