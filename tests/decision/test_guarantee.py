"""A guaranteed threshold must hold in the population, not only on the rows it was chosen on."""

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import binom, binomtest

from tenfold.decision.guarantee import _fallback, _p_values, guaranteed_threshold
from tenfold.decision.rule import parse_rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import UsageError
from tenfold.figures.curves.curves import threshold_curve

SHIFT, PREVALENCE, SIMULATIONS = 2.0, 0.3, 400


def truth(metric, threshold):
    positive, negative = PREVALENCE * ndtr(SHIFT - threshold), (1 - PREVALENCE) * ndtr(-threshold)
    return {
        "precision": positive / (positive + negative),
        "recall": ndtr(SHIFT - threshold),
        "specificity": ndtr(threshold),
    }[metric]


def simulated(rng, n):
    y = (rng.random(n) < PREVALENCE).astype(np.int64)
    return threshold_curve(y, rng.normal(SHIFT * y))


@pytest.mark.parametrize(("metric", "target"), [("precision", 0.8), ("recall", 0.9), ("specificity", 0.9)])
@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_true_value_misses_the_target_no_oftener_than_allowed(metric, target, confidence):
    rng = np.random.default_rng(0)
    chosen = [
        guaranteed_threshold(simulated(rng, 500), metric, target, confidence).threshold for _ in range(SIMULATIONS)
    ]
    found = [threshold for threshold in chosen if threshold is not None]
    missed = sum(truth(metric, threshold) < target for threshold in found)
    # As many misses as the 99.9 % quantile of the number allowed.
    assert missed <= binom.ppf(0.999, SIMULATIONS, 1 - confidence)
    assert len(found) > 0.9 * SIMULATIONS


def test_the_threshold_without_guarantee_misses_about_half_the_time():
    rng, missed = np.random.default_rng(0), 0
    for _ in range(100):
        curve = simulated(rng, 500)
        missed += truth("precision", curve.thresholds[np.flatnonzero(curve.precision >= 0.8)[-1]]) < 0.8
    assert missed > 30


def test_more_rows_cost_less_recall():
    rng, recalls = np.random.default_rng(1), []
    for n in (500, 20_000):
        found = [guaranteed_threshold(simulated(rng, n), "precision", 0.8, 0.95).threshold for _ in range(20)]
        recalls.append(np.median([0.0 if threshold is None else truth("recall", threshold) for threshold in found]))
    best = truth("recall", min(t for t in np.linspace(-3, 3, 601) if truth("precision", t) >= 0.8))
    assert recalls[0] < recalls[1] < best
    assert best - recalls[1] < 0.05


def test_many_equal_scores_are_one_threshold():
    y = np.repeat([1, 0, 1, 0], [180, 2, 20, 198])
    scores = np.repeat([0.9, 0.9, 0.1, 0.1], [180, 2, 20, 198])
    assert guaranteed_threshold(threshold_curve(y, scores), "precision", 0.9, 0.95).threshold == 0.9
    assert guaranteed_threshold(threshold_curve(y, scores), "recall", 0.85, 0.95).threshold == 0.9
    assert guaranteed_threshold(threshold_curve(y, scores), "specificity", 0.9, 0.95).threshold == 0.9


def test_what_cannot_be_guaranteed_is_refused_with_the_best_bound():
    y, scores = np.arange(40) % 2, np.arange(40) % 2 / 2 + np.arange(40) / 100
    with pytest.raises(UsageError, match=r"the best precision .* is 0.86"):
        choose_decision(parse_rule("precision>=0.99 @ 95%"), y, scores, probabilities=True, classes=("ham", "spam"))


def test_p_values_are_exact_binomial():
    for successes, trials, share in ((0, 10, 0.9), (9, 10, 0.9), (30, 30, 0.8), (450, 500, 0.88)):
        expected = binomtest(successes, trials, share, alternative="greater").pvalue
        assert _p_values(np.array([successes]), np.array([trials]), share)[0] == pytest.approx(expected)


def test_the_fallback_carries_its_level_on_success_and_starts_anew_after_failure():
    levels = np.array([0.0, 0.02, 0.0, 0.0, 0.03, 0.0])
    assert _fallback(np.array([0.0, 0.01, 0.02, 0.04, 0.03, 0.031]), levels).tolist() == [1, 2, 4]
    assert _fallback(np.array([0.0, 0.01, 0.02, 0.02, 0.05, 0.05]), levels).tolist() == [1, 2, 3, 4, 5]


def test_of_few_distinct_scores_every_one_is_looked_at():
    rng = np.random.default_rng(0)
    y = (rng.random(60_000) < 0.09).astype(int)
    scores = np.round(np.clip(rng.normal(0.02 + 0.6 * y, 0.1), 0, 1), 2)
    curve = threshold_curve(y, scores)
    found = guaranteed_threshold(curve, "precision", 0.9, 0.95).threshold
    plain = curve.thresholds[np.flatnonzero(curve.precision >= 0.9)[-1]]
    assert plain <= found <= plain + 0.02 + 1e-9
