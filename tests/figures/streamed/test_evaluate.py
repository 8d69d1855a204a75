"""Streamed figures are those in memory: same values, same intervals, ties and tiny buckets included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from tenfold.decision.rule import parse_rule
from tenfold.decision.stretches import deciding_curve
from tenfold.decision.threshold import choose_decision, decision_on_curve
from tenfold.errors import UsageError
from tenfold.figures import Contender, choose, evaluate, leader_board
from tenfold.figures.streamed import buckets
from tenfold.figures.streamed.comparison import streamed_board
from tenfold.figures.streamed.evaluate import evaluate_streamed
from tenfold.figures.streamed.predictions import AnswerBlock, StreamedAnswers, own_answers
from tenfold.figures.streamed.ranking import stretches
from tenfold.tasks import ClassTask

FOLDS = 3


@pytest.fixture(autouse=True)
def _small_buckets(monkeypatch):
    """Buckets of 300 rows, so that a few thousand rows are sorted on disk as millions are."""
    monkeypatch.setattr(buckets, "BUCKET_ROWS", 300)
    monkeypatch.setattr(buckets.cuts, "__defaults__", (300,))
    monkeypatch.setattr(buckets.Buckets.pieces, "__defaults__", (300,))


def a_task(k):
    return ClassTask(("a", "b"), "b") if k == 2 else ClassTask(tuple("abcdef"[:k]))


def drawn(k, rows, ties, seed):
    rng = np.random.default_rng(seed)
    y, fold = rng.integers(0, k, rows), rng.integers(0, FOLDS, rows)
    y[: k * FOLDS], fold[: k * FOLDS] = np.repeat(np.arange(k), FOLDS), np.tile(np.arange(FOLDS), k)
    scores = np.exp(np.eye(k)[y] + rng.normal(size=(rows, k)))
    scores /= scores.sum(axis=1, keepdims=True)
    scores = np.round(scores, 1) if ties else scores
    return y, fold, scores[:, 1:] if k == 2 else scores


def streamed(k, y, fold, scores, block_rows, name="x"):
    def blocks():
        for start in range(0, len(y), block_rows):
            part = slice(start, start + block_rows)
            yield AnswerBlock(y[part], fold[part], scores[part])

    return StreamedAnswers(name, len(y), FOLDS, k, True, blocks)


def in_memory(task, y, fold, scores):
    flat = scores[:, 0] if scores.shape[1] == 1 else scores
    return evaluate(task, y, own_answers(scores, True), flat, probabilities=True, fold=fold)


def assert_same(found, known):
    assert list(found.metrics) == list(known.metrics)
    assert np.array_equal(found.confusion_matrix, known.confusion_matrix)
    for key, wanted in known.metrics.items():
        got = found.metrics[key]
        assert (got.n, got.positives, got.interval, got.reason) == (
            wanted.n,
            wanted.positives,
            wanted.interval,
            wanted.reason,
        ), key
        for name in ("value", "low", "high"):
            assert getattr(got, name) == pytest.approx(getattr(wanted, name), abs=1e-12), (key, name)
        assert got.folds == pytest.approx(wanted.folds, abs=1e-12), key


@given(
    k=st.sampled_from([2, 3, 5]),
    rows=st.integers(40, 2500),
    ties=st.booleans(),
    block_rows=st.integers(7, 900),
    seed=st.integers(0, 10**6),
)
@settings(max_examples=25)
def test_every_figure_equals_that_in_memory(k, rows, ties, block_rows, seed, tmp_path_factory):
    task, (y, fold, scores) = a_task(k), drawn(k, rows, ties, seed)
    folder = tmp_path_factory.mktemp("order")
    found = evaluate_streamed(task, streamed(k, y, fold, scores, block_rows), folder)
    assert_same(found.evaluation, in_memory(task, y, fold, scores))


def test_scores_that_are_all_equal_need_no_sorting(tmp_path):
    task, (y, fold, scores) = a_task(2), drawn(2, 5000, ties=False, seed=0)
    scores[:] = 0.25
    found = evaluate_streamed(task, streamed(2, y, fold, scores, 700), tmp_path)
    assert_same(found.evaluation, in_memory(task, y, fold, scores))
    assert found.evaluation.metrics["roc_auc"].value == 0.5


def test_ranking_figures_equal_scikit_learns(tmp_path):
    task, (y, fold, scores) = a_task(2), drawn(2, 6000, ties=True, seed=5)
    metrics = evaluate_streamed(task, streamed(2, y, fold, scores, 512), tmp_path).evaluation.metrics
    assert metrics["roc_auc"].value == pytest.approx(roc_auc_score(y, scores[:, 0]), abs=1e-12)
    assert metrics["average_precision"].value == pytest.approx(average_precision_score(y, scores[:, 0]), abs=1e-12)


RULES = ["precision>=0.7", "recall>=0.9", "specificity>=0.95", "f1", "cost fp=1 fn=5", "cost fp=9 fn=1",
         "precision>=0.6 @ 95%", "recall>=0.8 @ 90%", "precision>=0.999", "f1 prior=0.3",
         "precision>=0.7 prior=0.6"]  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("ties", [False, True])
def test_a_rule_chooses_the_threshold_that_it_chooses_in_memory(rule, ties, tmp_path):
    rule = parse_rule(rule)
    for seed, rows in enumerate((60, 900, 4000)):
        y, fold, scores = drawn(2, rows, ties, seed)
        answers = streamed(2, y, fold, scores, 333)
        found = evaluate_streamed(a_task(2), answers, tmp_path / str(seed))
        column, class_rows = found.survey.ordered[0], found.survey.counts.sum(axis=1)
        outcomes = []
        for attempt in (
            lambda y=y, scores=scores: choose_decision(rule, y, scores[:, 0], probabilities=True, classes=("a", "b")),
            lambda column=column, class_rows=class_rows, rows=rows: decision_on_curve(
                rule, deciding_curve(rule, stretches(column, class_rows), rows), "b"
            ),
        ):
            try:
                outcomes.append(attempt())
            except UsageError as fault:
                outcomes.append(str(fault))
        assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize(
    ("k", "metric"),
    [
        *((2, metric) for metric in ("accuracy", "f1", "mcc", "roc_auc", "average_precision", "log_loss")),
        *((3, metric) for metric in ("accuracy", "f1_macro", "roc_auc_macro", "average_precision_weighted")),
        (3, "roc_auc:b"),
    ],
)
def test_the_leader_board_is_that_in_memory(k, metric, tmp_path):
    task, y_fold = a_task(k), None
    contenders, answers, figures = [], {}, {}
    for place, name in enumerate(("one", "two", "three")):
        y, fold, scores = drawn(k, 3000, place == 1, seed=place)
        y_fold = y_fold or (y, fold)
        answers[name] = streamed(k, *y_fold, scores, 450, name)
        figures[name] = evaluate_streamed(task, answers[name], tmp_path / name, metric)
        flat = scores[:, 0] if k == 2 else scores
        contenders.append(Contender(name, own_answers(scores, True), flat, True, seconds=float(place)))
    seconds = {one.name: one.seconds for one in contenders}
    found = streamed_board(task, answers, figures, metric, seconds, "three")
    known = leader_board(task, y_fold[0], contenders, metric, baseline="three", fold=y_fold[1])
    assert choose(found) == choose(known)
    for got, wanted in zip(found.standings, known.standings, strict=True):
        assert (got.name, got.tied_with_best) == (wanted.name, wanted.tied_with_best)
        assert (got.difference is None) == (wanted.difference is None)
        for name in ("value", "low", "high") if got.difference is not None else ():
            assert getattr(got.difference, name) == pytest.approx(getattr(wanted.difference, name), abs=1e-12)
