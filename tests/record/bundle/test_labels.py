"""A classifier of several labels is saved, loaded, and refused where it was changed."""

import json

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.scores import label_predictions
from tenfold.candidates.setting import setting_of
from tenfold.data.kinds.kind import find_kind
from tenfold.data.sources import load as load_source
from tenfold.decision.decision import Decision
from tenfold.errors import ModelError
from tenfold.record.bundle import Classifier, load, replace_decision, save, verify
from tenfold.record.bundle.classifier_files import FORMAT
from tenfold.record.bundle.manifest import MANIFEST, changed_manifest, read_manifest
from tenfold.tasks import LabelTask

TASK = LabelTask(("large", "odd"))
NAMES = ["baseline", "sgd", "logistic", "forest", "knn", "svm", "boosting", "svm:ovr", "chain:logistic", "chain:svm"]


def digits():
    data = load_source("digits", labels="large = digit >= 7, odd = digit % 2 == 1")
    return data.take(np.arange(200))


def fitted(name, decision=None):
    data = digits()
    pipeline = resolve(name, setting_of(data, TASK)).pipeline.fit(data.X, TASK.encode(data.y))
    probabilities = label_predictions(pipeline, data.X[:2]).probabilities
    return Classifier(
        pipeline, TASK, decision or Decision("argmax", "argmax"), probabilities, find_kind(data.kind).schema(data.X)
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_candidate_comes_back_and_answers_the_same(name, tmp_path):
    with threadpool_limits(1):
        classifier, X = fitted(name), digits().X
    save(classifier, tmp_path / "model", golden=X)
    again = load(tmp_path / "model")
    assert np.array_equal(again.predict(X), classifier.predict(X))
    np.testing.assert_allclose(again.scores(X), classifier.scores(X), rtol=0, atol=1e-12)
    assert again.predict(X).dtype == bool
    assert again.predict(X).shape == (200, 2)
    verify(tmp_path / "model")


def test_thresholds_are_saved_and_applied(tmp_path):
    decision = Decision("recall>=0.99", "thresholds", thresholds=(0.2, 0.8))
    save(fitted("knn", decision), tmp_path / "model", golden=digits().X)
    found, X = load(tmp_path / "model"), digits().X
    assert np.array_equal(found.predict(X), found.scores(X) >= [0.2, 0.8])
    replace_decision(tmp_path / "model", Decision("argmax", "argmax"))
    assert np.array_equal(load(tmp_path / "model").predict(X), found.scores(X) > 0.5)


@pytest.mark.parametrize("labels", [["large", "odd", "round"], ["large", "large"], ["large"]])
def test_other_labels_than_the_pipelines_are_refused(labels, tmp_path):
    save(fitted("knn"), tmp_path / "model", golden=digits().X)
    manifest = read_manifest(tmp_path / "model", FORMAT)
    entries = {"task": LabelTask(tuple(labels)).as_dict(), "scores": {"probabilities": True, "names": labels}}
    changed = changed_manifest(FORMAT, manifest, entries, manifest.members)
    (tmp_path / "model" / MANIFEST).write_bytes(changed.encode())
    with pytest.raises(ModelError):
        load(tmp_path / "model")


def test_a_changed_golden_answer_is_refused(tmp_path):
    save(fitted("knn"), tmp_path / "model", golden=digits().X)
    (golden,) = (tmp_path / "model").glob("golden-*.json")
    content = json.loads(golden.read_text())
    content["decided"][0][0] = 1 - content["decided"][0][0]
    golden.write_text(json.dumps(content))
    with pytest.raises(ModelError):
        load(tmp_path / "model")
