import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, log_loss, roc_auc_score
from sklearn.naive_bayes import BernoulliNB, GaussianNB

import tenfold
from tenfold.errors import DataError, UsageError


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
