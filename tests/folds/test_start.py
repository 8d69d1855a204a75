"""Worker processes that are started before their job is known."""

import os
import signal
import time
from pathlib import Path

import pytest

from tenfold.folds.executor import InlineExecutor
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.processes import ProcessExecutor
from tenfold.folds.start import spare_workers, spare_workers_of
from tests.folds.test_loop import assert_same, job_for

WORKER = ProcessExecutor.module


def runs(worker):
    return worker.poll() is None


def test_spare_workers_do_the_units_of_a_run_inside_and_give_the_same(images, tmp_path):
    names = ["baseline", "logistic"]
    inline = judge_out_of_fold(job_for(images, tmp_path / "inline"), names, InlineExecutor())
    with spare_workers(2):
        first, second = spare_workers_of(WORKER, 2).processes
        spare = judge_out_of_fold(job_for(images, tmp_path / "spare"), names, ProcessExecutor(2))
        assert spare_workers_of(WORKER, 2).processes == []
    assert_same(inline, spare)
    assert (tmp_path / "spare" / "workers.log").read_text() == ""
    assert not runs(first)
    assert not runs(second)


def test_spare_workers_that_nobody_takes_end_with_the_context():
    with spare_workers(1):
        (worker,) = spare_workers_of(WORKER, 1).processes
        assert runs(worker)
        assert spare_workers_of(WORKER, 2).processes == []
        assert spare_workers_of("tenfold.line.streamed.worker", 1).processes == []
    assert not runs(worker)
    assert spare_workers_of(WORKER, 1).processes == []


def test_they_end_where_the_run_is_refused():
    with pytest.raises(ValueError, match="refused"), spare_workers(1):
        (worker,) = spare_workers_of(WORKER, 1).processes
        raise ValueError("refused")
    assert not runs(worker)


def test_where_none_can_be_started_there_is_none(monkeypatch):
    def refused(*arguments, **options):
        raise PermissionError("no such right")

    monkeypatch.setattr("tenfold.folds.start.start_child", refused)
    with spare_workers(2):
        assert spare_workers_of(WORKER, 2).processes == []


def test_a_spare_worker_that_has_died_is_replaced(images, tmp_path):
    job = job_for(images, tmp_path / "job")
    with spare_workers(1):
        (worker,) = spare_workers_of(WORKER, 1).processes
        worker.kill()
        worker.wait()
        result = judge_out_of_fold(job, ["baseline"], ProcessExecutor(1))
    assert not result.failures


def test_what_a_spare_worker_writes_on_standard_error_is_in_the_log_of_the_job(images, tmp_path, monkeypatch):
    (tmp_path / "telling.py").write_text(
        "import sys\nfrom sklearn.dummy import DummyClassifier\n"
        "class Telling(DummyClassifier):\n"
        "    def fit(self, X, y):\n"
        "        print('told', file=sys.stderr, flush=True)\n"
        "        return super().fit(X, y)\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))
    with spare_workers(1):
        result = judge_out_of_fold(job_for(images, tmp_path / "job"), ["telling:Telling"], ProcessExecutor(1))
    assert not result.failures
    assert set((tmp_path / "job" / "workers.log").read_text().split()) == {"told"}


@pytest.mark.skipif(not Path("/proc").exists(), reason="needs /proc")
def test_a_spare_worker_ends_when_its_input_closes():
    with spare_workers(1):
        (worker,) = spare_workers_of(WORKER, 1).processes
        worker.stdin.close()
        for _ in range(300):
            if not runs(worker):
                break
            time.sleep(0.1)
        else:
            os.kill(worker.pid, signal.SIGKILL)
            pytest.fail("it went on without anyone to ask it")
        worker.stdin = None
