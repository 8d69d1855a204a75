"""Do 95 % intervals hold the truth about 95 times in a hundred? On samples simulated from a known population."""

import numpy as np
import pytest
from scipy.special import ndtr

from tenfold.figures import evaluate
from tests.figures.judged_rows import task_of

SHIFT, POSITIVES, NEGATIVES, SIMULATIONS = 1.5, 60, 140, 300


def population():
    true_positive, false_positive = ndtr(SHIFT - 1) * POSITIVES, ndtr(-1) * NEGATIVES
    rng = np.random.default_rng(0)
    large = evaluate(task_of(2), *sample(rng, 500), resamples=1, probabilities=False).metrics
    return {
        "roc_auc": ndtr(SHIFT / np.sqrt(2)),
        "f1": 2 * true_positive / (true_positive + false_positive + POSITIVES),
        "precision": true_positive / (true_positive + false_positive),
        "recall": ndtr(SHIFT - 1),
        "balanced_accuracy": (ndtr(SHIFT - 1) + ndtr(1)) / 2,
        "average_precision": large["average_precision"].value,
        "mcc": large["mcc"].value,
    }


def sample(rng, times=1):
    y = np.repeat([0, 1], [NEGATIVES * times, POSITIVES * times])
    scores = rng.normal(y * SHIFT)
    return y, (scores > 1).astype(int), scores


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(1)
    return [evaluate(task_of(2), *sample(rng), probabilities=False, resamples=300).metrics for _ in range(SIMULATIONS)]


@pytest.mark.parametrize("key", list(population()))
def test_intervals_cover_the_truth_as_often_as_they_say(found, key):
    truth = population()[key]
    covered = np.mean([one[key].low <= truth <= one[key].high for one in found])
    assert 0.90 <= covered <= 0.985, covered


def test_macro_auc_of_classes_that_share_rows_is_covered():
    rng, truth, covered = np.random.default_rng(2), ndtr(SHIFT / np.sqrt(2)), 0
    y = np.arange(150) % 3
    for _ in range(200):
        scores = rng.normal(np.eye(3)[y] * SHIFT)
        one = evaluate(task_of(3), y, y, scores, probabilities=False, resamples=1).metrics["roc_auc_macro"]
        covered += one.low <= truth <= one.high
    assert 0.90 <= covered / 200 <= 0.985
