import os
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import joblib
import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline

from tenfold.candidates.catalogue import CATALOGUE, fold_seconds, resolve
from tenfold.candidates.own import candidate_of
from tenfold.candidates.setting import setting_of
from tenfold.errors import DataError, UsageError
from tenfold.folds.assign import assign_folds
from tenfold.folds.executor import InlineExecutor
from tenfold.folds.job import Job, open_job, write_job
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.processes import ProcessExecutor
from tenfold.task import infer_task


def job_for(data, folder, candidates=None, k=3):
    task = infer_task(data.y)
    codes = task.encode(data.y)
    return Job(folder, data, codes, assign_folds(codes, task, k), task, setting_of(data, task), candidates or {})


def assert_same(a, b):
    assert a.results.keys() == b.results.keys()
    pairs = [pair for name in a.results for pair in zip(a.results[name], b.results[name], strict=True)]
    assert len(pairs) >= len(a.results)
    for one, other in pairs:
        np.testing.assert_array_equal(one.predicted, other.predicted)
        np.testing.assert_array_equal(one.scores, other.scores)


@pytest.mark.parametrize(
    ("data", "tune"),
    [("images", None), ("table", None), ("table", "grid"), pytest.param("images", "grid", marks=pytest.mark.slow)],
)
def test_figures_do_not_depend_on_the_workers(data, tune, request, tmp_path):
    data = request.getfixturevalue(data)
    names = list(CATALOGUE) if tune is None else ["knn", "logistic"]
    runs = [
        judge_out_of_fold(replace(job_for(data, tmp_path / str(i)), tune=tune), names, executor)
        for i, executor in enumerate((InlineExecutor(), ProcessExecutor(1), ProcessExecutor(3, worth=0)))
    ]
    assert not runs[0].failures
    assert_same(runs[0], runs[1])
    assert_same(runs[0], runs[2])


@pytest.mark.parametrize("name", ["forest", "knn", "logistic", "sgd:raw", "svm", "sgd:ovo", "svm:ovr"])
def test_predictions_are_those_of_cross_val_predict(images, tmp_path, name):
    job = job_for(images, tmp_path)
    result = judge_out_of_fold(job, [name], InlineExecutor()).results[name][0]
    pipeline = resolve(name, job.setting).pipeline
    expected = cross_val_predict(pipeline, images.X, job.codes, cv=StratifiedKFold(3))
    np.testing.assert_array_equal(result.predicted, expected)
    method = "predict_proba" if hasattr(pipeline, "predict_proba") else "decision_function"
    scores = cross_val_predict(pipeline, images.X, job.codes, cv=StratifiedKFold(3), method=method)
    np.testing.assert_allclose(result.scores, scores, rtol=1e-12)


def test_no_row_is_answered_by_a_model_that_has_seen_it(images, tmp_path):
    class Memory(ClassifierMixin, BaseEstimator):
        def fit(self, X, y):
            self.classes_, self.seen_ = np.unique(y), {row.tobytes() for row in np.asarray(X)}
            return self

        def predict(self, X):
            assert not any(row.tobytes() in self.seen_ for row in np.asarray(X))
            return np.zeros(len(X), int)

    job = job_for(images, tmp_path)
    live = candidate_of("memory", Pipeline([("model", Memory())]), job.setting)
    judged = judge_out_of_fold(job_for(images, tmp_path, {"memory": live}), ["memory"], InlineExecutor())
    assert not judged.failures
    assert judged.results["memory"][0].scores is None


def test_a_failing_candidate_is_named_and_the_others_go_on(images, tmp_path):
    class Broken(LogisticRegression):
        def fit(self, X, y, sample_weight=None):
            raise RuntimeError("no luck today")

    job = job_for(images, tmp_path)
    live = {"broken": candidate_of("broken", make_pipeline(Broken()), job.setting)}
    judged = judge_out_of_fold(job_for(images, tmp_path, live), ["broken", "baseline"], InlineExecutor())
    assert judged.failures == {"broken": "fold 1: RuntimeError: no luck today"}
    assert list(judged.results) == ["baseline"]


def test_a_crash_of_the_process_fails_the_candidate_not_the_run(images, tmp_path, monkeypatch):
    (tmp_path / "crashing.py").write_text(
        textwrap.dedent(
            """
            import os, signal
            from sklearn.dummy import DummyClassifier
            class Crash(DummyClassifier):
                def fit(self, X, y, sample_weight=None):
                    os.kill(os.getpid(), signal.SIGSEGV)
            """
        )
    )
    monkeypatch.chdir(tmp_path)
    judged = judge_out_of_fold(
        job_for(images, tmp_path / "job"), ["crashing:Crash", "baseline", "knn"], ProcessExecutor(2, worth=0)
    )
    assert "SIGSEGV" in judged.failures["crashing:Crash"]
    assert set(judged.results) == {"baseline", "knn"}


@pytest.mark.parametrize("jobs", [1, 3])
def test_who_takes_all_cores_takes_as_many_as_there_may_be_workers(jobs, images, tmp_path, monkeypatch):
    (tmp_path / "greedy.py").write_text(
        textwrap.dedent(
            """
            import joblib
            from pathlib import Path
            from sklearn.dummy import DummyClassifier
            class Greedy(DummyClassifier):
                def fit(self, X, y, sample_weight=None):
                    Path("seen").write_text(str(joblib.effective_n_jobs(-1)))
                    return super().fit(X, y)
            """
        )
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LOKY_MAX_CPU_COUNT", raising=False)
    judged = judge_out_of_fold(job_for(images, tmp_path / "job"), ["greedy:Greedy"], ProcessExecutor(jobs, worth=0))
    assert not judged.failures
    assert int(Path("seen").read_text()) == min(jobs, joblib.cpu_count())


def test_finished_units_are_not_done_again(images, tmp_path):
    job = job_for(images, tmp_path)
    judge_out_of_fold(job, ["knn"], InlineExecutor())
    units = sorted((tmp_path / "units").iterdir())
    before = [(p.name, p.stat().st_mtime_ns) for p in units]
    units[1].unlink()
    told = []
    judge_out_of_fold(job, ["knn"], InlineExecutor(), told.append)
    after = [(p.name, p.stat().st_mtime_ns) for p in sorted((tmp_path / "units").iterdir())]
    assert [a for i, a in enumerate(after) if i != 1] == [b for i, b in enumerate(before) if i != 1]
    assert [p.done for p in told] == [2, 3]


def test_a_worker_ends_when_its_parent_is_killed(images, tmp_path):
    write_job(job_for(images, tmp_path))
    script = f"""
from tenfold.child import start_child
worker = start_child("tenfold.folds.worker", [{str(tmp_path)!r}], stderr=None)
print(worker.pid, flush=True)
worker.wait()
"""
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    for _ in range(100):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    os.kill(pid, 9)
    pytest.fail("the worker outlived its parent")


def test_workers_see_the_data_as_they_were(table, images, tmp_path):
    for data, folder in ((table, tmp_path / "t"), (images, tmp_path / "i")):
        job = job_for(data, folder)
        write_job(job)
        assert open_job(folder).training.ids.tolist() == data.ids.tolist()
    assert isinstance(open_job(tmp_path / "i").training.X, np.memmap)


def test_folds_are_those_of_scikit_learn(images):
    task = infer_task(images.y)
    codes = task.encode(images.y)
    for fold, (_, held) in enumerate(StratifiedKFold(4).split(codes, codes)):
        np.testing.assert_array_equal(np.flatnonzero(assign_folds(codes, task, 4) == fold), held)
    groups = np.arange(60) // 2
    grouped = assign_folds(codes, task, 4, groups=groups)
    for fold, (_, held) in enumerate(StratifiedGroupKFold(4).split(codes, codes, groups)):
        np.testing.assert_array_equal(np.flatnonzero(grouped == fold), held)


def test_a_class_with_fewer_rows_than_folds_is_named():
    task = infer_task(np.array(["x"] * 9 + ["w"], object))
    with pytest.raises(DataError, match="class 'w' has 1 training row, fewer than the 5 folds"):
        assign_folds(np.array([1] * 9 + [0]), task, 5)


def test_one_fold_is_refused(images):
    with pytest.raises(UsageError, match="2 folds or more"):
        assign_folds(np.array([0, 1]), infer_task(images.y), 1)


def test_a_further_process_is_started_only_for_work_that_is_worth_it(images, tmp_path):
    job = job_for(images, tmp_path / "job")
    seconds = 3 * fold_seconds(job.candidate("baseline"), job.setting, 3)
    for worth, processes in ((2 * seconds, 1), (0.9 * seconds, 2), (0.1 * seconds, 3), (0, 3)):
        executor = ProcessExecutor(5, worth=worth)
        assert executor.crew_size(job, job.units(["baseline"])) == processes
    assert ProcessExecutor(1, worth=0).crew_size(job, job.units(["baseline"])) == 1
