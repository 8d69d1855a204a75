"""A Dask cluster as the executor sees it: who is there, who fits, the data sent, units started and fetched."""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

from distributed import Client, Future

from tenfold.errors import EngineError
from tenfold.folds.bounded import bounded
from tenfold.folds.engine import is_loopback
from tenfold.folds.remote import answer_unit
from tenfold.folds.unit import Unit
from tenfold.text import shown
from tenfold.version import library_versions

__all__ = ["PATIENCE", "RESUME", "Cluster"]

PATIENCE = 30.0
_ANSWER, _GLANCE, _SEND, _PAUSE = 30.0, 5.0, 900.0, 0.2
_TRIES = 5
RESUME = "start the cluster and give the same command again, or leave out --engine; finished units are kept"
_OPEN_ADDRESS = "it listens on a plain address that other machines reach; start the cluster with TLS"
_T = TypeVar("_T")


class Cluster:
    """
    Workers that can do units, each of the same versions as this process.

    Parameters
    ----------
    client : distributed.Client
    address : str
        Of the scheduler.
    note : callable
        Told in a line which worker is passed over, and why.
    """

    def __init__(self, client: Client, address: str, note: Callable[[str], None]) -> None:
        self.address = address
        self.admitted: set[str] = set()
        self._client, self._note = client, note
        self._passed_over: set[str] = set()
        self._parcel: Future | None = None
        self._ended = threading.Event()
        self._digest, self._unsent, self._gone = "", 0, False

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

    def publish(self, parcel: bytes) -> bool:
        """
        Give every worker the job's files, unless the cluster holds them; a worker that comes later asks another one.

        Parameters
        ----------
        parcel : bytes
            Of `tenfold.folds.parcel.pack_job`.

        Returns
        -------
        bool
            False where a worker was lost meanwhile: look who is there, and try again.

        Raises
        ------
        EngineError
            The scheduler is gone, or the data could not be sent several times.
        """
        if self._parcel is not None and self._parcel.status == "finished":
            return True
        try:
            sent = bounded(_SEND, lambda: self._client.scatter([parcel], broadcast=True, hash=False))
        except Exception as fault:
            self._asked(self._client.nthreads)
            self._unsent += 1
            if self._unsent >= _TRIES:
                what = f"the data could not be sent ({type(fault).__name__}: {shown(fault, 80)})"
                raise EngineError(what, where=self.address, do=RESUME) from fault
            return False
        self._parcel, self._digest = sent[0], hashlib.sha256(parcel).hexdigest()
        return True

    def start(self, unit: Unit, worker: str) -> Future:
        """Have a unit done by this worker, and by no other."""
        future = self._client.submit(
            answer_unit,
            self._parcel,
            self._digest,
            unit.candidate,
            unit.fold,
            key=f"tenfold-unit-{uuid.uuid4().hex}",
            workers=[worker],
            allow_other_workers=False,
            pure=False,
        )
        future.add_done_callback(lambda ended: self._ended.set())
        return future

    def rest(self, seconds: float) -> None:
        """Wait until a unit ends, for so long at most."""
        self._ended.wait(seconds)
        self._ended.clear()

    def result(self, future: Future) -> bytes:
        """Fetch the answer of a unit that has ended; what it raised is raised."""
        fetched: bytes = bounded(_ANSWER, future.result)
        return fetched

    def stop(self, futures: Sequence[Future]) -> None:
        """Forget units that have not started; those under way end unheard."""
        if futures and not self._gone:
            self._asked(lambda: self._client.cancel(list(futures), force=True))

    def _examined(self, workers: set[str], seconds: float) -> tuple[set[str], dict[str, str]]:
        """Workers that fit, and why others do not; one that dies or is silent meanwhile is in neither."""
        faults = {worker: _OPEN_ADDRESS for worker in workers if not _is_private(worker)}
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
        faults |= {worker: fault for worker, said in answers.items() if (fault := _other_versions(said, here))}
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
        return EngineError("the scheduler is gone or does not answer", where=self.address, do=RESUME)


def _is_private(worker: str) -> bool:
    parts = urlsplit(worker)
    return parts.scheme in {"tls", "wss", "inproc"} or is_loopback(parts.hostname or "")


def _other_versions(told: Any, here: dict[str, str]) -> str | None:
    """Why a worker cannot give the same figures: no tenfold, or other versions."""
    if not isinstance(told, dict):
        return f"it cannot run this tenfold ({shown(f'{type(told).__name__}: {told}', 120)}); install it there"
    names = [name for name in {**here, **told} if told.get(name) != here.get(name)]
    other = [f"{shown(name, 40)} {shown(told.get(name), 40)} (here {here.get(name)})" for name in names]
    return f"it has {', '.join(other)}; install the same versions" if other else None
