"""Folds whose training rows are grown: what is learnt from, what is judged, and which neighbours are named."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline

from tenfold.candidates.catalogue import fold_seconds, resolve
from tenfold.candidates.own import candidate_of
from tenfold.candidates.search import tuned, with_setting
from tenfold.candidates.setting import setting_of
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.image.shift import DIRECTIONS, shifted, with_shifts
from tenfold.folds.assign import assign_folds
from tenfold.folds.executor import InlineExecutor
from tenfold.folds.job import Job
from tenfold.folds.loop import judge_out_of_fold
from tenfold.folds.processes import ProcessExecutor
from tenfold.folds.unit import fit_and_predict
from tenfold.line.memory.final import final_model
from tenfold.task import infer_task
from tenfold.tasks import ClassTask

FOLDS = 3

THREE = ClassTask(("a", "b", "c"))


class Seen(ClassifierMixin, BaseEstimator):
    """Answers the first class and keeps what it was given, in lists that clones share."""

    fits, asked = [], []

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.fits.append((X.copy(), y.copy()))
        return self

    def predict(self, X):
        self.asked.append(X.copy())
        return np.full(len(X), self.classes_[0])


@pytest.fixture
def images():
    """60 images of 4 x 4 in three classes that are hard to tell apart."""
    rng = np.random.default_rng(5)
    codes = np.arange(60) % 3
    X = rng.integers(0, 200, (60, 4, 4)).astype(np.uint8)
    X[np.arange(60), codes, codes] += 40
    return Dataset("hard", "image", X, np.array(list("abc"), object)[codes], source="memory")


@pytest.fixture
def seen():
    Seen.fits.clear()
    Seen.asked.clear()
    return Pipeline([("model", Seen())])


def described(data):
    task = infer_task(data.y)
    codes = task.encode(data.y)
    return task, codes, assign_folds(codes, task, FOLDS), setting_of(data, task, augment="shift")


def test_models_learn_from_shifts_of_the_other_folds_and_answer_images_as_they_came(images, seen):
    _, codes, folds, setting = described(images)
    candidate = candidate_of("seen", seen, setting)
    for fold in range(FOLDS):
        fit_and_predict(candidate, images, codes, folds, fold, THREE)
        X, y = with_shifts(images.X[folds != fold], codes[folds != fold])
        np.testing.assert_array_equal(Seen.fits[-1][0], X)
        np.testing.assert_array_equal(Seen.fits[-1][1], y)
        np.testing.assert_array_equal(Seen.asked[-1], images.X[folds == fold])


def test_no_form_of_a_judged_image_is_learnt_from(images, seen):
    _, codes, folds, setting = described(images)
    candidate = candidate_of("seen", seen, setting)
    for fold in range(FOLDS):
        fit_and_predict(candidate, images, codes, folds, fold, THREE)
        judged = images.X[folds == fold]
        forms = {image.tobytes() for step in ((0, 0), *DIRECTIONS) for image in shifted(judged, *step)}
        assert len(forms) == 5 * len(judged)
        assert not forms & {image.tobytes() for image in Seen.fits[-1][0]}


def test_the_final_model_learns_from_all_images_and_their_shifts(images, seen):
    _, codes, _, setting = described(images)
    final_model(candidate_of("seen", seen, setting), images, codes, cores=1)
    np.testing.assert_array_equal(Seen.fits[-1][0], with_shifts(images.X, codes)[0])


@pytest.mark.parametrize("name", ["forest", "knn", "sgd", "svm"])
def test_the_final_model_takes_as_many_cores_as_it_may(name, images):
    _, codes, _, setting = described(images)
    assert final_model(resolve(name, setting), images, codes, cores=2)[-1].n_jobs == 2


def test_knn_answers_as_fitted_by_hand(images):
    _, codes, folds, setting = described(images)
    for fold in range(FOLDS):
        (found,) = fit_and_predict(resolve("knn", setting), images, codes, folds, fold, THREE)
        X, y = with_shifts(images.X[folds != fold], codes[folds != fold])
        hand = KNeighborsClassifier(algorithm="brute").fit(X.reshape(len(X), -1).astype(float), y)
        asked = images.X[folds == fold].reshape(-1, 16).astype(float)
        np.testing.assert_array_equal(found.predicted, hand.predict(asked))
        np.testing.assert_allclose(found.scores, hand.predict_proba(asked))


def test_neighbours_are_images_each_named_once_at_its_nearest_copy(images):
    _, codes, folds, setting = described(images)
    (found,) = fit_and_predict(resolve("knn", setting), images, codes, folds, 0, THREE)
    learn, judged = np.flatnonzero(folds != 0), images.X[folds == 0].astype(float)
    forms = np.stack([shifted(images.X[learn], *step) for step in ((0, 0), *DIRECTIONS)]).astype(float)
    for image, rows, distances in zip(judged, found.nearest.rows, found.nearest.distances, strict=True):
        apart = np.sqrt(((forms - image) ** 2).sum(axis=(2, 3))).min(axis=0)
        np.testing.assert_allclose(distances, np.sort(apart)[:5], rtol=1e-6)
        np.testing.assert_allclose(apart[np.searchsorted(learn, rows)], distances, rtol=1e-6)
        assert len(set(rows.tolist())) == 5
        assert set(rows.tolist()) <= set(learn.tolist())


def test_few_images_have_each_other_as_neighbours_once(images):
    few = images.take(np.arange(9))
    _, codes, folds, setting = described(few)
    (found,) = fit_and_predict(resolve("knn", setting), few, codes, folds, 0, THREE)
    assert found.nearest.rows.shape == (3, 5)
    assert all(len(set(line)) == 5 for line in found.nearest.rows.tolist())
    single = few.take(np.array([0, 1, 2, 3]))
    (found,) = fit_and_predict(resolve("knn", setting), single, codes[:4], np.array([0, 1, 1, 1], np.int16), 0, THREE)
    assert sorted(found.nearest.rows[0].tolist()) == [1, 2, 3]


def test_tuning_gives_what_each_setting_alone_gives(images):
    _, codes, folds, setting = described(images)
    candidate = tuned(resolve("knn", setting), "grid")
    together = fit_and_predict(candidate, images, codes, folds, 1, THREE)
    for one, found in zip(candidate.settings, together, strict=True):
        (alone,) = fit_and_predict(with_setting(candidate, one), images, codes, folds, 1, THREE)
        np.testing.assert_array_equal(found.predicted, alone.predicted)
        np.testing.assert_array_equal(found.scores, alone.scores)
    k = max(one["model__n_neighbors"] for one in candidate.settings)
    (widest,) = fit_and_predict(
        with_setting(candidate, {"model__n_neighbors": k, "model__weights": "distance"}), images, codes, folds, 1, THREE
    )
    np.testing.assert_array_equal(together[0].nearest.rows, widest.nearest.rows)


def test_worker_processes_grow_as_this_process_does(images, tmp_path):
    task, codes, folds, setting = described(images)
    names = ["baseline", "sgd", "logistic", "forest", "knn", "svm", "boosting", "knn:pca"]
    jobs = [Job(tmp_path / name, images, codes, folds, task, setting) for name in ("here", "there")]
    here, there = (
        judge_out_of_fold(job, names, executor)
        for job, executor in zip(jobs, (InlineExecutor(), ProcessExecutor(2, worth=0)), strict=True)
    )
    assert not here.failures
    for name in names:
        np.testing.assert_array_equal(here.results[name][0].scores, there.results[name][0].scores)
    plain = judge_out_of_fold(
        replace(jobs[0], folder=tmp_path / "plain", setting=replace(setting, augment=None)), ["knn"], InlineExecutor()
    )
    assert not np.array_equal(plain.results["knn"][0].scores, here.results["knn"][0].scores)


@pytest.mark.parametrize("name", ["knn", "svm", "chain:logistic", "module:own"])
def test_estimates_are_of_grown_rows_once(name, images, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "module.py").write_text("from sklearn.tree import DecisionTreeClassifier as own\n")
    _, _, _, setting = described(images)
    setting = replace(setting, rows=60_000, values=784, several=name.startswith("chain"))
    grown, plain = (resolve(name, replace(setting, augment=how), {"module:own"}) for how in ("shift", None))
    assert (grown.augment, plain.augment) == ("shift", None)
    assert grown.seconds(1000, 50) == pytest.approx(plain.seconds(5000, 50))
    assert fold_seconds(grown, setting, 5) > fold_seconds(plain, setting, 5)
