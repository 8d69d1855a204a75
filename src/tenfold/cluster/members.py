"""A Dask cluster as one who asks sees it: who is there, who fits, data sent, work started, answers fetched."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from distributed import Client, Future

from tenfold.cluster.admission import open_address, other_versions
from tenfold.cluster.bounded import bounded
from tenfold.errors import EngineError
from tenfold.text import shown
from tenfold.version import library_versions

__all__ = ["AGAIN", "PATIENCE", "Cluster", "Parcel"]

PATIENCE = 30.0
_ANSWER, _GLANCE, _SEND, _PAUSE = 30.0, 5.0, 900.0, 0.2
_TRIES = 5
AGAIN = "start the cluster again and repeat the call"
_T = TypeVar("_T")


@dataclass(frozen=True)
class Parcel:
    """
    Bytes that the cluster holds.

    Parameters
    ----------
    future : distributed.Future
        In a worker's function: the bytes.
    digest : str
        SHA-256 (hex) of them.
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
        Told in a line which worker is passed over, and why.
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
        self._ended = threading.Event()
        self._unsent, self._gone = 0, False

    def look(self) -> tuple[set[str], set[str]]:
        """
        Give the workers that are there, and those of them that take work (a worker short of memory takes none).

        Raises
        ------
        EngineError
            The scheduler is gone or does not answer.
        """
        there = set(self._asked(self._client.nthreads))
        known = self._asked(lambda: self._client.scheduler_info(n_workers=-1)).get("workers", {})
        fitting, faults = self._examined(there - self.admitted - self._passed_over, _GLANCE)
        for worker, fault in faults.items():
            self._passed_over.add(worker)
            self._note(f"Worker {worker} is passed over: {fault}.")
        self.admitted = (self.admitted & there) | fitting
        self.memory_limits = {worker: int(about.get("memory_limit") or 0) for worker, about in known.items()}
        return set(self.admitted), {w for w in self.admitted if known.get(w, {}).get("status") == "running"}

    def admit_first(self) -> None:
        """
        Wait for workers and admit them; here, unlike later, one that does not fit is refused.

        Raises
        ------
        EngineError
            No worker comes, or one has other versions or an address that others can reach.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            workers = self._asked(self._client.nthreads)
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
        Give every worker these bytes, unless the cluster holds them; a worker that comes later asks another one.

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
            sent = self.send(content)
            self._parcel = None if sent is None else Parcel(sent, hashlib.sha256(content).hexdigest())
        return self._parcel

    def send(self, content: bytes, worker: str | None = None) -> Future | None:
        """Send bytes to one worker, or to every one; returns and errors as for `publish`, but the future alone."""
        to = {"broadcast": True} if worker is None else {"workers": [worker]}
        try:
            sent: list[Future] = bounded(_SEND, lambda: self._client.scatter([content], hash=False, **to))
        except Exception as fault:
            self._asked(self._client.nthreads)
            self._unsent += 1
            if self._unsent >= _TRIES:
                what = f"the data could not be sent ({type(fault).__name__}: {shown(fault, 80)})"
                raise EngineError(what, where=self.address, do=self.again) from fault
            return None
        self._unsent = 0
        return sent[0]

    def start(self, worker: str, work: Callable[..., object], *arguments: object) -> Future:
        """Have a function of this package called by this worker, and by no other."""
        future = self._client.submit(
            work,
            *arguments,
            key=f"tenfold-{work.__name__}-{uuid.uuid4().hex}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
        )
        future.add_done_callback(lambda ended: self._ended.set())
        return future

    def rest(self, seconds: float) -> None:
        """Wait until something started ends, for so long at most."""
        self._ended.wait(seconds)
        self._ended.clear()

    def result(self, future: Future) -> bytes:
        """Fetch the answer of what has ended, and let go of it; raise what it raised, wait for nothing that is lost."""

        def answer() -> bytes:
            fetched: bytes = future.result()
            # Here, not when it is forgotten: an interrupt that came just then would be lost.
            future.release()
            return fetched

        # The worker that held it may have died since: Dask has it done again then, by that worker alone.
        return bounded(_ANSWER, answer, hopeless=lambda: future.status in {"lost", "pending"})

    def each(self, work: Callable[..., _T], *arguments: object) -> dict[str, _T]:
        """Have a short function of this package called by every worker at once; those that fail are left out."""
        told = self._asked(lambda: self._client.run(work, *arguments, workers=sorted(self.admitted), on_error="return"))
        return {worker: said for worker, said in told.items() if not isinstance(said, BaseException)}

    def stop(self, futures: Sequence[Future]) -> None:
        """Forget what has not begun; what is under way ends unheard."""
        if futures and not self._gone:
            self._asked(lambda: self._client.cancel(list(futures), force=True))

    def _examined(self, workers: set[str], seconds: float) -> tuple[set[str], dict[str, str]]:
        """Workers that fit, and why others do not; one that dies or is silent meanwhile is in neither."""
        faults = {worker: fault for worker in workers if (fault := open_address(worker))}
        asked = sorted(workers - set(faults))
        if not asked:
            return set(), faults
        try:
            told = bounded(seconds, partial(self._client.run, library_versions, workers=asked, on_error="return"))
        except Exception:  # noqa: BLE001 - whatever it is, it matters only whether the scheduler is still there
            self._asked(self._client.nthreads)
            return set(), faults
        answers = {worker: said for worker, said in told.items() if not isinstance(said, OSError)}
        here = library_versions()
        faults |= {worker: fault for worker, said in answers.items() if (fault := other_versions(said, here))}
        return set(answers) - set(faults), faults

    def _asked(self, question: Callable[[], _T]) -> _T:
        try:
            if self._client.status == "running":
                return bounded(_ANSWER, question)
        except Exception as fault:
            raise self._lost() from fault
        raise self._lost()

    def _lost(self) -> EngineError:
        self._gone = True
        return EngineError("the scheduler is gone or does not answer", where=self.address, do=self.again)
