import warnings

import numpy as np
import pytest
from sklearn.linear_model import SGDClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.utils.estimator_checks import parametrize_with_checks

from tenfold.candidates.catalogue import CATALOGUE, default_names, fold_seconds, resolve, without_room
from tenfold.candidates.scores import class_predictions
from tenfold.candidates.setting import Setting, setting_of
from tenfold.data.kinds.image.preparation import FlattenPixels
from tenfold.data.kinds.table.preparation import TableColumns
from tenfold.errors import UsageError
from tenfold.task import infer_task

IMAGES = Setting("image", rows=1000, values=64, classes=10)


@pytest.mark.parametrize(
    "name",
    [
        *CATALOGUE,
        "logistic:l1",
        "logistic:none",
        "sgd:raw",
        "sgd:ovo",
        "sgd:raw:ovo",
        "sgd:sklearn",
        "knn:pca",
        "svm:ovr",
        "svm:pca",
    ],
)
@pytest.mark.parametrize("data", ["images", "table"])
def test_every_candidate_learns_every_kind(name, data, request):
    data = request.getfixturevalue(data)
    task = infer_task(data.y)
    codes = task.encode(data.y)
    pipeline = resolve(name, setting_of(data, task)).pipeline.fit(data.X, codes)
    said = class_predictions(pipeline, data.X, len(task.classes))
    np.testing.assert_array_equal(said.predicted, pipeline.predict(data.X))
    assert said.scores.shape == ((len(data),) if len(task.classes) == 2 else (len(data), len(task.classes)))
    assert (said.predicted == codes).mean() > (0.3 if name == "baseline" else 0.6)


def test_raw_sgd_is_the_reference_one():
    model = resolve("sgd:raw", IMAGES).pipeline
    assert [name for name, _ in model.steps] == ["pixels", "model"]
    assert repr(model.steps[-1][1]) == repr(SGDClassifier(n_jobs=-1, random_state=42))
    assert model.steps[0][1].dtype == "float64"


def test_scaled_sgd_is_our_own_and_scikit_learns_for_the_asking():
    ours, theirs = (resolve(name, IMAGES).pipeline.steps[-1][1] for name in ("sgd", "sgd:sklearn"))
    assert type(ours).__module__.startswith("tenfold.models.linear")
    assert repr(ours) == repr(theirs) == repr(SGDClassifier(n_jobs=-1, random_state=42))
    assert ours.get_params().items() <= theirs.get_params().items()


def test_modifiers_change_what_they_say():
    assert isinstance(resolve("sgd:ovo", IMAGES).pipeline.steps[-1][1], OneVsOneClassifier)
    assert isinstance(resolve("svm:ovr", IMAGES).pipeline.steps[-1][1], OneVsRestClassifier)
    assert "components" in dict(resolve("svm:pca", IMAGES).pipeline.steps)


def test_penalties_of_logistic_regression():
    random = np.random.default_rng(0)
    X = random.normal(size=(300, 64))
    codes = (X[:, 0] + 0.5 * random.normal(size=300) > 0).astype(int)
    settings = Setting("image", rows=300, values=64, classes=2)
    zeros = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in ("logistic", "logistic:l1", "logistic:none"):
            model = resolve(name, settings).pipeline[-1]
            zeros[name] = int((model.set_params(tol=1e-6, max_iter=5000).fit(X, codes).coef_ == 0).sum())
    assert zeros["logistic:l1"] > 5
    assert zeros["logistic"] == zeros["logistic:none"] == 0
    assert "model__C" in resolve("logistic:l1", settings).search_space
    assert not resolve("logistic:none", settings).search_space
    with pytest.raises(UsageError, match="one penalty"):
        resolve("logistic:l1:none", settings)


@pytest.mark.parametrize(
    ("name", "word"), [("forrest", "forest"), ("sgd:row", "raw"), ("knn:ovo", "knn:pca"), ("Logistic", "logistic")]
)
def test_an_unknown_name_suggests_the_nearest(name, word):
    with pytest.raises(UsageError, match=word):
        resolve(name, IMAGES)


@pytest.mark.parametrize("rows", [500, 5_000, 60_000, 10**6])
@pytest.mark.parametrize("kind", ["image", "table"])
def test_the_default_candidates_fit_the_time_and_include_the_baseline(kind, rows):
    columns = TableColumns(("a", "b"), ("c",), ()) if kind == "table" else None
    setting = Setting(kind, rows=rows, values=784 if kind == "image" else 20, classes=10, layout=columns)
    names = default_names(setting, 3)
    assert names[0] == "baseline"
    assert sum(3 * fold_seconds(resolve(n, setting), setting, 3) for n in names) < 300
    chosen = {name.split(":")[0] for name in names}
    assert chosen.isdisjoint(without_room(names, setting))


def test_a_class_missing_from_a_fold_gets_the_lowest_score(images):
    task = infer_task(images.y)
    codes = task.encode(images.y)
    seen = codes != 1
    for name in ("forest", "sgd:raw", "svm"):
        pipeline = resolve(name, setting_of(images, task)).pipeline.fit(images.X[seen], codes[seen])
        scores = class_predictions(pipeline, images.X, 3).scores
        assert (scores[:, 1] <= scores.min(axis=1)).all()


def test_a_setting_survives_json(table):
    setting = setting_of(table, infer_task(table.y))
    assert Setting.from_dict(setting.as_dict()) == setting


@parametrize_with_checks([FlattenPixels(), FlattenPixels(unit=True, dtype="float64")])
def test_the_pixel_transformer_keeps_scikit_learns_contract(estimator, check):
    check(estimator)
