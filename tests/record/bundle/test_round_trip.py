"""
A saved classifier predicts the same in a fresh process: as scikit-learn objects bit for bit, as a program to rounding.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.kinds.kind import find_kind
from tenfold.errors import ModelError
from tenfold.record.bundle import Classifier, load, replace_decision, save, verify
from tests.record.bundle.conftest import DIGITS, FIVES, NAMES, PIPELINES, at, classifier_of, digit_table, offered

_ASK = """
import json, sys
import numpy as np
sys.path.insert(0, sys.argv[1])
from conftest import digit_table, mixed_table, offered
from tenfold.record.bundle import load
for name, folder in json.loads(sys.argv[2]):
    model = load(folder)
    X = mixed_table() if name.startswith("table:") else digit_table()[0]
    scores = model.scores(X)
    np.savez(folder + "/../" + "answers.npz", codes=model.predict_codes(X), scores=0 if scores is None else scores)
"""


NO_PROGRAMS = {"knn-distance"}
"""Distances that scikit-learn rounds, and votes by them: no other computation repeats them."""


def assert_scores_equal(actual: np.ndarray, expected: np.ndarray, codec: str, name: str = "") -> None:
    """Bit for bit as scikit-learn objects; as a program within 1e-12 of the largest score."""
    most = 0.0 if codec == "skops" else 1e-12 * float(np.abs(expected).max())
    np.testing.assert_allclose(actual, expected, rtol=0, atol=most, err_msg=name)


@pytest.mark.parametrize("codec", ["program", pytest.param("skops", marks=pytest.mark.slow)])
def test_every_offered_classifier_answers_the_same_in_a_fresh_process(codec: str, tmp_path: Path) -> None:
    models = {}
    for name in NAMES:
        classifier, X = offered(name)
        models[name] = (classifier, X)
        folder = tmp_path / name.replace(":", "_") / "model"
        save(classifier, folder, golden=X, codec=None if codec == "program" else codec)
        kept_as = "skops" if name in NO_PROGRAMS else codec
        assert [file.suffix for file in folder.glob("pipeline-*")] == [f".{kept_as}"], name
    asked = json.dumps([(name, str(tmp_path / name.replace(":", "_") / "model")) for name in NAMES])
    subprocess.run([sys.executable, "-c", _ASK, str(Path(__file__).parent), asked], check=True)
    for name, (classifier, X) in models.items():
        there = np.load(tmp_path / name.replace(":", "_") / "answers.npz")
        np.testing.assert_array_equal(there["codes"], classifier.predict_codes(X), err_msg=name)
        assert_scores_equal(there["scores"], classifier.scores(X), codec, name)
        here = load(tmp_path / name.replace(":", "_")).scores(X)
        np.testing.assert_array_equal(there["scores"], here, err_msg=name)


@pytest.mark.parametrize("codec", ["program", "skops"])
@pytest.mark.parametrize("name", [name for name in PIPELINES if name != "baseline"])
def test_detectors_of_one_class_come_back_too(name: str, codec: str, tmp_path: Path) -> None:
    classifier, X = offered(name, FIVES)
    save(classifier, tmp_path / "model", golden=X, codec=None if codec == "program" else codec)
    found = load(tmp_path)
    assert_scores_equal(found.scores(X), classifier.scores(X), codec)
    assert found.task == classifier.task
    assert set(found.predict(X)) == {"5", "not 5"}


def test_images_are_kept_as_pixels(tmp_path: Path) -> None:
    image = pytest.importorskip("tenfold.data.kinds.image.preparation")
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    table, y = digit_table()
    X = table.to_numpy().astype(np.uint8).reshape(-1, 8, 8)
    fitted = make_pipeline(image.FlattenPixels(unit=True), LogisticRegression(max_iter=500)).fit(X, y)
    schema = find_kind("image").schema(X)
    classifier = Classifier(fitted, DIGITS, at(), True, schema)
    save(classifier, tmp_path / "model", golden=X, codec="skops")
    np.testing.assert_array_equal(load(tmp_path).scores(X), classifier.scores(X))
    save(classifier, tmp_path / "model", golden=X)
    np.testing.assert_allclose(load(tmp_path).scores(X), classifier.scores(X), rtol=0, atol=1e-5)


def test_the_decision_is_applied_and_an_old_one_is_kept(tmp_path: Path) -> None:
    X, y = digit_table()
    classifier = classifier_of(PIPELINES["sgd"], X, (y == 5).astype(np.int64), FIVES, at(0.0))
    save(classifier, tmp_path, golden=X)
    before = {file.name for file in tmp_path.iterdir()}
    replace_decision(tmp_path, at(1e9))
    found = load(tmp_path)
    assert found.decision == at(1e9)
    assert found.predict_codes(X).sum() == 0
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert [entry["decision"]["threshold"] for entry in manifest["previous_decisions"]] == [0.0]
    after = {file.name for file in tmp_path.iterdir()}
    assert len(after) == len(before) == 3
    assert {name for name in before & after if name.startswith("pipeline")}


def test_saving_again_replaces_the_model_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for name in ("sgd", "forest", "forest"):
        classifier, X = offered(name)
        save(classifier, tmp_path, golden=X)
    assert len(list(tmp_path.iterdir())) == 3
    assert "trees" in load(tmp_path).model.operations


def test_verify_says_what_was_checked(fives: tuple[Classifier, pd.DataFrame], tmp_path: Path) -> None:
    classifier, X = fives
    save(classifier, tmp_path / "model", golden=X)
    found = verify(tmp_path)
    assert found.folder == tmp_path / "model"
    assert found.bit_equal
    assert found.differing == ()
    assert set(found.then) == {"tenfold", "python", "numpy"}
    assert [line.partition(":")[0] for line in found.checked] == [
        "manifest",
        "files",
        "operations",
        "arrays",
        "golden rows",
    ]


def test_neighbours_in_a_search_tree_are_refused_when_saved(tmp_path: Path) -> None:
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline

    X, y = digit_table()
    classifier = classifier_of(make_pipeline(KNeighborsClassifier(algorithm="kd_tree")), X, y, DIGITS)
    with pytest.raises(ModelError, match=r"KDTree.* is not on|KDTree.*not on Tenfold's list"):
        save(classifier, tmp_path / "model", golden=X, codec="skops")
    assert not (tmp_path / "model").exists()
    save(classifier, tmp_path / "model", golden=X)
    np.testing.assert_array_equal(load(tmp_path).predict_codes(X), classifier.predict_codes(X))


@pytest.mark.parametrize("name", ["é\N{COMBINING ACUTE ACCENT}", "日本", "a\u200bb", '<"&\\n>'])
def test_class_names_are_kept_exactly(name: str, tmp_path: Path) -> None:
    from dataclasses import replace

    from tenfold.tasks import ClassTask

    classifier, X = offered("sgd", FIVES)
    task = ClassTask(("other", name), positive=name)
    save(replace(classifier, task=task), tmp_path, golden=X)
    assert load(tmp_path).task == task


@pytest.mark.parametrize("name", ["x\0", "\ud800"])
def test_class_names_that_no_file_can_keep_are_refused(name: str, tmp_path: Path) -> None:
    from dataclasses import replace

    from tenfold.tasks import ClassTask

    classifier, X = offered("sgd", FIVES)
    with pytest.raises(ModelError, match="class name"):
        save(replace(classifier, task=ClassTask(("other", name), positive=name)), tmp_path, golden=X)
