import dataclasses
import inspect
import shutil

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, get_scorer, log_loss, roc_auc_score
from sklearn.naive_bayes import BernoulliNB, GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import tenfold
from tenfold.errors import DataError, UsageError
from tenfold.line.restoration.config import DenoiseConfig
from tenfold.record.config import RunConfig


def blobs(n=120):
    rng = np.random.default_rng(4)
    y = np.arange(n) % 3
    return rng.normal(y[:, None], 0.8, (n, 4)), np.array(["low", "mid", "top"])[y]


def test_arrays_go_the_whole_line(tmp_path):
    X, y = blobs()
    run = tenfold.run(X, y, models=["logistic", GaussianNB()], cv=3, out=tmp_path / "r")
    assert set(run.metrics["candidates"]) == {"baseline", "logistic", "GaussianNB"}
    assert run.metrics["classes"] == ["low", "mid", "top"]
    model = tenfold.load_model(tmp_path / "r")
    test = run.test
    assert model.predict(pd.DataFrame(X, columns=[f"x{i}" for i in range(4)]))[test["row"]].tolist() == (
        test["predicted"].tolist()
    )


def test_a_model_that_no_bundle_may_hold_is_told_and_the_figures_stay(tmp_path):
    X, y = blobs()

    class Mine(LogisticRegression):
        pass

    run = tenfold.run(X, y, models=[Mine()], cv=3, out=tmp_path / "r")
    assert run.chosen == "Mine"
    assert "Mine" in run.metrics["failed"]["model"]
    assert not (tmp_path / "r" / "model").exists()


def test_a_run_shows_itself_in_a_notebook_and_escapes_names(tmp_path):
    X, y = blobs()
    run = tenfold.run(X, np.where(y == "low", "<b>", y), models=["knn"], cv=3, out=tmp_path / "r")
    page = run._repr_html_()
    assert "<table>" in page
    assert "<b>&lt;" not in page.replace("<b>knn", "")
    assert "knn" in repr(run)


def test_evaluate_agrees_with_scikit_learn_for_plain_arrays():
    rng = np.random.default_rng(0)
    y, p = rng.integers(0, 2, 300), rng.random(300)
    found = tenfold.evaluate(y, p).metrics
    assert found["accuracy"].value == pytest.approx(accuracy_score(y, p > 0.5))
    assert found["roc_auc"].value == pytest.approx(roc_auc_score(y, p))
    assert found["log_loss"].value == pytest.approx(log_loss(y, p))
    assert found["accuracy"].low < found["accuracy"].value < found["accuracy"].high


def test_evaluate_takes_predictions_alone():
    found = tenfold.evaluate(["a", "b", "b"], y_pred=["a", "b", "a"])
    assert found.metrics["accuracy"].value == pytest.approx(2 / 3)
    assert found.metrics["roc_auc"].value is None
    assert found.metrics["roc_auc"].reason


def test_evaluate_takes_classes_in_the_order_of_the_columns():
    scores = np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6]])
    found = tenfold.evaluate(["z", "y", "x"], scores, classes=["z", "y", "x"])
    assert found.metrics["accuracy"].value == 1.0


@pytest.mark.parametrize("scores", [np.zeros((3, 2)), np.zeros(3)])
def test_scores_of_another_shape_are_refused(scores):
    with pytest.raises(DataError, match="scores of shape"):
        tenfold.evaluate(["a", "b", "c"], scores)


def test_nothing_to_judge_is_refused():
    with pytest.raises(UsageError, match="neither"):
        tenfold.evaluate(["a", "b"])


def test_out_of_fold_takes_names_and_live_classifiers():
    X, y = blobs()
    named, live = tenfold.out_of_fold("knn", X, y), tenfold.out_of_fold(BernoulliNB(), X, y)
    assert named.scores.shape == live.scores.shape == (120, 3)
    assert sorted(set(named.fold)) == [0, 1, 2, 3, 4]


def test_every_public_name_is_there_and_documented():
    for name in tenfold.__all__:
        assert getattr(tenfold, name) is not None
        if name != "__version__":
            assert getattr(tenfold, name).__doc__


def test_labels_in_the_place_of_scores_are_taken_for_predictions():
    by_name = tenfold.evaluate(["a", "b", "b"], y_pred=["a", "b", "a"])
    for y, called in ([["a", "b", "b"], ["a", "b", "a"]], [[1, 2, 2], [1, 2, 1]], [[0, 1, 1], np.array([0, 1, 0])]):
        assert tenfold.evaluate(y, called).confusion_matrix.tolist() == by_name.confusion_matrix.tolist()
    assert tenfold.evaluate([0, 1, 2], [0, 1, 1]).metrics["accuracy"].value == pytest.approx(2 / 3)


def test_scores_of_0_and_1_stay_scores():
    assert tenfold.evaluate([0, 1, 1], [0.0, 1.0, 0.0]).metrics["roc_auc"].value == 0.75


def test_a_class_may_be_predicted_that_no_row_has():
    found = tenfold.evaluate(["a", "a", "b"], ["a", "c", "b"])
    assert found.confusion_matrix.tolist() == [[1, 0, 1], [0, 1, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("y", "given", "message"),
    [
        (["a", "b"], {"y_pred": ["a"]}, r"y_true has 2 rows, y_pred of shape \(1,\)"),
        (["a", "b"], {"y_score": [0.1]}, r"y_true has 2 rows, y_score of shape \(1,\)"),
        (["a", None], {"y_score": [0.1, 0.2]}, "y_true, row 2: no label"),
        (["a", "b"], {"y_pred": ["a", None]}, "y_pred, row 2: no label"),
        (["a", "b"], {"y_pred": ["A", "B"]}, "none of its labels"),
        ("ab", {"y_pred": "ab"}, "y_true holds no rows"),
        ([], {"y_pred": []}, "y_true holds no rows"),
        (["a", "b"], {"y_score": [[0.1], ["x"]]}, "scores that are no numbers"),
    ],
)
def test_what_cannot_be_evaluated_is_named(y, given, message):
    with pytest.raises(DataError, match=message):
        tenfold.evaluate(y, **given)


def test_every_option_of_a_run_is_a_parameter_with_the_same_default():
    for function, config in ((tenfold.run, RunConfig), (tenfold.denoise, DenoiseConfig)):
        parameters = inspect.signature(function).parameters
        for field in dataclasses.fields(config):
            if field.name != "source":
                assert parameters[field.name].default == field.default, field.name
        assert all(one.kind is not inspect.Parameter.VAR_KEYWORD for one in parameters.values())


@pytest.mark.parametrize(
    ("function", "wrong", "meant"),
    [
        (tenfold.run, "modles", "models"),
        (tenfold.denoise, "nois", "noise"),
        (tenfold.evaluate, "y_predicted", "y_pred"),
        (tenfold.out_of_fold, "folds_shuffle", "shuffle"),
        (tenfold.choose_threshold, "postive", "positive"),
        (tenfold.load, "targt", "target"),
        (tenfold.errors_of, "labell", "label"),
    ],
)
def test_a_mistyped_keyword_suggests_the_one_that_was_meant(function, wrong, meant):
    with pytest.raises(TypeError, match=f"'{wrong}'. Did you mean '{meant}'"):
        function("digits", **{wrong: 1})


def test_an_option_of_another_type_is_refused_by_name():
    with pytest.raises(UsageError, match="--cv 3 is not of type int"):
        tenfold.run("digits", cv="3")
    with pytest.raises(UsageError, match=r"--seed 1\.5 is not of type int"):
        tenfold.denoise("digits", seed=1.5)
    with pytest.raises(UsageError, match="jobs = 'x'"):
        tenfold.run("digits", jobs="x")
    with pytest.raises(UsageError, match="instances without labels"):
        tenfold.run(np.zeros((4, 2)))


@pytest.fixture(scope="module")
def array_run(tmp_path_factory):
    X, y = blobs()
    return tenfold.run(X, y, models=GaussianNB(), cv=2, out=tmp_path_factory.mktemp("arrays") / "r")


def test_a_run_from_arrays_keeps_its_studies(array_run):
    assert tenfold.importance(array_run)["part"].tolist() == ["x0", "x1", "x2", "x3"]
    assert tenfold.learning_curve(array_run)["n"].tolist() == [96, 96]
    assert tenfold.weak_spots(array_run).candidates == 1
    with pytest.raises(UsageError, match=r"is not fitted by stages.*ask for the learning curve"):
        tenfold.training_curve(array_run)
    assert tenfold.importance(str(array_run.path)).shape == (4, 5)
    page = tenfold.write_report(array_run).read_text(encoding="utf-8")
    assert "not at hand" not in page


def test_a_run_from_arrays_is_opened_with_them_again(array_run):
    X, y = blobs()
    bare = tenfold.open_run(array_run.path)
    with pytest.raises(DataError, match=r"data were in memory.*tenfold\.open_run"):
        tenfold.weak_spots(bare)
    with pytest.raises(DataError, match="made from other data"):
        tenfold.open_run(array_run.path, X + 1, y)
    again = tenfold.open_run(array_run.path, X, y, models=[GaussianNB()])
    assert tenfold.weak_spots(again).candidates == 1
    shutil.rmtree(array_run.path / "analysis")
    assert len(tenfold.importance(again)) == 4


def test_a_finished_run_of_other_arrays_is_not_given_for_these(array_run):
    X, y = blobs()
    with pytest.raises(DataError, match="made from other data"):
        tenfold.run(X + 1, y, models=GaussianNB(), cv=2, out=array_run.path)


def test_a_data_frame_names_its_target_and_a_path_may_be_a_path(tmp_path):
    X, y = blobs()
    frame = pd.DataFrame(X, columns=list("abcd")).assign(size=y)
    with pytest.raises(UsageError, match="give target='size'"):
        tenfold.run(frame, "size")
    with pytest.raises(UsageError, match=r"no column 'siez'\. Did you mean 'size'"):
        tenfold.run(frame, target="siez")
    frame.to_csv(tmp_path / "t.csv", index=False)
    runs = [
        tenfold.run(source, target="size", models="logistic", cv=2, out=tmp_path / name)
        for source, name in ((frame, "frame"), (tmp_path / "t.csv", "file"))
    ]
    one, other = (run.metrics["candidates"]["logistic"]["out_of_fold"]["accuracy"]["value"] for run in runs)
    assert one == other
    assert tenfold.weak_spots(tenfold.open_run(tmp_path / "frame", frame)).candidates == 1


def test_a_run_from_a_loaded_data_set_is_opened_with_it_again(tmp_path):
    X, y = blobs()
    pd.DataFrame(X, columns=list("abcd")).assign(size=y).to_csv(tmp_path / "t.csv", index=False)
    data = tenfold.load(tmp_path / "t.csv", target="size")
    run = tenfold.run(data, models="logistic", cv=2, out=tmp_path / "r")
    with pytest.raises(DataError, match=r"data were in memory.*tenfold\.open_run"):
        tenfold.weak_spots(run.path)
    assert tenfold.weak_spots(tenfold.open_run(run.path, data)).candidates == 1


def test_a_model_looks_like_one_of_scikit_learn(array_run, tmp_path):
    X, y = blobs()
    run = tenfold.run(X, y, models="logistic", cv=2, out=tmp_path / "r")
    model = tenfold.load_model(run.path)
    p = model.predict_proba(X)
    assert p.shape == model.decision_function(X).shape == (120, 3)
    assert np.allclose(p.sum(axis=1), 1)
    assert (model.classes_[p.argmax(axis=1)] == model.predict(X)).all()
    assert model.feature_names_in_.tolist() == ["x0", "x1", "x2", "x3"]
    assert len(repr(model)) < 200
    assert "logistic" in repr(model)
    assert "low, mid, top" in model._repr_html_()


def test_two_classes_have_two_columns_of_probabilities_and_one_score(tmp_path):
    X, y = blobs()
    run = tenfold.run(X, y, positive="top", models=["logistic"], cv=np.int64(2), out=tmp_path / "r")
    model = tenfold.load_model(run.path)
    assert model.predict_proba(X).shape == (120, 2)
    assert model.decision_function(X).shape == (120,)
    assert model.classes_.tolist() == ["not top", "top"]
    labels = np.where(y == "top", "top", "not top")
    assert get_scorer("roc_auc")(model, X, labels) == roc_auc_score(labels == "top", model.decision_function(X))


def test_scores_that_are_no_probabilities_are_not_called_so(tmp_path):
    X, y = blobs()
    model = tenfold.load_model(tenfold.run(X, y, models="sgd", cv=2, out=tmp_path / "r").path)
    with pytest.raises(UsageError, match="decision_function"):
        model.predict_proba(X)
    assert model.decision_function(X).shape == (120, 3)


def test_a_gap_that_a_model_cannot_fill_is_named(tmp_path):
    X, y = blobs()
    whole = make_pipeline(StandardScaler(), GaussianNB())
    model = tenfold.load_model(tenfold.run(X, y, models=whole, cv=2, out=tmp_path / "r").path)
    X[3, 1] = np.nan
    with pytest.raises(DataError, match="row 4, column 'x1': no value"):
        model.predict(X)
