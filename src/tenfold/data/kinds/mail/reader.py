"""Messages taken apart one after the other: large ones in a child process whose time and memory have limits."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
from types import TracebackType
from typing import IO, Any, Self, cast

from tenfold.child import start_child
from tenfold.data.kinds.mail.message import Mail, named_message, read_message, refuse_large
from tenfold.errors import DataError, LimitError

__all__ = ["MessageReader"]

_CHILD = "tenfold.data.kinds.mail.reader_process"
_IN_PROCESS = 128 << 10
"""
Bytes up to which a message is taken apart here. What the parser, the decoders and HTML take grows at worst by the
square: of sixty hostile forms of this size the worst takes 0.6 s, of sizes up to the limit of a message, hours. Six of
3,250 messages of the SpamAssassin corpus are larger.
"""

_PROCESSOR_SECONDS, _SECONDS, _BYTES = 4, 20.0, 512 << 20
"""An honest message of 25 MiB takes a second and 200 MB. Real time is longer, for a machine that does other things."""

_REFUSALS = {"DataError": DataError, "LimitError": LimitError}
_DO = "remove it, or give --skip-bad"


class MessageReader:
    r"""
    Takes messages apart; it is closed by leaving it as a context.

    Parameters
    ----------
    processor_seconds : int
        For a large message, where the system can limit them.
    seconds : float
        Of real time, on every system.
    memory : int
        Bytes beside those that the process has at its start, where the system can limit them.

    Examples
    --------
    >>> with MessageReader() as reader:
    ...     reader.read(b"Subject: Hi\n\nTill tomorrow").body
    'Till tomorrow'
    """

    def __init__(
        self, processor_seconds: int = _PROCESSOR_SECONDS, seconds: float = _SECONDS, memory: int = _BYTES
    ) -> None:
        self._limits, self._seconds = (processor_seconds, memory), seconds
        self._child: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process, where there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                _close(pipe)

    def read(self, raw: bytes, where: str = "message") -> Mail:
        """
        Return what a model may see of a message; see `read_message`.

        Raises
        ------
        LimitError, DataError
            As `read_message` does; a large message also where it takes too long or too much memory, or ends its
            process.
        """
        if len(raw) <= _IN_PROCESS:
            return read_message(raw, where)
        refuse_large(raw, where)
        reply = self._reply(raw, where)
        if reply.get("ends"):
            self.close()
        if "mail" in reply:
            return Mail(*reply["mail"])
        raise _REFUSALS[reply["refusal"]](reply["message"])

    def _reply(self, raw: bytes, where: str) -> dict[str, Any]:
        """Send a message and wait for the line that answers it, no longer than the limit."""
        child = self._started()
        late = threading.Event()
        timer = threading.Timer(self._seconds, _end, (child, late))
        timer.start()
        try:
            stream, answers = _pipes(child)
            _send(stream, json.dumps({"bytes": len(raw), "where": where}).encode() + b"\n" + raw)
            line = answers.readline()
        finally:
            timer.cancel()
        if line:
            return cast("dict[str, Any]", json.loads(line))
        fault = self._cause_of_death(child.wait(), late.is_set())
        self.close()
        raise LimitError(fault, where=named_message(raw, where), do=_DO)

    def _started(self) -> subprocess.Popen[str]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = start_child(_CHILD, list(map(str, self._limits)), stderr=subprocess.DEVNULL)
            _pipes(self._child)[1].readline()  # it is ready: what it loads is not the message's time
        return self._child

    def _cause_of_death(self, code: int, late: bool) -> str:
        if late:
            return f"takes over {self._seconds:g} s to be taken apart"
        if code == -getattr(signal, "SIGXCPU", 0):
            return f"takes over {self._limits[0]} s of a processor to be taken apart"
        return f"ends the process that takes it apart (exit {code})"


def _end(child: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    child.kill()


def _pipes(child: subprocess.Popen[str]) -> tuple[IO[bytes], IO[str]]:
    """Bytes to the child, lines from it."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("the child has no pipes")
    return child.stdin.buffer, child.stdout  # type: ignore[attr-defined]


def _send(stream: IO[bytes], content: bytes) -> None:
    try:
        stream.write(content)
        stream.flush()
    except OSError:  # it is gone: there will be no line
        return


def _close(pipe: IO[str] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except OSError:  # what could not be sent is of no use any more
        return
