"""Real Dask clusters for tests: a scheduler and worker processes on 127.0.0.1, without a dashboard."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

OWN_MODELS = """
import os, time
import numpy as np
from pathlib import Path
from sklearn.dummy import DummyClassifier

class Slow(DummyClassifier):
    def fit(self, X, y, sample_weight=None):
        time.sleep(0.5)
        return super().fit(X, y)

class Poison(DummyClassifier):
    def fit(self, X, y, sample_weight=None):
        os._exit(3)

class Hog(DummyClassifier):
    def fit(self, X, y, sample_weight=None):
        held = []
        while sum(map(len, held)) < 4_000_000_000:
            held.append(np.ones(4_000_000, np.uint8))
            time.sleep(0.005)

def deadly(*anything):
    os._exit(3)

def pause(dask_worker):
    from distributed.core import Status
    dask_worker.status = Status.paused

def go_on(dask_worker):
    from distributed.core import Status
    dask_worker.status = Status.running

class Broken(DummyClassifier):
    def fit(self, X, y, sample_weight=None):
        raise RuntimeError("no luck today")
"""


class DaskCluster:
    """A scheduler, and workers that are started and ended one by one."""

    def __init__(self, folder: Path, scheduler: tuple[str, ...] = ("--host", "127.0.0.1"), **env: str) -> None:
        self.folder = folder
        self.env = {**os.environ, "PYTHONPATH": str(folder), **env}
        self.processes: list[subprocess.Popen] = []
        (folder / "own_models.py").write_text(OWN_MODELS)
        found = folder / "scheduler.json"
        words = ("--port", "0", "--no-dashboard", "--scheduler-file", str(found), *scheduler)
        self.scheduler = self._start("dask_scheduler", *words)
        self.address = _awaited(lambda: found.exists() and _address_in(found))

    @property
    def engine(self) -> str:
        return self.address.replace("tcp://", "dask://").replace("tls://", "dask+tls://")

    def add_worker(self, *words: str, cwd: Path | None = None, **env: str) -> subprocess.Popen:
        scratch = ("--local-directory", str(self.folder / "scratch"), "--no-dashboard", "--nthreads", "1")
        return self._start("dask_worker", self.address, *scratch, *words, cwd=cwd, **env)

    def wait_for(self, workers: int, client) -> dict[str, int]:
        """Wait for so many workers; give the process of each by its address."""
        client.wait_for_workers(workers, timeout=60)
        return client.run(os.getpid)

    def stop(self) -> None:
        """End every process at once, the workers of nannies with them: nobody says goodbye to anybody."""
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _start(self, module: str, *words: str, cwd: Path | None = None, **env: str) -> subprocess.Popen:
        with (self.folder / f"{module}.log").open("a") as log:
            command = [sys.executable, "-m", f"distributed.cli.{module}", *words]
            options = {"cwd": cwd or self.folder, "stdout": log, "stderr": log, "start_new_session": True}
            process = subprocess.Popen(command, env={**self.env, **env}, **options)
        self.processes.append(process)
        return process


@contextmanager
def dask_cluster(folder: Path, workers: int = 2, words: tuple[str, ...] = (), **options):
    """A scheduler and so many workers that are ready."""
    from distributed import Client

    folder.mkdir(parents=True, exist_ok=True)
    cluster = DaskCluster(folder, **options)
    try:
        for _ in range(workers):
            cluster.add_worker(*words)
        if workers:
            with Client(cluster.address, set_as_default=False, timeout=30) as client:
                cluster.wait_for(workers, client)
        yield cluster
    finally:
        cluster.stop()


def _address_in(path: Path) -> str | None:
    import json

    with suppress(ValueError):
        return json.loads(path.read_text())["address"]
    return None


def _awaited(found, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not (value := found()):
        if time.monotonic() > deadline:
            raise TimeoutError("the cluster did not start")
        time.sleep(0.05)
    return value
