import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sk

from tenfold.figures import average_precision, one_vs_rest_curves, roc_auc, threshold_curve
from tests.figures.judged_rows import samples


def binary(**options):
    return samples(k=st.just(2), least=2, **options).map(with_both_classes)


def with_both_classes(sample):
    sample.y[:2] = 0, 1
    return sample


@given(binary())
def test_the_curve_is_scikit_learns_roc_curve(sample):
    curve = threshold_curve(sample.y, sample.scores, sample.weight)
    fpr, tpr, thresholds = sk.roc_curve(sample.y, sample.scores, sample_weight=sample.weight, drop_intermediate=False)
    np.testing.assert_array_equal(curve.thresholds, thresholds[1:])
    np.testing.assert_allclose(curve.false_positive_rate, fpr[1:])
    np.testing.assert_allclose(curve.recall, tpr[1:])
    np.testing.assert_allclose(curve.specificity, 1 - fpr[1:], atol=1e-12)


@given(binary())
def test_the_curve_is_scikit_learns_precision_recall_curve(sample):
    curve = threshold_curve(sample.y, sample.scores, sample.weight)
    precision, recall, thresholds = sk.precision_recall_curve(sample.y, sample.scores, sample_weight=sample.weight)
    np.testing.assert_array_equal(curve.thresholds[::-1], thresholds)
    np.testing.assert_allclose(curve.precision[::-1], precision[:-1])
    np.testing.assert_allclose(curve.recall[::-1], recall[:-1])
    both = precision[:-1] + recall[:-1]
    harmonic = np.divide(2 * precision[:-1] * recall[:-1], both, out=np.zeros_like(both), where=both > 0)
    np.testing.assert_allclose(curve.f1[::-1], harmonic)


@given(binary())
def test_areas_are_scikit_learns(sample):
    curve = threshold_curve(sample.y, sample.scores, sample.weight)
    common = {"sample_weight": sample.weight}
    assert roc_auc(curve) == pytest.approx(sk.roc_auc_score(sample.y, sample.scores, **common))
    assert average_precision(curve) == pytest.approx(sk.average_precision_score(sample.y, sample.scores, **common))


@given(samples(k=st.just(2), weighted=False))
def test_lower_thresholds_call_more_and_end_with_all(sample):
    curve = threshold_curve(sample.y, sample.scores)
    called = curve.true_positives + curve.false_positives
    assert (np.diff(curve.thresholds) < 0).all()
    assert (np.diff(called) > 0).all()
    assert called[-1] == len(sample.y)
    assert curve.true_positives.dtype == np.int64


def test_areas_are_undefined_without_a_class():
    assert roc_auc(threshold_curve(np.array([1, 1]), np.array([0.0, 1.0]))) is None
    only_negatives = threshold_curve(np.array([0, 0]), np.array([0.0, 1.0]))
    assert roc_auc(only_negatives) is average_precision(only_negatives) is None


def test_no_rows_give_an_empty_curve():
    curve = threshold_curve(np.empty(0, np.int64), np.empty(0))
    assert len(curve.thresholds) == len(curve.precision) == 0


def test_rows_of_weight_zero_set_no_threshold():
    y, scores = np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3])
    assert threshold_curve(y, scores, np.array([1.0, 0.0, 1.0])).thresholds.tolist() == [0.3, 0.1]


def test_a_score_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="row 1"):
        threshold_curve(np.array([0, 1]), np.array([0.0, np.nan]))


def test_one_curve_a_class_against_the_rest():
    rng = np.random.default_rng(0)
    y, scores = rng.integers(0, 3, 60), rng.random((60, 3))
    areas = [roc_auc(curve) for curve in one_vs_rest_curves(y, scores)]
    assert areas == pytest.approx([sk.roc_auc_score(y == c, scores[:, c]) for c in range(3)])
