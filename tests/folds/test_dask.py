"""Units on a real Dask cluster: the same bytes, whatever is lost on the way."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("distributed", reason="pip install 'tenfold[dask]'")

from tenfold.cluster import members as cluster_module
from tenfold.cluster.connection import connected
from tenfold.cluster.members import Cluster
from tenfold.errors import EngineError
from tenfold.folds.dask import executor as dask_executor
from tenfold.folds.dask.executor import DaskExecutor
from tenfold.folds.executor import InlineExecutor
from tenfold.folds.loop import judge_out_of_fold
from tests.dask_clusters import OWN_MODELS, dask_cluster
from tests.folds.test_loop import assert_same, job_for

SLOW = "own_models:Slow"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Two workers with nannies that live as long as the tests of this file."""
    with dask_cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(autouse=True)
def _own_models(tmp_path_factory, monkeypatch):
    folder = tmp_path_factory.mktemp("models")
    (folder / "own_models.py").write_text(OWN_MODELS)
    monkeypatch.syspath_prepend(str(folder))


def judged_on(address, job, names, tell=lambda progress: None):
    """Judge on a cluster; give what came of it and the lines that were told."""
    told = []
    with connected(address, told.append) as connection:
        return judge_out_of_fold(job, names, DaskExecutor(connection, told.append), tell), told


def judged_here(data, folder, names, k=3):
    return judge_out_of_fold(job_for(data, folder, k=k), names, InlineExecutor())


def once(after, act):
    """Act when so many units are done, once."""
    left = [act]

    def tell(progress):
        if progress.done >= after and left:
            left.pop()()

    return tell


def worker_processes(address):
    from distributed import Client

    with Client(address, set_as_default=False, timeout=20) as client:
        return client.run(os.getpid)


@pytest.mark.parametrize("data", ["images", "table"])
def test_figures_are_those_of_the_local_engine(data, request, tmp_path, cluster):
    data = request.getfixturevalue(data)
    names = ["baseline", "sgd", "logistic", "forest", "knn", "svm", "boosting"]
    judged, told = judged_on(cluster.address, job_for(data, tmp_path / "there"), names)
    assert not judged.failures
    assert_same(judged_here(data, tmp_path / "here", names), judged)
    assert told[0] == f"Engine: 2 workers of the Dask cluster at {cluster.address}."


def test_grown_rows_are_those_of_the_local_engine(images, tmp_path, cluster):
    there, here = (job_for(images, tmp_path / name) for name in ("there", "here"))
    there, here = (replace(job, setting=replace(job.setting, augment="shift")) for job in (there, here))
    judged, _ = judged_on(cluster.address, there, ["knn"])
    local = judge_out_of_fold(here, ["knn"], InlineExecutor())
    assert_same(local, judged)
    np.testing.assert_array_equal(judged.results["knn"][0].nearest.rows, local.results["knn"][0].nearest.rows)


def test_a_result_is_kept_as_a_local_one_is(images, tmp_path, cluster):
    job = job_for(images, tmp_path)
    judged_on(cluster.address, job, ["knn"])
    stamps = [path.stat().st_mtime_ns for path in sorted((tmp_path / "units").iterdir())]
    assert len(stamps) == 3
    judge_out_of_fold(job, ["knn"], InlineExecutor())
    assert [path.stat().st_mtime_ns for path in sorted((tmp_path / "units").iterdir())] == stamps


def test_a_failing_candidate_is_named_as_locally(images, tmp_path, cluster):
    names = ["own_models:Broken", "baseline"]
    judged, _ = judged_on(cluster.address, job_for(images, tmp_path / "there"), names)
    assert judged.failures == {"own_models:Broken": "fold 1: RuntimeError: no luck today"}
    assert list(judged.results) == ["baseline"]


def test_a_killed_worker_changes_no_figure(images, tmp_path):
    with dask_cluster(tmp_path / "cluster", 2, ("--no-nanny",)) as doomed:

        def kill():
            os.kill(next(iter(worker_processes(doomed.address).values())), signal.SIGKILL)

        job = job_for(images, tmp_path / "there", k=6)
        judged, told = judged_on(doomed.address, job, [SLOW, "logistic"], once(1, kill))
    assert not judged.failures
    assert_same(judged_here(images, tmp_path / "here", [SLOW, "logistic"], k=6), judged)
    assert [line for line in told if "Lost worker" in line and "1 of 2 workers left" in line]


def test_an_answer_that_died_with_its_worker_is_not_waited_for(images, tmp_path, cluster, monkeypatch):
    fetch, killed = Cluster.result, []

    def kill_and_fetch(self, future):
        if not killed:
            holder = next(iter(self._client.who_has([future])[future.key]))
            killed.append(holder)
            os.kill(worker_processes(cluster.address)[holder], signal.SIGKILL)
        return fetch(self, future)

    monkeypatch.setattr(Cluster, "result", kill_and_fetch)
    start = time.monotonic()
    judged, _ = judged_on(cluster.address, job_for(images, tmp_path / "there"), ["knn"])
    assert time.monotonic() - start < 20, "an answer that is lost is missed at once"
    assert len(killed) == 1
    assert_same(judged_here(images, tmp_path / "here", ["knn"]), judged)


@pytest.mark.slow
def test_data_that_died_with_all_workers_are_sent_again(images, tmp_path, cluster):
    def kill():
        for process in worker_processes(cluster.address).values():
            os.kill(process, signal.SIGKILL)

    judged, _ = judged_on(cluster.address, job_for(images, tmp_path / "there"), [SLOW, "logistic"], once(1, kill))
    assert not judged.failures
    assert_same(judged_here(images, tmp_path / "here", [SLOW, "logistic"]), judged)


def test_a_candidate_that_kills_its_workers_fails_and_the_others_go_on(images, tmp_path, cluster):
    names = ["own_models:Poison", "knn", SLOW]
    judged, _ = judged_on(cluster.address, job_for(images, tmp_path / "there"), names)
    assert list(judged.failures) == ["own_models:Poison"]
    assert "its worker process died 3 times" in judged.failures["own_models:Poison"]
    assert_same(judged_here(images, tmp_path / "here", names[1:]), judged)


@pytest.mark.slow
def test_a_candidate_that_eats_all_memory_fails_and_the_others_go_on(images, tmp_path):
    with dask_cluster(tmp_path / "cluster", 1, ("--memory-limit", "700MB")) as small:
        judged, _ = judged_on(small.address, job_for(images, tmp_path / "there"), ["own_models:Hog", "knn"])
    assert "its worker process died 3 times" in judged.failures["own_models:Hog"]
    assert list(judged.results) == ["knn"]


def test_without_workers_it_ends_and_is_resumed_here(images, tmp_path, monkeypatch):
    monkeypatch.setattr(dask_executor, "PATIENCE", 1.0)
    job, names = job_for(images, tmp_path / "there"), [SLOW, "logistic"]
    with dask_cluster(tmp_path / "cluster", 2, ("--no-nanny",)) as doomed:

        def kill():
            for process in worker_processes(doomed.address).values():
                os.kill(process, signal.SIGKILL)

        with pytest.raises(EngineError, match="no worker is left") as refused:
            judged_on(doomed.address, job, names, once(2, kill))
    assert refused.value.exit_code == 7
    kept = sorted(path.name for path in (tmp_path / "there" / "units").iterdir())
    assert 2 <= len(kept) < 6
    told = []
    resumed = judge_out_of_fold(job, names, InlineExecutor(), told.append)
    assert told[0].done == len(kept)
    assert_same(judged_here(images, tmp_path / "here", names), resumed)


@pytest.mark.parametrize(
    "sent", [signal.SIGKILL, pytest.param(signal.SIGSTOP, marks=pytest.mark.slow)], ids=["killed", "silent"]
)
def test_a_lost_scheduler_ends_the_run_and_it_is_resumed_here(sent, images, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "_ANSWER", 5.0)
    job, names = job_for(images, tmp_path / "there"), [SLOW, "logistic"]
    with dask_cluster(tmp_path / "cluster", 1, ("--no-nanny",)) as doomed:
        with pytest.raises(EngineError, match="the scheduler is gone or does not answer") as refused:
            judged_on(doomed.address, job, names, once(1, lambda: os.kill(doomed.scheduler.pid, sent)))
        assert refused.value.exit_code == 7
    assert 1 <= len(list((tmp_path / "there" / "units").iterdir())) < 6
    resumed = judge_out_of_fold(job, names, InlineExecutor())
    assert_same(judged_here(images, tmp_path / "here", names), resumed)


@pytest.mark.slow
def test_a_worker_that_comes_later_takes_part(images, tmp_path):
    done_by = set()
    with dask_cluster(tmp_path / "cluster", 1) as growing:
        log = growing.folder / "scratch"
        judged, told = judged_on(
            growing.address, job_for(images, tmp_path / "there", k=10), [SLOW], once(1, growing.add_worker)
        )
        done_by = {path.parent for path in log.rglob("tenfold-*")}
    assert len(done_by) == 2, told
    assert not judged.failures


def test_workers_with_several_threads_give_the_same_figures(images, tmp_path):
    with dask_cluster(tmp_path / "cluster", 1, ("--nthreads", "4", "--no-nanny")) as wide:
        judged, told = judged_on(wide.address, job_for(images, tmp_path / "there"), ["logistic", "knn"])
    assert_same(judged_here(images, tmp_path / "here", ["logistic", "knn"]), judged)
    assert any("1 of 1 worker have several threads" in line for line in told)


def test_a_worker_of_other_versions_is_refused_by_name(tmp_path):
    other = tmp_path / "other"
    (other / "pandas-0.1.dist-info").mkdir(parents=True)
    (other / "pandas-0.1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    message = r"worker tcp://127.0.0.1:\d+: it has pandas 0.1 \(here "
    with dask_cluster(tmp_path / "cluster", 1, PYTHONPATH=str(other)) as odd, pytest.raises(EngineError, match=message):
        judged_on(odd.address, None, [])


def test_a_worker_without_tenfold_is_refused_by_name(tmp_path):
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "tenfold.py").write_text("raise ModuleNotFoundError('no tenfold here')")
    message = r"worker tcp://127.0.0.1:\d+: it cannot run this tenfold"
    path = str(tmp_path / "bare")
    with dask_cluster(tmp_path / "cluster", 1, PYTHONPATH=path) as bare, pytest.raises(EngineError, match=message):
        judged_on(bare.address, None, [])


@pytest.mark.filterwarnings("ignore::distributed.versions.VersionMismatchWarning")
@pytest.mark.slow
def test_a_late_worker_of_other_versions_is_passed_over(images, tmp_path):
    other = tmp_path / "other"
    (other / "pandas-0.1.dist-info").mkdir(parents=True)
    (other / "pandas-0.1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: pandas\nVersion: 0.1\n")
    with dask_cluster(tmp_path / "cluster", 1) as growing:

        def add():
            path = f"{other}{os.pathsep}{growing.folder}"
            growing.add_worker(PYTHONPATH=path)
            deadline = time.monotonic() + 30
            while len(worker_processes(growing.address)) < 2 and time.monotonic() < deadline:
                time.sleep(0.1)

        judged, told = judged_on(growing.address, job_for(images, tmp_path / "there"), [SLOW], once(1, add))
    assert not judged.failures
    assert [line for line in told if "is passed over: it has pandas 0.1" in line]


def test_no_worker_is_waited_for_and_then_told(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "PATIENCE", 0.5)
    with dask_cluster(tmp_path / "cluster", 0) as empty, pytest.raises(EngineError, match="no worker came"):
        judged_on(empty.address, None, [])


def test_a_unit_is_refused_when_it_is_about_other_rows(images, tmp_path):
    from tenfold.folds.dask.parcel import Answer
    from tenfold.folds.packed import pack_results
    from tenfold.folds.unit import Unit, fit_and_predict

    job = job_for(images, tmp_path)
    result = fit_and_predict(job.candidate("knn"), job.training, job.codes, job.folds, 1, job.task)
    with dask_cluster(tmp_path / "cluster", 1) as one, connected(one.address, print) as connection:
        from tenfold.folds.loop import write_job

        write_job(job)
        shift = dask_executor._Shift(connection, print, job, [Unit("knn", 0)])
        for packed in (pack_results(result), b"no archive", b""):
            outcome = shift._committed(Unit("knn", 0), Answer(packed), "w")
            assert "answered something else" in outcome.failure
        assert shift._committed(Unit("knn", 1), Answer(pack_results(result)), "w").failure is None
    assert [path.name for path in Path(tmp_path / "units").iterdir()] == ["knn.1.npz"]
