"""Every candidate answers several labels; its answers are those that its scores say."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier

from tenfold.candidates.catalogue import CATALOGUE, default_names, resolve
from tenfold.candidates.own import candidate_of
from tenfold.candidates.scores import label_predictions
from tenfold.candidates.setting import Setting, setting_of
from tenfold.data.dataset import Dataset
from tenfold.errors import UsageError
from tenfold.tasks import LabelTask

TASK = LabelTask(("a", "b", "c"))
NATIVE = {"baseline", "extra", "forest", "knn"}


@pytest.fixture(scope="module")
def labelled():
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 2, (120, 3))
    table = pd.DataFrame(rng.normal(codes, 0.6), columns=list("xyz"))
    table.loc[::7, "x"] = np.nan
    return Dataset("labelled", "table", table, codes.astype(bool), source="memory", target_names=TASK.classes), codes


@pytest.mark.parametrize(
    "name",
    [
        *CATALOGUE,
        "chain:logistic",
        pytest.param("chain:boosting", marks=pytest.mark.slow),
        "chain:sgd",
        "svm:ovr",
    ],
)
def test_answers_follow_from_scores(name, labelled):
    data, codes = labelled
    candidate = resolve(name, setting_of(data, TASK))
    pipeline = candidate.pipeline.fit(data.X, codes)
    said = label_predictions(pipeline, data.X)
    assert said.predicted.shape == said.scores.shape == (120, 3)
    assert np.array_equal(said.predicted, pipeline.predict(data.X))
    assert np.array_equal(said.predicted, said.scores > (0.5 if said.probabilities else 0))
    assert candidate.seconds(100, 10) > 0


def test_those_that_can_answer_all_labels_by_themselves(labelled):
    setting = setting_of(labelled[0], TASK)
    wrapped = {name: type(resolve(name, setting).pipeline.steps[-1][1]).__name__ for name in CATALOGUE}
    assert {name for name, kind in wrapped.items() if kind != "OneVsRestClassifier"} == NATIVE


def test_one_detector_a_label_is_the_detector_of_that_label(labelled):
    data, codes = labelled
    several = label_predictions(resolve("logistic", setting_of(data, TASK)).pipeline.fit(data.X, codes), data.X)
    single = Setting("table", 120, 3, 2, setting_of(data, TASK).layout)
    for c in range(3):
        one = resolve("logistic", single).pipeline.fit(data.X, codes[:, c])
        assert np.allclose(several.scores[:, c], one.predict_proba(data.X)[:, 1])


def test_a_chain_needs_several_labels():
    with pytest.raises(UsageError, match="one label a row"):
        resolve("chain:logistic", Setting("table", 100, 4, 2))


@pytest.mark.parametrize("name", ["chain:", "chain:nothing", "chain:logistic:pca"])
def test_a_chain_of_nothing_known_is_refused(name):
    with pytest.raises(UsageError):
        resolve(name, Setting("table", 100, 4, 3, several=True))


def test_a_chain_is_among_the_candidates_of_several_labels():
    assert "chain:logistic" in default_names(Setting("image", 1500, 64, 2, several=True), folds=5)
    assert "chain:logistic" not in default_names(Setting("image", 1500, 64, 2), folds=5)


@pytest.mark.parametrize("model", [LogisticRegression(), MLPClassifier(max_iter=20), KNeighborsClassifier()])
def test_own_classifiers_are_fitted_to_several_labels(model, labelled):
    data, codes = labelled
    pipeline = candidate_of("own", model, setting_of(data, TASK)).pipeline.fit(data.X, codes)
    said = label_predictions(pipeline, data.X)
    assert said.scores.shape == (120, 3)
    assert np.array_equal(said.predicted, pipeline.predict(data.X))


def test_a_label_with_one_answer_in_the_training_rows_still_has_a_score(labelled):
    data, codes = labelled
    never = codes.copy()
    never[:, 1] = 0
    pipeline = resolve("forest", setting_of(data, TASK)).pipeline.fit(data.X, never)
    said = label_predictions(pipeline, data.X)
    assert not said.scores[:, 1].any()
    assert not said.predicted[:, 1].any()


def test_neighbours_vote_as_scikit_learns_do(images):
    codes = np.column_stack([images.y == "a", images.y != "c"]).astype(int)
    setting = setting_of(images, LabelTask(("a", "ab")))
    pipeline = resolve("knn", setting).pipeline
    theirs = cross_val_predict(KNeighborsClassifier(), images.X.reshape(60, -1), codes, cv=3)
    assert np.array_equal(cross_val_predict(pipeline, images.X, codes, cv=3), theirs)
