"""
A child Python that runs a module of this package: it imports nothing of the working folder, and ends with its parent.

The child runs this very file, ``python -P child.py MODULE ARGUMENTS``, which calls ``main(ARGUMENTS)`` of the module.
"""

from __future__ import annotations

import ctypes
import gc
import os
import select
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import IO

__all__ = ["end_with_input", "leave_working_folder", "start_child"]

_PACKAGE = Path(__file__).resolve().parent
_DIE_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of <sys/prctl.h>."""


def start_child(
    module: str,
    arguments: Sequence[str],
    *,
    environment: Mapping[str, str] | None = None,
    stdout: int = subprocess.PIPE,
    stderr: IO[str] | int | None,
) -> subprocess.Popen[str]:
    """
    Start a Python that calls ``main(arguments)`` of a module and exits with what that returns.

    Neither the working folder nor a folder that is named relative to it is on its search path, nor on that of a Python
    that it starts in turn (as joblib does). It lives no longer than the thread that starts it (Linux), or than the
    other end of its standard input is open, which it must read or give to `end_with_input`.

    Parameters
    ----------
    module : str
        Full name of a module of this package.
    arguments : sequence of str
    environment : mapping of str to str, optional
        Variables beside those of this process.
    stdout : int
        As for `subprocess.Popen`; standard input is a pipe of text.
    stderr : file, int or None
        As for `subprocess.Popen`.
    """
    return subprocess.Popen(
        [sys.executable, "-P", str(Path(__file__).resolve()), module, *arguments],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        text=True,
        env={**_isolated(os.environ), **(environment or {})},
    )


def end_with_input() -> None:
    """Wait until standard input closes, as it does when the parent ends, then end this process at once."""
    while os.read(0, 1):  # not sys.stdin, whose lock a reading thread would hold while the process ends
        pass
    os._exit(1)


def leave_working_folder() -> None:
    """Take from the search path of this process what relative entries of PYTHONPATH put there: the working folder."""
    for entry in _entries(os.environ):
        if not Path(entry).is_absolute() and (folder := os.path.normpath(Path.cwd() / entry)) in sys.path:
            sys.path.remove(folder)


def _isolated(environment: Mapping[str, str]) -> dict[str, str]:
    """Keep the folders that the user's own PYTHONPATH names in full; an empty entry means the working folder."""
    absolute = [entry for entry in _entries(environment) if Path(entry).is_absolute()]
    return {**environment, "PYTHONPATH": os.pathsep.join(absolute), "PYTHONSAFEPATH": "1"}


def _entries(environment: Mapping[str, str]) -> list[str]:
    """The entries of PYTHONPATH; an empty variable has none."""
    path = environment.get("PYTHONPATH", "")
    return path.split(os.pathsep) if path else []


def _end_with_parent() -> None:
    """
    Have the system kill this process when its parent dies, even while a compiled loop keeps every thread waiting.

    A parent that died before that was arranged has left a closed pipe.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    pipe = select.poll()
    pipe.register(0, select.POLLHUP)
    if any(event & select.POLLHUP for _, event in pipe.poll(0)):
        os._exit(1)


def _find_package() -> None:
    """Import the package of the parent, wherever it had found it: that folder comes first only where it has to."""
    spec = find_spec(_PACKAGE.name)
    if spec is None or spec.origin is None or Path(spec.origin).resolve().parent != _PACKAGE:
        sys.path.insert(0, str(_PACKAGE.parent))


def _run(module: str, arguments: list[str]) -> int:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of the terminal, to all its processes: the parent decides
    _end_with_parent()
    _find_package()
    gc.disable()  # what libraries make while they are loaded stays: to look for garbage takes a seventh of that time
    main = import_module(module).main
    gc.freeze()
    gc.enable()
    code: int = main(arguments) or 0
    return code


if __name__ == "__main__":
    sys.exit(_run(sys.argv[1], sys.argv[2:]))
