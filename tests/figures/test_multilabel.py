"""Figures of several labels are scikit-learn's; their intervals hold the truth about as often as they say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from tenfold.errors import DataError
from tenfold.figures import Contender, better, choose, leader_board, shared_errors
from tenfold.figures.labels.evaluate import influence_of
from tenfold.figures.labels.rows import LabelRows, checked_label_rows
from tenfold.tasks import LabelTask

LABELS = ("large", "odd", "round")
TASK = LabelTask(LABELS)


def drawn(seed, n=80, k=3):
    rng = np.random.default_rng(seed)
    y = (rng.random((n, k)) < rng.uniform(0.2, 0.8, k)).astype(int)
    scores = np.clip(rng.normal(0.3 + 0.4 * y, 0.25), 0, 1).round(2)
    return y, (scores > 0.5).astype(int), scores


def close(found, key, expected):
    assert found.metrics[key].value == pytest.approx(expected, abs=1e-12), key


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_every_figure_is_scikit_learns(seed):
    y, called, scores = drawn(seed)
    found = TASK.evaluate(y, called, scores, probabilities=True, resamples=20)
    close(found, "exact_match", sk.accuracy_score(y, called))
    close(found, "hamming_loss", sk.hamming_loss(y, called))
    for name, function in (("precision", sk.precision_score), ("recall", sk.recall_score), ("f1", sk.f1_score)):
        for average in ("macro", "weighted", "micro", "samples"):
            close(found, f"{name}_{average}", function(y, called, average=average, zero_division=np.nan))
        for c, label in enumerate(LABELS):
            close(found, f"{name}:{label}", function(y[:, c], called[:, c]))
    for average in ("macro", "weighted"):
        close(found, f"roc_auc_{average}", sk.roc_auc_score(y, scores, average=average))
        close(found, f"average_precision_{average}", sk.average_precision_score(y, scores, average=average))
    for c, label in enumerate(LABELS):
        close(found, f"mcc:{label}", sk.matthews_corrcoef(y[:, c], called[:, c]))
        close(found, f"log_loss:{label}", sk.log_loss(y[:, c], scores[:, c], labels=[0, 1]))
        close(found, f"brier:{label}", sk.brier_score_loss(y[:, c], scores[:, c]))
    assert found.confusion_matrix.tolist() == sk.multilabel_confusion_matrix(y, called).tolist()
    assert tuple(found.metrics) == TASK.metric_keys


def test_every_figure_has_an_interval_around_it_with_n_and_folds():
    y, called, scores = drawn(1)
    found = TASK.evaluate(y, called, scores, probabilities=True, fold=np.arange(80) % 4, resamples=50)
    for key, one in found.metrics.items():
        assert one.low <= one.value <= one.high, key
        assert one.low < one.high, key
        assert one.interval, key
        assert 0 < one.n <= 80, key
        assert len(one.folds) == 4, key
    part = np.arange(80) % 4 == 2
    assert found.metrics["f1_macro"].folds[2] == pytest.approx(sk.f1_score(y[part], called[part], average="macro"))


def test_the_order_of_rows_and_of_labels_does_not_matter():
    y, called, scores = drawn(2)
    found = TASK.evaluate(y, called, scores, probabilities=True, resamples=20)
    order, turn = np.random.default_rng(0).permutation(80), [2, 0, 1]
    other = TASK.evaluate(y[order], called[order], scores[order], probabilities=True, resamples=20)
    turned = LabelTask(tuple(LABELS[c] for c in turn))
    third = turned.evaluate(y[:, turn], called[:, turn], scores[:, turn], probabilities=True, resamples=20)
    for key in TASK.metric_keys:
        assert other.metrics[key].value == pytest.approx(found.metrics[key].value), key
        assert third.metrics[key].value == pytest.approx(found.metrics[key].value), key


@pytest.mark.parametrize("key", [key for key in TASK.metric_keys if not key.startswith(("mcc", "brier:", "log_loss:"))])
def test_influence_is_the_change_that_a_row_makes(key):
    """Doubling a row changes a figure by its influence, to first order."""
    y, called, scores = drawn(3, n=400)
    rows = LabelRows(LABELS, y, called, scores, True, None)
    whole = influence_of(rows, key)
    for row in (0, 7, 100):
        more = np.append(np.arange(400), row)
        twice = influence_of(LabelRows(LABELS, y[more], called[more], scores[more], True, None), key)
        assert twice.value - whole.value == pytest.approx(whole.rows[row], abs=2e-4)


@pytest.mark.parametrize("key", ["f1_macro", "f1_weighted", "f1_micro", "f1_samples", "hamming_loss", "exact_match"])
def test_intervals_hold_the_truth_about_as_often_as_they_say(key):
    truth = TASK.evaluate(*drawn_answers(0, 100_000), None, probabilities=False, resamples=2).metrics[key].value
    held = 0
    for seed in range(150):
        one = TASK.evaluate(*drawn_answers(seed + 1, 200), None, probabilities=False, resamples=2).metrics[key]
        held += one.low <= truth <= one.high
    assert held >= 135


def drawn_answers(seed, n):
    rng = np.random.default_rng(seed)
    y = (rng.random((n, 3)) < (0.3, 0.5, 0.2)).astype(int)
    hard = rng.random((n, 1)) < 0.2
    wrong = rng.random((n, 3)) < np.where(hard, 0.4, 0.03)
    return y, np.where(wrong, 1 - y, y)


def test_without_an_error_the_interval_still_has_width():
    y, _, _ = drawn(4)
    found = TASK.evaluate(y, y, None, probabilities=False, resamples=20)
    assert found.metrics["f1_macro"].value == 1.0
    assert found.metrics["f1_macro"].low < 1.0
    assert found.metrics["hamming_loss"].value == 0.0
    assert found.metrics["hamming_loss"].high > 0.0


def test_what_is_undefined_says_why():
    y = np.array([[1, 0], [1, 0], [0, 0]])
    found = LabelTask(("a", "<b>")).evaluate(y, np.zeros_like(y), None, probabilities=False, resamples=5)
    assert found.metrics["precision_macro"].reason == "no row was called 'a'"
    assert found.metrics["recall_macro"].reason == "label '<b>' has one answer in all rows"
    assert found.metrics["precision_samples"].reason == "no label was called true"
    assert found.metrics["roc_auc_macro"].reason == "the candidate gives no scores"
    assert found.metrics["f1:<b>"].value is None
    assert found.metrics["f1_weighted"].value == 0.0


def test_rows_that_do_not_fit_are_refused():
    y, called, scores = drawn(5)
    for bad in (y[:, :2], y[:-1], y + 1):
        with pytest.raises(ValueError, match="must h"):
            checked_label_rows(TASK.classes, y, bad, scores, probabilities=True)
    scores[3, 1] = np.inf
    with pytest.raises(DataError, match="row 3"):
        checked_label_rows(TASK.classes, y, called, scores, probabilities=True)
    with pytest.raises(ValueError, match="weights"):
        TASK.evaluate(y, called, None, probabilities=False, sample_weight=np.ones(80))


def test_less_is_better_for_losses():
    assert [better(key) for key in ("hamming_loss", "log_loss_macro", "brier:odd", "f1_macro", "exact_match")] == [
        *(-1, -1, -1),
        *(1, 1),
    ]


@pytest.mark.parametrize("metric", ["f1_macro", "exact_match", "hamming_loss", "roc_auc_macro", "f1:odd"])
def test_the_better_of_two_leads_and_the_difference_is_paired(metric):
    y, called, scores = drawn(6, n=300)
    worse = np.where(np.random.default_rng(0).random(y.shape) < 0.2, 1 - called, called)
    contenders = [
        Contender("bad", worse, np.where(worse != called, 1 - scores, scores), True, 1.0),
        Contender("good", called, scores, True, 2.0),
    ]
    board = leader_board(TASK, y, contenders, metric)
    first, second = board.standings
    assert (first.name, second.name, choose(board).name) == ("good", "bad", "good")
    assert second.difference.value == pytest.approx(second.estimate.value - first.estimate.value)
    assert not second.tied_with_best


def test_equal_candidates_are_tied_and_the_cheaper_is_chosen():
    y, called, scores = drawn(7)
    twins = [Contender(name, called, scores, True, cost) for name, cost in (("a", 2.0), ("b", 1.0))]
    board = leader_board(TASK, y, twins, "f1_macro")
    assert [one.tied_with_best for one in board.standings] == [True, True]
    assert choose(board).name == "b"


@given(st.integers(0, 1000))
def test_shared_errors_count_rows(seed):
    y, called, _ = drawn(seed)
    wrong = y != called
    found = shared_errors(y, called)
    assert found.together[0, 1] == (wrong[:, 0] & wrong[:, 1]).sum()
    assert np.diag(found.together).tolist() == wrong.sum(axis=0).tolist()
    assert found.by_chance[0, 2] == pytest.approx(wrong[:, 0].mean() * wrong[:, 2].mean() * 80)
