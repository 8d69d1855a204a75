"""Sparse matrices as instances: content, storage, preparation, folds and candidates."""

import mmap

import numpy as np
import pytest
from scipy.sparse import csr_matrix, issparse
from sklearn.base import clone

import tenfold
from tenfold.candidates.catalogue import default_names, resolve
from tenfold.candidates.setting import Setting, setting_of
from tenfold.data.checks import check, contact_sheet, describe
from tenfold.data.holdout import split
from tenfold.errors import DataError
from tenfold.folds.assign import assign_folds
from tenfold.folds.executor import InlineExecutor, attempted
from tenfold.folds.job import Job, open_job, write_job
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.unit import Unit
from tenfold.record.bundle import verify
from tenfold.task import infer_task

from .sparse_counts import counts


@pytest.fixture
def data():
    return counts()


def _job(data, folder):
    task = infer_task(data.y)
    codes = task.encode(data.y)
    return Job(folder, data, codes, assign_folds(codes, task, 3), task, setting_of(data, task))


def test_rows_are_taken_and_keep_their_ids(data):
    some = data.take(np.array([5, 3, 8]))
    assert issparse(some.X)
    assert len(some) == 3
    assert some.ids.tolist() == data.ids[[5, 3, 8]].tolist()
    assert some.rows.tolist() == [5, 3, 8]
    assert len(data.take(slice(0, 7))) == 7


def test_a_changed_count_changes_the_fingerprint(data):
    other = data.X.copy()
    other.data[0] += 1
    assert counts().fingerprint == data.fingerprint
    assert type(data)("letters", "counts", other, data.y, source="memory").fingerprint != data.fingerprint


def test_what_is_not_of_the_kind_is_refused(data):
    with pytest.raises(DataError, match="word counts are a CSR matrix"):
        type(data)("letters", "counts", data.X.toarray(), data.y, source="memory")


def test_workers_read_the_same_matrix_by_memory_map(data, tmp_path):
    storage = data.traits.storage
    storage.write(tmp_path, data.X)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(storage.files)
    opened = storage.open(tmp_path)
    assert (opened != data.X).nnz == 0
    buffer = opened.data
    while isinstance(buffer, np.ndarray) and buffer.base is not None:
        buffer = buffer.base
    assert isinstance(buffer, mmap.mmap)


def test_a_matrix_without_a_count_is_stored_too(data, tmp_path):
    data.traits.storage.write(tmp_path, csr_matrix((4, 9)))
    assert data.traits.storage.open(tmp_path).toarray().tolist() == [[0.0] * 9] * 4


@pytest.mark.parametrize("name", ["baseline", "logistic", "sgd", "forest", "knn", "knn:pca", "svm", "boosting"])
def test_every_candidate_is_fitted_on_sparse_rows_or_on_components_of_them(data, name):
    task = infer_task(data.y)
    codes = task.encode(data.y)
    pipeline = resolve(name, setting_of(data, task)).pipeline.fit(data.X, codes)
    assert (pipeline.predict(data.X) == codes).mean() > (0.3 if name == "baseline" else 0.6)
    components = {"knn", "knn:pca", "svm", "boosting"}
    assert ("components" in pipeline.named_steps) == (name in components)


def test_predictions_out_of_fold_are_those_of_a_fit_by_hand(data, tmp_path):
    job, names = _job(data, tmp_path), ["logistic", "sgd"]
    judged = judge_out_of_fold(job, names, InlineExecutor())
    assert not judged.failures
    for name in names:
        (result,) = judged.results[name]
        assert (result.predicted == job.codes).mean() > 0.6
        for fold in range(3):
            fit, held_out = job.folds != fold, job.folds == fold
            # Of sparse rows SGD takes smaller steps of the intercept; logistic regression is the same of dense ones.
            X = data.X.toarray() if name == "logistic" else data.X
            by_hand = clone(job.candidate(name).pipeline).fit(X[fit], job.codes[fit])
            np.testing.assert_array_equal(by_hand.predict(X[held_out]), result.predicted[held_out])


def test_a_worker_opens_the_job_and_predicts_the_same(data, tmp_path):
    job = _job(data, tmp_path)
    write_job(job)
    here, there = (attempted(one, Unit("logistic", 1)) for one in (job, open_job(tmp_path)))
    np.testing.assert_array_equal(here[0].scores, there[0].scores)


def test_its_line_up_stands_beside_the_baseline(data):
    setting = setting_of(data, infer_task(data.y))
    assert default_names(setting, 3) == ("baseline", "logistic", "sgd")
    assert Setting.from_dict(setting.as_dict()) == setting


def test_checks_split_and_description_know_no_kind(data):
    twice = data.take(np.array([*range(len(data)), 0, 1]))
    assert "duplicates" in {finding.code for finding in check(twice, None, folds=3)}
    training, test = split(twice, infer_task(twice.y))
    assert len(training) + len(test) == len(twice)
    description = describe(twice)
    assert (description.kind, description.columns, description.image_shape) == ("counts", (), None)
    assert repr(data) == "<Dataset letters: 120 of kind counts, 80 words, labelled by label>"
    with pytest.raises(ValueError, match="holds no images"):
        contact_sheet(data)


def test_a_model_of_sparse_rows_is_saved_verified_and_predicts(data, tmp_path):
    run = tenfold.run(data, models=["logistic"], cv=3, out=tmp_path / "run")
    assert run.chosen == "logistic"
    assert verify(run.path).bit_equal
    model = tenfold.load_model(run.path)
    assert (model.predict(data.X) == data.y).mean() > 0.9
    assert model.predict(data.X[:1].toarray()).tolist() == model.predict(data.X[:1]).tolist()
    with pytest.raises(DataError, match="9 words a row"):
        model.predict(csr_matrix((2, 9)))
