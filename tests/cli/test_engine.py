"""``tenfold run --engine dask://…``: the same files as a local run, whatever happens to the cluster."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

pytest.importorskip("distributed", reason="pip install 'tenfold[dask]'")

from tests.dask_clusters import OWN_MODELS, dask_cluster

COMPARED = ("out_of_fold.parquet", "test.parquet", "config.toml")
WORDS = ("run", "digits", "--models", "sgd,own_models:Slow,knn")


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("work")
    (folder / "own_models.py").write_text(OWN_MODELS)
    return folder


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    with dask_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


def start(home, *words):
    command = [sys.executable, "-m", "tenfold", *WORDS, *map(str, words)]
    return subprocess.Popen(command, cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finished(process, code=0):
    out, err = process.communicate(timeout=240)
    assert process.returncode == code, err
    return out, err


def until_units(folder, count, process):
    while len(list((folder / "work" / "units").glob("*.npz"))) < count:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.02)


@pytest.fixture(scope="module")
def local(home):
    finished(start(home, "--out", home / "local"))
    return home / "local"


def assert_same_files(one, other):
    for name in COMPARED:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    figures = [json.loads((folder / "metrics.json").read_text()) for folder in (one, other)]
    for metrics in figures:
        metrics.pop("warnings")
        metrics.pop("test_openings")
        for candidate in metrics["candidates"].values():
            for clock in ("fit_seconds", "predict_seconds", "peak_bytes"):
                candidate.pop(clock)
    assert figures[0] == figures[1]


def test_a_run_on_a_cluster_leaves_the_same_files(home, local, cluster):
    _, err = finished(start(home, "--out", home / "there", "--engine", cluster.engine))
    assert err.startswith("Engine: 2 workers of the Dask cluster at tcp://127.0.0.1:")
    assert_same_files(local, home / "there")
    engines = [json.loads((folder / "manifest.json").read_text())["engine"] for folder in (local, home / "there")]
    assert engines == ["local", "dask"]


@pytest.mark.slow
def test_an_interrupted_run_is_resumed_on_the_cluster(home, local, cluster):
    words = ("--out", home / "stopped", "--engine", cluster.engine)
    process = start(home, *words)
    until_units(home / "stopped", 2, process)
    process.send_signal(signal.SIGINT)
    _, err = finished(process, 130)
    assert "tenfold: Interrupted. What was finished is kept" in err
    assert "Traceback" not in err
    _, err = finished(start(home, *words))
    assert "units were finished before" in err
    assert_same_files(local, home / "stopped")


def test_a_run_that_loses_its_scheduler_is_resumed_here(home, local, tmp_path):
    with dask_cluster(tmp_path, 1) as doomed:
        process = start(home, "--out", home / "lost", "--engine", doomed.engine)
        until_units(home / "lost", 2, process)
        os.kill(doomed.scheduler.pid, signal.SIGKILL)
        _, err = finished(process, 7)
    last = err.strip().splitlines()[-1]
    assert last.startswith(f"tenfold: {doomed.address}: the scheduler is gone or does not answer. Do: ")
    assert "Traceback" not in err
    assert "distributed" not in err
    _, err = finished(start(home, "--out", home / "lost"))
    assert "units were finished before" in err
    assert_same_files(local, home / "lost")
