"""Several labels from Python."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

import tenfold
from tenfold.errors import DataError, UsageError

LABELS = "large = digit >= 7, odd = digit % 2 == 1"


def arrays():
    data = tenfold.load("digits", labels=LABELS)
    return data.X[:300], data.y[:300].astype(int)


def test_out_of_fold_is_cross_val_predict():
    X, y = arrays()
    found = tenfold.out_of_fold("knn", X, y, cv=3, shuffle=False)
    theirs = cross_val_predict(KNeighborsClassifier(), X.reshape(300, -1), y, cv=3)
    assert np.array_equal(found.predicted, theirs)
    assert found.scores.shape == (300, 2)


def test_evaluate_names_labels_and_takes_scores_or_predictions():
    y, scores = np.array([[0, 1], [1, 0], [1, 1], [0, 0]]), np.array([[0.2, 0.9], [0.7, 0.6], [0.4, 0.6], [0.1, 0.2]])
    found = tenfold.evaluate(y, scores, classes=["large", "odd"])
    assert found.metrics["f1_macro"].value == pytest.approx(f1_score(y, scores > 0.5, average="macro"))
    assert found.metrics["recall:large"].value == 0.5
    assert tenfold.evaluate(y, y_pred=y).metrics["exact_match"].value == 1.0
    named = tenfold.evaluate(pd.DataFrame(y, columns=["a", "b"]), scores)
    assert "f1:b" in named.metrics


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, UsageError),
        ({"y_score": [[0.1], [0.2]]}, DataError),
        ({"y_pred": [[2, 0], [0, 1]]}, DataError),
        ({"y_pred": [[1, 0], [0, 1]], "classes": ["a"]}, UsageError),
        ({"y_pred": [[1, 0], [0, 1]], "positive": "a"}, UsageError),
    ],
)
def test_what_does_not_fit_is_refused(given, fault):
    with pytest.raises(fault):
        tenfold.evaluate([[1, 0], [0, 1]], **given)


def test_choose_threshold_gives_one_a_label():
    y, scores = np.array([[0, 1], [1, 0], [1, 1]]), np.array([[0.2, 0.9], [0.7, 0.1], [0.6, 0.4]])
    assert tenfold.choose_threshold(y, scores, "recall>=0.9").thresholds == (0.6, 0.4)


def test_run_takes_an_indicator_array_or_definitions(tmp_path):
    X, y = arrays()
    first = tenfold.run(X, y, models=["knn"], cv=3, out=tmp_path / "a")
    assert first.metrics["classes"] == ["y0", "y1"]
    assert "labels right" in repr(first)
    second = tenfold.run("digits", models=["knn"], cv=3, labels=LABELS, out=tmp_path / "b")
    assert second.metrics["task"] == "multilabel"
    third = tenfold.run(tenfold.load("digits"), models=["knn"], cv=3, labels=LABELS, out=tmp_path / "c")
    assert third.metrics["candidates"]["knn"]["out_of_fold"] == second.metrics["candidates"]["knn"]["out_of_fold"]
    model = tenfold.load_model(tmp_path / "b")
    assert model.predict(X[:1]).shape == (1, 2)


def test_one_column_of_two_dimensions_is_refused(tmp_path):
    X, y = arrays()
    with pytest.raises(UsageError, match="one target column"):
        tenfold.run(X, y[:, :1], out=tmp_path / "run")
