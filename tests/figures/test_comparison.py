import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from tenfold.errors import UsageError
from tenfold.figures import (
    Contender,
    better,
    choose,
    evaluate,
    fold_agreement,
    holm,
    leader_board,
    mcnemar,
    metric_keys,
    paired_difference,
)
from tenfold.figures.comparison.paired import influence_on
from tenfold.figures.rows import checked_rows
from tests.figures.judged_rows import samples, task_of


def noisy(name, y, noise, seconds, seed=0, probabilities=False):
    scores = y + np.random.default_rng(seed).normal(scale=noise, size=len(y))
    return Contender(name, (scores > 0.5).astype(int), scores, probabilities, seconds)


@pytest.fixture
def y():
    return np.arange(1000) % 2


def test_the_board_says_who_is_tied_with_the_best(y):
    contenders = [
        noisy("slow", y, 0.4, 100.0, seed=1),
        noisy("quick", y, 0.4, 1.0, seed=2),
        noisy("poor", y, 2.0, 0.1),
        Contender("baseline", 0 * y, 0.0 * y, False, 0.01),
    ]
    board = leader_board(task_of(2), y, contenders, "roc_auc", baseline="baseline")
    assert {one.name for one in board.standings if one.tied_with_best} == {"slow", "quick"}
    assert [one.name for one in board.standings][2:] == ["poor", "baseline"]
    values = [one.estimate.value for one in board.standings]
    assert values == sorted(values, reverse=True)
    assert board.standings[0].difference is None
    assert all(one.difference.high < 0 for one in board.standings[2:])


def test_each_candidate_is_compared_with_the_baseline_whichever_is_better(y):
    """By a loss less is better; the baseline itself, and a board without one, have no such difference."""
    sure, unsure = Contender("sure", y, y * 0.8 + 0.1, True, 2.0), Contender("unsure", y, 0.9 - y * 0.8, True, 1.0)
    base = Contender("baseline", 0 * y, 0.5 + 0.0 * y, True, 0.0)
    for metric in ("brier", "roc_auc"):
        board = leader_board(task_of(2), y, [sure, unsure, base], metric, baseline="baseline")
        beats = {one.name: one.beats_baseline for one in board.standings}
        assert beats == {"sure": True, "unsure": False, "baseline": None}
    board = leader_board(task_of(2), y, [sure, unsure], metric, baseline="baseline")
    assert [one.to_baseline for one in board.standings] == [None, None]


def test_a_clearly_better_candidate_is_chosen_though_dearer(y):
    contenders = [noisy("forest", y, 0.3, 100.0), noisy("sgd", y, 0.6, 1.0)]
    for metric in ("accuracy", "average_precision", "f1", "roc_auc", "mcc"):
        assert choose(leader_board(task_of(2), y, contenders, metric)).name == "forest"


def test_losses_rank_the_lowest_first(y):
    sure, unsure = Contender("sure", y, y * 0.8 + 0.1, True, 2.0), Contender("unsure", y, y * 0.2 + 0.4, True, 1.0)
    for metric in ("log_loss", "brier"):
        board = leader_board(task_of(2), y, [unsure, sure], metric)
        assert [one.name for one in board.standings] == ["sure", "unsure"]
        assert board.standings[1].difference.low > 0
    assert better("brier") == better("log_loss") == -better("f1:class 1") == -1


def test_a_candidate_without_the_metric_stands_last_and_is_tied_with_none(y):
    silent = Contender("silent", y, None, False, 0.0)
    board = leader_board(task_of(2), y, [silent, noisy("heard", y, 3.0, 9.0)], "roc_auc")
    assert choose(board).name == "heard"
    assert board.standings[1].name == "silent"
    assert not board.standings[1].tied_with_best


def test_an_unknown_metric_is_refused_with_a_near_one(y):
    with pytest.raises(UsageError, match="Did you mean 'accuracy'"):
        leader_board(task_of(2), y, [noisy("one", y, 1.0, 1.0)], "acuracy")


def test_an_estimate_given_is_used_as_it_is(y):
    contender = noisy("one", y, 1.0, 1.0)
    estimate = evaluate(task_of(2), y, contender.predicted, contender.scores, probabilities=False).metrics["f1"]
    known = Contender("one", contender.predicted, contender.scores, False, 1.0, estimate)
    assert leader_board(task_of(2), y, [known], "f1").standings[0].estimate is estimate


@given(samples(least=5))
def test_influences_are_the_change_by_a_little_more_of_each_row(sample):
    rows = checked_rows(*sample[:4], probabilities=True, sample_weight=sample.weight)
    weight = np.ones(len(sample.y)) if sample.weight is None else sample.weight
    for key in metric_keys(sample.task):
        found = influence_on(sample.task, rows, key)
        if found.value is None:
            continue
        for row in (0, len(weight) // 2):
            ends = []
            for step in (1e-4, -1e-4):
                more = weight * (1 + step * (np.arange(len(weight)) == row))
                ends.append(
                    influence_on(sample.task, checked_rows(*sample[:4], probabilities=True, sample_weight=more), key)
                )
            if any(end.value is None for end in ends):
                continue
            assert found.rows[row] == pytest.approx((ends[0].value - ends[1].value) / 2e-4, abs=1e-5), key


@given(samples(least=5))
def test_influences_know_the_value_that_evaluate_gives(sample):
    rows = checked_rows(*sample[:4], probabilities=True, sample_weight=sample.weight)
    found = evaluate(*sample[:4], probabilities=True, sample_weight=sample.weight, resamples=2).metrics
    for key, estimate in found.items():
        value = influence_on(sample.task, rows, key).value
        assert (value is None) == (estimate.value is None)
        assert value is None or value == pytest.approx(estimate.value)


@pytest.mark.parametrize("metric", ["f1", "accuracy", "roc_auc", "average_precision", "mcc", "brier"])
def test_the_paired_interval_is_as_wide_as_a_bootstrap_of_the_rows(y, metric):
    rng, task = np.random.default_rng(0), task_of(2)
    y = y[:300]
    shared = rng.normal(size=300)
    tables = [np.clip(0.5 + (y - 0.5) * 0.3 + 0.2 * (shared + rng.normal(size=300)), 0, 1) for _ in range(2)]
    rows = [checked_rows(task, y, (s > 0.5).astype(int), s, probabilities=True) for s in tables]
    found = paired_difference(task, *rows, metric)
    replicates = []
    for _ in range(400):
        picked = np.concatenate([rng.choice(np.flatnonzero(y == c), 150) for c in (0, 1)])
        again = [
            checked_rows(task, y[picked], (s[picked] > 0.5).astype(int), s[picked], probabilities=True) for s in tables
        ]
        values = [influence_on(task, one, metric).value for one in again]
        replicates.append(values[0] - values[1])
    assert (found.high - found.low) / 3.92 == pytest.approx(np.std(replicates), rel=0.15)
    assert found.low <= found.value <= found.high


@given(samples(least=2), st.integers(0, 100))
def test_a_candidate_is_tied_with_its_double(sample, row):
    one = Contender("one", sample.predicted, sample.scores, True, 2.0)
    two = Contender("two", sample.predicted, sample.scores, True, 1.0)
    board = leader_board(sample.task, sample.y, [one, two], "accuracy", sample_weight=sample.weight)
    assert choose(board).name == "two"
    assert all(standing.tied_with_best for standing in board.standings)


def test_mcnemar_is_exact_for_few_and_chi_square_for_many():
    def pair(only_a, only_b):
        return np.repeat([True, False, True], [only_a, only_b, 5]), np.repeat([False, True, True], [only_a, only_b, 5])

    assert mcnemar(*pair(9, 1)) == pytest.approx(2 * 11 / 2**10)
    assert mcnemar(*pair(0, 0)) == mcnemar(*pair(4, 4)) == 1.0
    # Chi-square of 6.4 on one degree of freedom.
    assert mcnemar(*pair(28, 12)) == pytest.approx(0.0177, abs=1e-3)
    assert mcnemar(*pair(12, 28)) == mcnemar(*pair(28, 12))


def test_holm_adjusts_by_rank_and_never_falls():
    assert holm([0.04, 0.01, 0.03]).tolist() == pytest.approx([0.06, 0.03, 0.06])
    assert holm([0.9, 0.8]).tolist() == [1.0, 1.0]
    assert holm([]).tolist() == []


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(1, 50)), min_size=2, max_size=6))
def test_fold_agreement_is_the_chi_square_of_the_table(table):
    fold = np.repeat(np.arange(len(table)) * 10, [sum(cells) for cells in table])
    correct = np.concatenate([np.repeat([True, False], cells) for cells in table])
    assert fold_agreement(correct, fold) == pytest.approx(chi2_contingency(table, correction=False).pvalue)


def test_fold_agreement_is_undefined_without_anything_to_compare():
    assert fold_agreement(np.ones(4, bool), np.array([0, 0, 1, 1])) is None
    assert fold_agreement(np.array([True, False]), np.array([0, 0])) is None
