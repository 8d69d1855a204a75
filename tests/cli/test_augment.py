"""`tenfold run --augment shift`: images grown by shifts, what is said of it, and what is refused."""

import json
import tomllib
from typing import ClassVar

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import load_digits

import tenfold as library
from tenfold.analysis.studies.study_input import subject_of
from tenfold.cli.app import main
from tenfold.data.kinds.image.shift import with_shifts
from tenfold.models import KNeighborsClassifier
from tenfold.record import augmentation as growth
from tenfold.record.bundle import load
from tenfold.record.run import open_run

WORDS = ("run", "digits", "--models", "knn,logistic", "--cv", "3", "--augment", "shift")
DIGITS = load_digits()
LEARNT = "958 images grown to 4,790 by one-pixel shifts"


@pytest.fixture(scope="module")
def grown_run(tmp_path_factory):
    folder, home = tmp_path_factory.mktemp("grown") / "r", tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(home))
        main([*WORDS, "--out", str(folder), "--quiet"])
    assert ended.value.code == 0
    return folder


def test_every_place_tells_how_many_images_were_learnt_from(grown_run, tenfold):
    metrics = json.loads((grown_run / "metrics.json").read_text())
    lines = pd.read_parquet(grown_run / "out_of_fold.parquet").query("candidate == 'knn'")
    learnt = [int((lines["fold"] != fold).sum()) for fold in range(3)]
    assert metrics["augment"]["folds"] == [{"rows": rows, "grown": 5 * rows} for rows in learnt]
    assert metrics["augment"]["model"] == {"rows": 1437, "grown": 7185}
    assert tomllib.loads((grown_run / "config.toml").read_text())["run"]["augment"] == "shift"
    _, out, _ = tenfold(*WORDS, "--out", grown_run)
    assert f"Each fold was answered by a model of {LEARNT}" in out
    page = (grown_run / "report.html").read_text()
    assert page.count(LEARNT) == 2
    assert "--augment shift" in page
    assert "which learnt from shifted copies of them too" in page
    assert LEARNT in tenfold("report", grown_run, "--format", "md")[1]


def test_the_plan_says_so_before_the_start(tenfold, tmp_path):
    _, _, err = tenfold(*WORDS, "--out", tmp_path / "r")
    assert "grown by one-pixel shifts, all 1,437 images to 7,185; the judged images never are" in err


def test_a_run_that_grows_nothing_says_nothing_of_it(flower_run):
    assert "augment" not in json.loads((flower_run / "metrics.json").read_text())
    assert "grown" not in (flower_run / "report.html").read_text()


def test_the_saved_model_is_the_one_fitted_by_hand(grown_run):
    run, bundle = open_run(grown_run), load(grown_run / "model")
    test = pd.read_parquet(grown_run / "test.parquet")
    rows = np.setdiff1d(np.arange(len(DIGITS.images)), test["row"])
    X, y = with_shifts(DIGITS.images[rows].astype(np.uint8), DIGITS.target[rows])
    hand = KNeighborsClassifier().fit(X.reshape(len(X), -1), y)
    asked = DIGITS.images[test["row"]].astype(np.uint8)
    assert run.chosen == "knn"
    assert bundle.provenance["augment"] == "shift"
    said = [str(label) for label in hand.predict(asked.reshape(len(asked), -1))]
    assert test["predicted"].tolist() == said
    assert list(bundle.predict(asked)) == said


def test_kept_neighbours_are_images_of_other_folds_each_once(grown_run):
    kept = np.load(grown_run / "neighbours.npz", allow_pickle=False)["rows"]
    fold = pd.read_parquet(grown_run / "out_of_fold.parquet").query("candidate == 'knn'")["fold"].to_numpy()
    assert kept.shape == (1437, 5)
    assert (fold[kept] != fold[:, None]).all()
    assert all(len(set(line)) == 5 for line in kept.tolist())


def test_a_run_repeated_from_its_config_is_the_same(grown_run, tenfold, tmp_path):
    assert tenfold("run", grown_run / "config.toml", "--out", tmp_path / "again")[0] == 0
    first, second = (pd.read_parquet(f / "out_of_fold.parquet") for f in (grown_run, tmp_path / "again"))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_studies_of_the_run_grow_too(grown_run):
    assert subject_of(open_run(grown_run)).candidate.augment == "shift"


def test_python_runs_the_same_and_goes_on_where_it_was_stopped(grown_run, tmp_path, monkeypatch):
    asked = {"models": ["knn", "logistic"], "cv": 3, "augment": "shift", "out": tmp_path / "r", "jobs": 1}
    with monkeypatch.context() as patch:
        patch.setattr("tenfold.line.memory.steps.judgement", _stopped)
        with pytest.raises(KeyboardInterrupt):
            library.run("digits", **asked)
    units = {path: path.stat().st_mtime_ns for path in (tmp_path / "r" / "work" / "units").iterdir()}
    assert len(units) == 9
    min(units).unlink()
    with pytest.raises(library.errors.TenfoldError, match=r"has changed: --augment \(shift, now None\)"):
        library.run("digits", **{**asked, "augment": None})
    library.run("digits", **asked)
    first, second = (pd.read_parquet(f / "out_of_fold.parquet") for f in (grown_run, tmp_path / "r"))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def _stopped(*_):
    raise KeyboardInterrupt


class Counting(ClassifierMixin, BaseEstimator):
    """Answers how many rows it has learnt from, as far as classes go."""

    rows: ClassVar = []

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.rows.append(len(X))
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


def test_own_classifiers_learn_from_grown_images(tmp_path):
    Counting.rows.clear()
    library.run("digits", models=[Counting()], cv=3, augment="shift", out=tmp_path / "r")
    assert set(Counting.rows) == {4790, 7185}


def test_labels_of_images_are_grown_with_them(tmp_path):
    found = library.run(
        "digits", labels="large = digit >= 7, odd = digit % 2 == 1", models=["knn"], cv=3, augment="shift",
        out=tmp_path / "r",
    )  # fmt: skip
    assert found.metrics["augment"]["model"] == {"rows": 1437, "grown": 7185}
    assert found.metrics["test"]["exact_match"]["value"] > 0.9


def test_what_cannot_be_grown_is_refused(refused, flowers, tmp_path):
    line = refused("run", flowers, "--target", "kind", "--augment", "shift", "--out", tmp_path / "r", code=2)
    assert "--augment shift moves images, flowers is no set of images (kind: table). Do: leave out --augment" in line
    line = refused("run", "digits", "--augment", "shfit", "--out", tmp_path / "r", code=2)
    assert "no way to grow 'shfit'. Did you mean 'shift'?" in line
    refused("run", "digits", "--augment", "", "--out", tmp_path / "r", code=2)
    assert not (tmp_path / "r" / "metrics.json").exists()
    with pytest.raises(library.errors.UsageError, match="--augment 5 is not of type"):
        library.run("digits", augment=5, out=tmp_path / "r")


def test_images_of_one_pixel_are_refused(tmp_path):
    X, y = np.arange(40, dtype=np.uint8).reshape(-1, 1, 1), ["a", "b"] * 20
    with pytest.raises(library.errors.UsageError, match="nothing is left of images of 1 x 1"):
        library.run(X, y, augment="shift", out=tmp_path / "r")


def test_more_than_the_memory_is_refused_before_the_start(refused, monkeypatch, tmp_path):
    monkeypatch.setattr(growth, "machine_bytes", lambda: 2_000_000)
    line = refused(*WORDS, "--out", tmp_path / "r", code=4)
    assert "logistic would hold at least 4.1 MB of grown images, this machine has 2.0 MB. Do: leave that" in line


def test_denoising_grows_nothing(tenfold, tmp_path):
    status, _, err = tenfold("denoise", "digits", "--augment", "shift", "--out", tmp_path / "r")
    assert status == 2
    assert "No such option '--augment'" in err
