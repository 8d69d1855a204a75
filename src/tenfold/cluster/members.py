"""The workers of a Dask cluster: admission, data sent, work started, results fetched."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from distributed import Client, Future

from tenfold.cluster.address import is_loopback
from tenfold.cluster.timeout import call_with_timeout
from tenfold.errors import EngineError
from tenfold.text import shown
from tenfold.version import library_versions

__all__ = ["AGAIN", "PATIENCE", "Cluster", "Parcel", "open_address", "other_versions"]

PATIENCE = 30.0
_ANSWER, _GLANCE, _SEND, _PAUSE = 30.0, 5.0, 900.0, 0.2
_TRIES = 5
AGAIN = "start the cluster again and repeat the call"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Parcel:
    """
    Bytes in the memory of the cluster.

    Parameters
    ----------
    future : distributed.Future
        Passed to a worker's function, it becomes the bytes.
    digest : str
        SHA-256 (hex) of the bytes.
    """

    future: Future
    digest: str


class Cluster:
    """
    Workers that can take part, each of the same versions as this process.

    Parameters
    ----------
    client : distributed.Client
    address : str
        Of the scheduler.
    note : callable
        Receives a line about a worker that is passed over, and why.
    again : str
        What to do when the cluster is gone, as an imperative sentence.
    """

    def __init__(self, client: Client, address: str, note: Callable[[str], None], again: str = AGAIN) -> None:
        self.address, self.again = address, again
        self.admitted: set[str] = set()
        self.memory_limits: dict[str, int] = {}
        self._client, self._note = client, note
        self._passed_over: set[str] = set()
        self._parcel: Parcel | None = None
        self._finished = threading.Event()
        self._unsent, self._is_gone = 0, False

    def look(self) -> tuple[set[str], set[str]]:
        """
        Return the admitted workers, and those of them that accept work (one short of memory does not).

        Raises
        ------
        EngineError
            The scheduler is gone or does not answer.
        """
        present = set(self._call(self._client.nthreads))
        known = self._call(lambda: self._client.scheduler_info(n_workers=-1)).get("workers", {})
        admissible, faults = self._examined(present - self.admitted - self._passed_over, _GLANCE)
        for worker, fault in faults.items():
            self._passed_over.add(worker)
            self._note(f"Worker {worker} is passed over: {fault}.")
        self.admitted = (self.admitted & present) | admissible
        self.memory_limits = {worker: int(about.get("memory_limit") or 0) for worker, about in known.items()}
        return set(self.admitted), {w for w in self.admitted if known.get(w, {}).get("status") == "running"}

    def admit_first(self) -> None:
        """
        Wait for workers and admit them; here, unlike later, one that cannot be admitted is an error.

        Raises
        ------
        EngineError
            No worker comes, or one has other versions or an address that others can reach.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            workers = self._call(self._client.nthreads)
            self.admitted, faults = self._examined(set(workers), _ANSWER)
            for worker, fault in sorted(faults.items()):
                raise EngineError(f"worker {worker}: {fault}", where=self.address)
            if workers and self.admitted == set(workers):
                break
            if time.monotonic() > deadline:
                raise self._nobody(sorted(set(workers) - self.admitted))
            time.sleep(_PAUSE)
        self._tell_start([threads for threads in workers.values() if threads > 1])

    def _nobody(self, silent: list[str]) -> EngineError:
        if silent:
            what, do = f"no answer from worker {', '.join(silent)}", "stop it or start it again"
        else:
            what, do = f"no worker came in {PATIENCE:.0f} s", "start dask worker"
        return EngineError(what, where=self.address, do=do)

    def _tell_start(self, several: list[int]) -> None:
        number = f"{len(self.admitted)} worker{'s' if len(self.admitted) > 1 else ''}"
        self._note(f"Engine: {number} of the Dask cluster at {self.address}.")
        if several:
            self._note(
                f"{len(several)} of {number} have several threads, but a worker process does one unit at a time: "
                "start dask worker with --nthreads 1 --nworkers K to use K cores."
            )

    def publish(self, content: bytes) -> Parcel | None:
        """
        Send bytes to every worker, unless the cluster has them; a worker that joins later fetches them from another.

        Parameters
        ----------
        content : bytes
            Always the same from one call to the next.

        Returns
        -------
        Parcel or None
            None where a worker was lost meanwhile: look who is there, and try again.

        Raises
        ------
        EngineError
            The scheduler is gone, or the data could not be sent several times.
        """
        if self._parcel is None or self._parcel.future.status != "finished":
            future = self.send(content)
            self._parcel = None if future is None else Parcel(future, hashlib.sha256(content).hexdigest())
        return self._parcel

    def send(self, content: bytes, worker: str | None = None) -> Future | None:
        """Send bytes to one worker, or to every one; returns and errors as for `publish`, but the future alone."""
        to = {"broadcast": True} if worker is None else {"workers": [worker]}
        try:
            futures: list[Future] = call_with_timeout(_SEND, lambda: self._client.scatter([content], hash=False, **to))
        except Exception as fault:
            self._call(self._client.nthreads)
            self._unsent += 1
            if self._unsent >= _TRIES:
                what = f"the data could not be sent ({type(fault).__name__}: {shown(fault, 80)})"
                raise EngineError(what, where=self.address, do=self.again) from fault
            return None
        self._unsent = 0
        return futures[0]

    def start(self, worker: str, work: Callable[..., object], *arguments: object) -> Future:
        """Call a function of this package on one worker."""
        future = self._client.submit(
            work,
            *arguments,
            key=f"tenfold-{work.__name__}-{uuid.uuid4().hex}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
        )
        future.add_done_callback(lambda ended: self._finished.set())
        return future

    def rest(self, seconds: float) -> None:
        """Wait until a call ends, for so many seconds at most."""
        self._finished.wait(seconds)
        self._finished.clear()

    def result(self, future: Future) -> bytes:
        """Fetch the result of a finished call and release it; raise its exception; do not wait for a lost one."""

        def fetch() -> bytes:
            content: bytes = future.result()
            # Released here, not by the garbage collector, where an interrupt would be lost.
            future.release()
            return content

        # If its worker has died since, Dask has the call repeated, by that worker alone.
        return call_with_timeout(_ANSWER, fetch, is_hopeless=lambda: future.status in {"lost", "pending"})

    def each(self, work: Callable[..., _T], *arguments: object) -> dict[str, _T]:
        """Call a short function of this package on every worker; return the results of those that succeed."""
        results = self._call(
            lambda: self._client.run(work, *arguments, workers=sorted(self.admitted), on_error="return")
        )
        return {worker: result for worker, result in results.items() if not isinstance(result, BaseException)}

    def stop(self, futures: Sequence[Future]) -> None:
        """Cancel calls that have not begun; the results of the others are dropped."""
        if futures and not self._is_gone:
            self._call(lambda: self._client.cancel(list(futures), force=True))

    def _examined(self, workers: set[str], seconds: float) -> tuple[set[str], dict[str, str]]:
        """Return the workers to admit, and why not the others; one that dies or is silent meanwhile is in neither."""
        faults = {worker: fault for worker in workers if (fault := open_address(worker))}
        candidates = sorted(workers - set(faults))
        if not candidates:
            return set(), faults
        try:
            libraries = call_with_timeout(
                seconds, partial(self._client.run, library_versions, workers=candidates, on_error="return")
            )
        except Exception:  # noqa: BLE001 - whatever it is, it matters only whether the scheduler is still there
            self._call(self._client.nthreads)
            return set(), faults
        reached = {worker: library for worker, library in libraries.items() if not isinstance(library, OSError)}
        ours = library_versions()
        faults |= {worker: fault for worker, library in reached.items() if (fault := other_versions(library, ours))}
        return set(reached) - set(faults), faults

    def _call(self, function: Callable[[], _T]) -> _T:
        try:
            if self._client.status == "running":
                return call_with_timeout(_ANSWER, function)
        except Exception as fault:
            raise self._lost_error() from fault
        raise self._lost_error()

    def _lost_error(self) -> EngineError:
        self._is_gone = True
        return EngineError("the scheduler is gone or does not answer", where=self.address, do=self.again)


def open_address(worker: str) -> str | None:
    """
    Return why a worker's address is refused, if other machines reach it unencrypted; else None.

    Examples
    --------
    >>> open_address("tcp://127.0.0.1:4000") is None, open_address("tls://10.0.0.7:4000") is None
    (True, True)
    >>> open_address("tcp://10.0.0.7:4000")
    'it listens on a plain address that other machines reach; start the cluster with TLS'
    """
    parts = urlsplit(worker)
    if parts.scheme in {"tls", "wss", "inproc"} or is_loopback(parts.hostname or ""):
        return None
    return "it listens on a plain address that other machines reach; start the cluster with TLS"


def other_versions(theirs: Any, ours: Mapping[str, str]) -> str | None:
    """
    Return why a worker's results may differ: no tenfold, or other versions; else None.

    Examples
    --------
    >>> other_versions({"numpy": "1.0"}, {"numpy": "2.0"})
    'it has numpy 1.0 (here 2.0); install the same versions'
    """
    if not isinstance(theirs, dict):
        return f"it cannot run this tenfold ({shown(f'{type(theirs).__name__}: {theirs}', 120)}); install it there"
    names = [name for name in {**ours, **theirs} if theirs.get(name) != ours.get(name)]
    differences = [f"{shown(name, 40)} {shown(theirs.get(name), 40)} (here {ours.get(name)})" for name in names]
    return f"it has {', '.join(differences)}; install the same versions" if differences else None
