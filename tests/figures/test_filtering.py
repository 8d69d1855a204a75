"""The figures by which filters of mail are compared."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.figures import Estimate, evaluate
from tenfold.figures.classes import Classes
from tenfold.figures.filtering import FILTER_KEYS, filter_estimates
from tenfold.figures.intervals.closed import wilson

TASK = Classes(("ham", "spam"), positive="spam")


def _of_counts(false_alarms, ham, misses, spam):
    shares = {}
    for key, errors, n in (("specificity", false_alarms, ham), ("recall", misses, spam)):
        low, high = (float(end) for end in wilson(n - errors, n))
        shares[key] = Estimate(1 - errors / n, low, high, n)
    return filter_estimates({**shares, "roc_auc": Estimate(0.99, 0.98, 0.995, ham + spam)})


def test_they_are_the_errors_that_a_confusion_matrix_counts():
    rng = np.random.default_rng(0)
    y = (np.arange(300) < 60).astype(int)
    scores = y + rng.normal(0, 0.4, 300)
    found = evaluate(TASK, y, (scores > 0.5).astype(int), scores, probabilities=False, fold=np.arange(300) % 3)
    rates = filter_estimates(found.metrics)
    (right, alarms), (missed, hits) = found.confusion_matrix
    assert tuple(rates) == FILTER_KEYS
    assert rates["false_positive_rate"].value == pytest.approx(alarms / (alarms + right))
    assert rates["miss_rate"].value == pytest.approx(missed / (missed + hits))
    assert rates["roc_auc_lack"].value == pytest.approx(1 - found.metrics["roc_auc"].value)
    assert len(rates["miss_rate"].folds) == 3
    assert rates["miss_rate"].low <= rates["miss_rate"].value <= rates["miss_rate"].high


@given(st.integers(0, 50), st.integers(50, 5000), st.integers(0, 50), st.integers(50, 5000))
def test_the_logistic_average_lies_between_both_rates_and_in_its_interval(false_alarms, ham, misses, spam):
    rates = _of_counts(false_alarms, ham, misses, spam)
    mean, both = rates["logistic_average"], sorted((false_alarms / ham, misses / spam))
    if mean.value is None:
        assert both == [0.0, 1.0]
        return
    assert both[0] - 1e-12 <= mean.value <= both[1] + 1e-12
    assert 0 <= mean.low <= mean.value <= mean.high <= 1


def test_its_interval_holds_the_true_value_as_often_as_it_says():
    rng, true = np.random.default_rng(1), 1 / (1 + np.exp(-np.mean([np.log(0.004 / 0.996), np.log(0.03 / 0.97)])))
    draws = zip(rng.binomial(2200, 0.004, 600), rng.binomial(400, 0.03, 600), strict=True)
    means = [_of_counts(int(a), 2200, int(m), 400)["logistic_average"] for a, m in draws]
    inside = np.mean([one.low <= true <= one.high for one in means])
    assert 0.92 <= inside <= 0.99


def test_a_rate_that_is_undefined_leaves_its_mean_undefined():
    nothing = Estimate(None, None, None, 0, reason="there is no row of class 'spam'")
    share = Estimate(0.99, 0.98, 0.995, 100)
    rates = filter_estimates({"specificity": share, "recall": nothing, "roc_auc": nothing})
    assert rates["logistic_average"].value is None
    assert "spam" in rates["logistic_average"].reason
