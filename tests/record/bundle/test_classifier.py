"""A classifier that is asked about many rows, or about rows that its pipeline cannot take."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from tenfold.data.dataset import Dataset
from tenfold.errors import ModelError
from tenfold.record.bundle import Classifier
from tenfold.record.bundle import prediction as module
from tenfold.record.bundle.classifier_files import FORMAT
from tenfold.record.bundle.codecs.codec import Content, Tolerance
from tenfold.record.bundle.codecs.program import PROGRAM
from tenfold.record.bundle.store import Contents
from tests.record.bundle.conftest import FIVES, classifier_of


def named(**options: str) -> tuple[Classifier, pd.DataFrame]:
    X = pd.DataFrame({"name": pd.Series([f"name {i % 200}" for i in range(400)], dtype=object)})
    pipeline = make_pipeline(OneHotEncoder(**options), LogisticRegression())
    return classifier_of(pipeline, X, np.arange(400) % 2, FIVES), X


def test_rows_that_become_very_wide_are_predicted_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    classifier, X = named(handle_unknown="ignore")
    whole = classifier.predictions(X)
    monkeypatch.setattr(module, "_VALUES_AT_ONCE", 70 * 200)
    asked = []
    transform = OneHotEncoder.transform
    monkeypatch.setattr(OneHotEncoder, "transform", lambda self, rows: asked.append(len(rows)) or transform(self, rows))
    blocks = classifier.predictions(X)
    assert asked == [1, 70, 70, 70, 70, 70, 50]
    np.testing.assert_array_equal(blocks.scores, whole.scores)
    np.testing.assert_array_equal(blocks.predicted, whole.predicted)


def test_a_dataset_is_predicted_as_its_rows() -> None:
    classifier, X = named(handle_unknown="ignore")
    data = Dataset("people", "table", X, None, source="memory")
    np.testing.assert_array_equal(classifier.predict(data), classifier.predict(X))


def test_text_that_an_encoder_refuses_is_one_line() -> None:
    classifier, X = named(handle_unknown="error")
    with pytest.raises(ModelError, match=r"fails on these rows .*unknown categories") as caught:
        classifier.predictions(pd.concat([X, pd.DataFrame({"name": ["someone else"]})]))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("tolerance", "words"), [(None, "within 1e-9"), (Tolerance(relative=1e-5), "within 1e-5")])
def test_verification_says_how_closely_scores_were_compared(tolerance: Tolerance | None, words: str) -> None:
    contents = Contents(Content((), 0, None, tolerance=tolerance), PROGRAM, None)
    assert FORMAT.summary(contents, bit_equal=False)[1] == f"same classes, scores equal {words}"
    assert FORMAT.summary(contents, bit_equal=True)[1].endswith("bit for bit")
