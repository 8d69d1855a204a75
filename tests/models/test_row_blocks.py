"""Models fitted on blocks of rows: those of scikit-learn, the same wherever the rows are and however they are cut."""

import errno

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from tenfold.errors import StorageError
from tenfold.models import BlockComplementNB, BlockLinearSVC, BlockLogisticRegression, BlockMultinomialNB, OffsetSVC
from tenfold.models.row_blocks import RowBlocks, in_blocks, row_blocks
from tenfold.models.texts.message_terms import MESSAGE_PARTS, MessageTerms, term_counts
from tests.program.proof import assert_same_classes

WORDS = ["free", "money", "meeting", "tomorrow", "URL", "pills", ",", "!", "thanks", "patch"]


def rows_of(n=90, columns=12, seed=0):
    return sp.random(n, columns, 0.4, format="csr", rng=np.random.default_rng(seed))


def codes_of(X, classes):
    sums = X @ np.arange(X.shape[1])
    return np.searchsorted(np.quantile(sums, np.arange(1, classes) / classes), sums)


def messages(n=40, seed=0):
    draw = np.random.default_rng(seed)
    texts = [" ".join(draw.choice(WORDS, draw.integers(0, 9))) for _ in range(5 * n)]
    return pd.DataFrame(
        dict(zip(("subject", "body", "footer", "structure", "addresses"), np.reshape(texts, (5, n)), strict=True))
    )


@pytest.mark.parametrize("classes", [2, 3])
def test_logistic_regression_is_that_of_scikit_learn(classes):
    X = rows_of()
    y = np.array(["ham", "news", "spam"], object)[codes_of(X, classes)]
    mine = BlockLogisticRegression(C=5, tol=1e-8).fit(X, y)
    theirs = LogisticRegression(C=5, tol=1e-8, max_iter=1000).fit(X, y)
    np.testing.assert_allclose(mine.predict_proba(X), theirs.predict_proba(X), atol=1e-4)
    assert mine.predict(X).tolist() == theirs.predict(X).tolist()


@pytest.mark.parametrize("classes", [2, 3])
def test_linear_machines_are_those_of_scikit_learn(classes):
    X = rows_of()
    y = codes_of(X, classes)
    mine = BlockLinearSVC(C=5, folds=0, tol=1e-8).fit(X, y)
    # an offset that costs as good as nothing, as here
    theirs = LinearSVC(C=5, tol=1e-6, max_iter=20_000, intercept_scaling=30, random_state=0).fit(X, y)
    np.testing.assert_allclose(mine.decision_function(X), theirs.decision_function(X), atol=1e-2)
    assert mine.predict(X).tolist() == theirs.predict(X).tolist()


def test_the_offset_of_a_linear_machine_is_moved_as_that_of_one_in_memory():
    draw = np.random.default_rng(3)
    y = draw.random(300) < 0.15
    X = sp.csr_matrix(draw.normal(size=(300, 200)) + 0.4 * y[:, np.newaxis])
    mine, theirs = BlockLinearSVC(C=1).fit(X, y), OffsetSVC(C=1, random_state=0).fit(X, y)
    unmoved = BlockLinearSVC(C=1, folds=0).fit(X, y)
    new = sp.csr_matrix(draw.normal(size=(500, 200)) + 0.4 * (np.arange(500) < 75)[:, np.newaxis])
    wrong = [int((model.predict(new) != (np.arange(500) < 75)).sum()) for model in (mine, theirs, unmoved)]
    assert mine.intercept_ > unmoved.intercept_
    assert wrong[0] <= wrong[1] + 3
    assert wrong[0] < wrong[2]


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 40), st.integers(2, 3), st.integers(0, 5))
def test_blocks_of_any_size_give_the_same_model(size, classes, seed):
    X = rows_of(40, seed=seed)
    y = codes_of(X, classes)
    with pytest.MonkeyPatch.context() as patch:
        whole = [model.fit(X, y) for model in (BlockLogisticRegression(), BlockMultinomialNB(), BlockComplementNB())]
        patch.setattr("tenfold.models.row_blocks.BLOCK_ROWS", size)
        for before in whole:
            after = type(before)().fit(X, y)
            np.testing.assert_allclose(after.predict_proba(X), before.predict_proba(X), atol=1e-5)


@pytest.mark.parametrize(("mine", "theirs"), [(BlockMultinomialNB, MultinomialNB), (BlockComplementNB, ComplementNB)])
def test_naive_bayes_is_that_of_scikit_learn(monkeypatch, mine, theirs):
    monkeypatch.setattr("tenfold.models.row_blocks.BLOCK_ROWS", 7)
    X = (rows_of() * 5).ceil()
    y = codes_of(X, 3)
    model, other = mine(alpha=0.1).fit(X[:50], y[:50]).fit(X, y), theirs(alpha=0.1).fit(X, y)
    np.testing.assert_array_equal(model.feature_log_prob_, other.feature_log_prob_)
    np.testing.assert_array_equal(model.predict(X), other.predict(X))
    np.testing.assert_allclose(model.predict_proba(X), other.predict_proba(X), rtol=1e-12)


def test_blocks_kept_in_a_file_are_the_same_and_the_file_has_no_name(monkeypatch, tmp_path):
    monkeypatch.setattr("tenfold.models.row_blocks.BLOCK_ROWS", 7)
    X = rows_of()
    on_disk = RowBlocks(X.shape, row_blocks(X).read, tmp_path)
    kept = on_disk.kept()
    assert (kept.matrix() != X).nnz == 0
    assert (kept.matrix() != X).nnz == 0
    assert not list(tmp_path.iterdir())
    y = codes_of(X, 2)
    models = [BlockLogisticRegression().fit(rows, y) for rows in (X, on_disk)]
    np.testing.assert_array_equal(models[0].coef_, models[1].coef_)


def test_a_full_disk_is_one_clear_line(monkeypatch, tmp_path):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("tenfold.models.row_blocks.TemporaryFile", full)
    with pytest.raises(StorageError, match=r"cannot be written: No space left on device\. Do: free some space"):
        RowBlocks(rows_of().shape, row_blocks(rows_of()).read, tmp_path).kept()


def test_no_rows_have_no_predictions():
    model = BlockLogisticRegression().fit(rows_of(), codes_of(rows_of(), 2))
    assert model.predict(sp.csr_matrix((0, 12))).shape == (0,)
    assert in_blocks(lambda block: block.toarray(), sp.csr_matrix((0, 3))).shape == (0, 3)


def test_one_class_and_too_few_steps_are_told():
    X = rows_of()
    with pytest.raises(ValueError, match="greater than one"):
        BlockLogisticRegression().fit(X, np.zeros(90))
    with pytest.warns(ConvergenceWarning, match="no optimum in 1 step"):
        BlockLogisticRegression(C=1e4, max_iter=1).fit(X, codes_of(X, 2))


def test_each_part_of_a_message_has_the_weights_and_the_length_of_scikit_learns():
    X = messages()
    weights, first = MessageTerms().fit_transform(X), 0
    for *_, width, length in MESSAGE_PARTS:
        counts = term_counts(X)[:, first : first + width]
        theirs = TfidfTransformer(sublinear_tf=True).fit_transform(counts) * length
        assert abs(weights[:, first : first + width] - theirs).max() < 1e-12
        first += width


@pytest.mark.parametrize(
    "model", [BlockLogisticRegression(), BlockLinearSVC(), BlockMultinomialNB(), BlockComplementNB()]
)
def test_a_model_of_hashed_messages_is_a_program(model):
    X = messages()
    y = (X["body"].str.contains("free") | X["subject"].str.contains("pills")).to_numpy(np.int64)
    terms = MessageTerms(presence="NB" in type(model).__name__)
    pipeline = make_pipeline(terms, model).fit(X, y)
    program = assert_same_classes(pipeline, X, 2)
    assert "hashed_terms" in {step.operation for step in program.steps}
