"""A search for neighbours measured in one process and among shards on two workers, on the same files."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.places.figures import ShardStep
from bench.places.rows import PIXELS, images, saved_images
from tenfold.memory import peak_bytes, reset_peak

__all__ = ["NEIGHBOURS", "measured_shards"]

NEIGHBOURS, _FILES, _THREADS = 5, 10, 2


@dataclass(frozen=True)
class _Side:
    fit: float
    search: float
    bytes: int
    digest: str
    worker_bytes: int = 0


def measured_shards(rows: int, queries: int, engine: str) -> ShardStep:
    """Measure both ways one after the other, each in a process of its own."""
    with TemporaryDirectory() as folder:
        paths = saved_images(Path(folder), rows, _FILES)
        one = _apart(_in_one_process, paths, queries)
        spread = _apart(_among_shards, paths, queries, engine)
    return ShardStep(
        rows,
        queries,
        len(paths),
        one.fit,
        one.search,
        one.bytes,
        spread.fit,
        spread.search,
        spread.worker_bytes,
        spread.bytes,
        one.digest == spread.digest,
    )


def _apart(work: Callable[..., _Side], *arguments: Any) -> _Side:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _in_one_process(paths: list[Path], queries: int) -> _Side:
    from tenfold.data.sources import load
    from tenfold.models import KNeighborsClassifier

    KNeighborsClassifier(1, n_jobs=_THREADS).fit(*_few()).predict(_few()[0])
    reset_peak()
    start = time.perf_counter()
    parts = [load(path) for path in paths]
    X = np.concatenate([np.asarray(part.X, np.uint8).reshape(len(part), -1) for part in parts])
    y = np.concatenate([part.labels for part in parts])
    del parts
    model = KNeighborsClassifier(NEIGHBOURS, n_jobs=_THREADS).fit(X, y)
    model.kneighbors(X[:1])  # the first question packs the rows, which belongs to fitting as it does with shards
    fitted = time.perf_counter() - start
    seconds, digest = _searched(model, queries)
    return _Side(fitted, seconds, peak_bytes(), digest)


def _among_shards(paths: list[Path], queries: int, engine: str) -> _Side:
    from tenfold.cluster.address import cluster_address
    from tenfold.cluster.connection import connected
    from tenfold.cluster.sharded import ShardedKNeighborsClassifier

    ShardedKNeighborsClassifier(1, engine=engine).fit(*_few()).predict(_few()[0])
    reset_peak()
    before, start = peak_bytes(), time.perf_counter()
    model = ShardedKNeighborsClassifier(NEIGHBOURS, engine=engine, chunk_size=256).fit(paths)
    fitted = time.perf_counter() - start
    seconds, digest = _searched(model, queries)
    grown = peak_bytes() - before
    with connected(cluster_address(engine) or "", lambda line: None) as cluster:
        held = max(cluster.each(resident_bytes).values())
    model.close()
    return _Side(fitted, seconds, grown, digest, held)


def resident_bytes() -> int:
    """Give the memory that this process holds now."""
    import psutil

    return int(psutil.Process().memory_info().rss)


def _few() -> tuple[Any, Any]:
    X, codes = images(20)
    return X.reshape(20, PIXELS), codes


def _searched(model: Any, queries: int) -> tuple[float, str]:
    Q = images(queries, seed=2)[0].reshape(queries, PIXELS)
    start = time.perf_counter()
    distances, rows = model.kneighbors(Q)
    seconds = time.perf_counter() - start
    return seconds, hashlib.sha256(distances.tobytes() + rows.tobytes()).hexdigest()
