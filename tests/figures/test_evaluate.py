import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk
from sklearn.exceptions import UndefinedMetricWarning

from tenfold.errors import DataError
from tenfold.figures import evaluate, metric_keys
from tests.figures.judged_rows import samples, task_of

BOUNDED = {"log_loss": np.inf, "brier": 2.0}


def evaluated(sample, **options):
    return evaluate(
        sample.task,
        sample.y,
        sample.predicted,
        sample.scores,
        probabilities=options.pop("probabilities", True),
        sample_weight=sample.weight,
        resamples=20,
        **options,
    ).metrics


def expect(estimate, reference, *arguments, **options):
    """The value is scikit-learn's; where that warns that it is undefined, there is None and a reason."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UndefinedMetricWarning)
        try:
            value = reference(*arguments, **options)
        except UndefinedMetricWarning:
            value = np.nan
    if np.isnan(value):
        assert estimate.value is None
        assert estimate.reason
    else:
        assert estimate.value == pytest.approx(value, rel=1e-9, abs=1e-12)
        assert estimate.reason is None


@given(samples(k=st.just(2)))
def test_binary_figures_of_the_matrix_are_those_of_scikit_learn(sample):
    found, w = evaluated(sample), {"sample_weight": sample.weight}
    expect(found["accuracy"], sk.accuracy_score, sample.y, sample.predicted, **w)
    expect(found["precision"], sk.precision_score, sample.y, sample.predicted, **w)
    expect(found["recall"], sk.recall_score, sample.y, sample.predicted, **w)
    expect(found["specificity"], sk.recall_score, sample.y, sample.predicted, pos_label=0, **w)
    expect(found["f1"], sk.f1_score, sample.y, sample.predicted, **w)


@given(samples())
def test_averages_are_those_of_scikit_learn(sample):
    found, k = evaluated(sample), len(sample.task.classes)
    common = {"sample_weight": sample.weight, "labels": range(k)}
    scores = {"precision": sk.precision_score, "recall": sk.recall_score, "f1": sk.f1_score}
    for name, reference in scores.items() if k > 2 else ():
        for average in ("macro", "micro"):
            expect(found[f"{name}_{average}"], reference, sample.y, sample.predicted, average=average, **common)
        each = reference(sample.y, sample.predicted, average=None, zero_division=np.nan, **common)
        for c, one in enumerate(sample.task.classes):
            estimate = found[f"{name}:{one}"]
            assert (np.nan if estimate.value is None else estimate.value) == pytest.approx(each[c], nan_ok=True)
        shares = np.bincount(sample.y, sample.weight, minlength=k)
        undefined = np.isnan(each) & (shares > 0)
        assert (found[f"{name}_weighted"].value is None) == undefined.any()
        if not undefined.any():
            value = reference(sample.y, sample.predicted, average="weighted", zero_division=0, **common)
            assert found[f"{name}_weighted"].value == pytest.approx(value)


@given(samples())
def test_balanced_accuracy_and_mcc_are_those_of_scikit_learn_where_defined(sample):
    found = evaluated(sample)
    if len(set(sample.y)) == len(sample.task.classes):
        expect(
            found["balanced_accuracy"],
            sk.balanced_accuracy_score,
            sample.y,
            sample.predicted,
            sample_weight=sample.weight,
        )
    else:
        assert "no row of class" in found["balanced_accuracy"].reason
    if len(set(sample.y)) == 1 or len(set(sample.predicted)) == 1:
        assert found["mcc"].value is None
        assert found["mcc"].reason.startswith("every row")
    else:
        expect(found["mcc"], sk.matthews_corrcoef, sample.y, sample.predicted, sample_weight=sample.weight)


@given(samples())
def test_ranking_figures_are_those_of_scikit_learn(sample):
    found, k = evaluated(sample), len(sample.task.classes)
    columns = [(1, sample.scores, "")] if k == 2 else [(c, sample.scores[:, c], f":class {c}") for c in range(k)]
    for c, scores, suffix in columns:
        positive, w = (sample.y == c).astype(int), {"sample_weight": sample.weight}
        expect(found["roc_auc" + suffix], sk.roc_auc_score, positive, scores, **w)
        if positive.any():
            expect(found["average_precision" + suffix], sk.average_precision_score, positive, scores, **w)
        else:
            assert found["average_precision" + suffix].value is None


@given(samples(k=st.integers(3, 6), least=20))
def test_ranking_averages_are_those_of_scikit_learn(sample):
    k = len(sample.task.classes)
    sample.y[:k] = np.arange(k)
    found, one_hot = evaluated(sample), np.eye(k, dtype=int)[sample.y]
    for name, reference in (("roc_auc", sk.roc_auc_score), ("average_precision", sk.average_precision_score)):
        for average in ("macro", "weighted"):
            value = reference(one_hot, sample.scores, average=average, sample_weight=sample.weight)
            assert found[f"{name}_{average}"].value == pytest.approx(value)


@given(samples())
def test_losses_are_those_of_scikit_learn(sample):
    k = len(sample.task.classes)
    scores = sample.scores if k == 2 else (sample.scores + 0.1) / (sample.scores + 0.1).sum(1, keepdims=True)
    found, common = (
        evaluated(sample._replace(scores=scores)),
        {"sample_weight": sample.weight, "labels": list(range(k))},
    )
    expect(found["log_loss"], sk.log_loss, sample.y, scores, **common)
    if k == 2:
        common = {"sample_weight": sample.weight, "pos_label": 1}
    expect(found["brier"], sk.brier_score_loss, sample.y, scores, **common)


@given(samples(least=2), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(sample, random):
    order = list(range(len(sample.y)))
    random.shuffle(order)
    moved = sample._replace(
        **{name: None if (v := getattr(sample, name)) is None else v[order] for name in sample._fields[1:]}
    )
    before, after = evaluated(sample), evaluated(moved)
    for key, estimate in before.items():
        for name in ("value", "low", "high"):
            one, other = getattr(estimate, name), getattr(after[key], name)
            assert (one is None) == (other is None), key
            assert one is None or other == pytest.approx(one, rel=1e-6, abs=1e-9), key


@settings(max_examples=200)
@given(samples(), st.booleans())
def test_every_interval_contains_its_value_and_stays_in_range(sample, folded):
    fold = np.arange(len(sample.y)) % 3 if folded else None
    found = evaluated(sample, fold=fold)
    assert tuple(found) == metric_keys(sample.task)
    for key, estimate in found.items():
        assert (estimate.value is None) == (estimate.reason is not None)
        if estimate.low is not None:
            lowest = -1.0 if key == "mcc" else 0.0
            assert lowest <= estimate.low <= estimate.value <= estimate.high <= BOUNDED.get(key, 1.0) * 1e9
            assert estimate.high <= 1.0 or key in BOUNDED
        assert len(estimate.folds) == (min(len(sample.y), 3) if folded else 0)
        assert not any(value is not None and np.isnan(value) for value in estimate.folds)


@given(samples(least=6), st.integers(1, 4))
def test_values_on_folds_are_those_of_the_fold_alone(sample, folds):
    fold = np.arange(len(sample.y)) % folds
    found = evaluated(sample, fold=fold)
    for f in range(folds):
        part = sample._replace(
            **{name: None if (v := getattr(sample, name)) is None else v[fold == f] for name in sample._fields[1:]}
        )
        for key, alone in evaluated(part).items():
            assert (found[key].folds[f] is None) == (alone.value is None), key
            assert alone.value is None or found[key].folds[f] == pytest.approx(alone.value, abs=1e-12), key


def test_rows_of_weight_zero_are_as_if_absent():
    rng = np.random.default_rng(0)
    y, predicted, scores = rng.integers(0, 2, 50), rng.integers(0, 2, 50), rng.random(50)
    weight = (np.arange(50) < 30).astype(float)
    kept = evaluate(task_of(2), y[:30], predicted[:30], scores[:30], probabilities=True)
    zeroed = evaluate(task_of(2), y, predicted, scores, probabilities=True, sample_weight=weight)
    assert zeroed.n == 30
    assert {k: v.value for k, v in zeroed.metrics.items()} == pytest.approx(
        {k: v.value for k, v in kept.metrics.items()}
    )


def test_equal_weights_give_the_intervals_of_no_weights():
    rng = np.random.default_rng(0)
    y, predicted, scores = rng.integers(0, 3, 90), rng.integers(0, 3, 90), rng.random((90, 3))
    plain = evaluate(task_of(3), y, predicted, scores, probabilities=True).metrics
    doubled = evaluate(task_of(3), y, predicted, scores, probabilities=True, sample_weight=np.full(90, 2.0)).metrics
    for key, estimate in plain.items():
        assert (doubled[key].low, doubled[key].high) == pytest.approx((estimate.low, estimate.high)), key


def test_the_same_seed_gives_the_same_intervals_and_another_does_not():
    y, predicted = np.arange(60) % 3, np.arange(60) * 7 % 5 % 3
    first, again, other = (
        evaluate(task_of(3), y, predicted, None, probabilities=False, seed=seed).metrics["f1_macro"]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first.low != other.low


def test_undefined_figures_say_why():
    y = np.array([0, 0, 1, 1])
    found = evaluate(task_of(2), y, np.zeros(4, int), None, probabilities=False).metrics
    assert found["precision"].reason == "no row was called 'yes'"
    assert found["precision"].n == 0
    assert (found["recall"].value, found["f1"].value) == (0.0, 0.0)
    assert found["mcc"].reason == "every row was called 'no'"
    assert found["roc_auc"].reason == found["brier"].reason == "the candidate gives no scores"
    unscaled = evaluate(task_of(2), y, y, y * 9.0, probabilities=False).metrics
    assert unscaled["log_loss"].reason == "the scores are not probabilities"
    assert unscaled["roc_auc"].value == 1.0
    several = evaluate(task_of(3), y, y, np.eye(3)[y], probabilities=True).metrics
    assert several["recall_macro"].reason == "there is no row of class 'class 2'"
    assert several["roc_auc_macro"].reason == "there is no row of class 'class 2'"
    assert several["precision_macro"].reason == "no row was called 'class 2'"
    assert several["precision_weighted"].value == several["roc_auc_weighted"].value == 1.0


def test_no_rows_leave_every_figure_undefined():
    nothing = np.empty(0, np.int64)
    for k in (2, 3):
        scores = np.empty(0) if k == 2 else np.empty((0, 3))
        found = evaluate(task_of(k), nothing, nothing, scores, probabilities=True, fold=nothing)
        assert all(estimate.value is None and estimate.reason for estimate in found.metrics.values())


def test_counts_say_what_each_figure_rests_on():
    y, predicted = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 0])
    found = evaluate(task_of(2), y, predicted, None, probabilities=False)
    assert [found.metrics[key].n for key in ("accuracy", "precision", "recall", "specificity")] == [5, 2, 2, 3]
    assert found.metrics["recall"].positives == 2
    assert found.confusion_matrix.tolist() == [[2, 1], [1, 1]]
    assert found.confusion_matrix.dtype == np.int64


def test_a_task_of_two_classes_that_is_multiclass_keeps_both_score_columns():
    task = type(task_of(3))(("a", "b"))
    y = np.array([0, 1, 0, 1])
    found = evaluate(task, y, y, np.eye(2)[y], probabilities=True).metrics
    assert found["roc_auc:a"].value == found["roc_auc_macro"].value == 1.0


def test_no_errors_in_few_rows_is_no_certainty():
    y = np.arange(20) % 2
    found = evaluate(task_of(2), y, y, y.astype(float), probabilities=False).metrics
    for key in ("accuracy", "balanced_accuracy", "recall", "f1", "mcc", "roc_auc", "average_precision"):
        assert found[key].value == 1.0
        assert found[key].low < 0.95, key


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_is_refused_by_row_and_class(bad):
    scores = np.zeros((4, 3))
    scores[2, 1] = bad
    y = np.array([0, 1, 2, 0])
    with pytest.raises(DataError, match=r"row 2 \(from 0\) for class 'class 1'"):
        evaluate(task_of(3), y, y, scores, probabilities=False)


def test_probabilities_outside_their_range_and_bad_weights_are_refused():
    y = np.array([0, 1])
    with pytest.raises(DataError, match="row 1"):
        evaluate(task_of(2), y, y, [0.5, 1.5], probabilities=True)
    with pytest.raises(DataError, match="weight of row 0"):
        evaluate(task_of(2), y, y, None, probabilities=True, sample_weight=[-1.0, 1.0])


def test_arrays_that_do_not_fit_are_refused():
    y = np.array([0, 1])
    with pytest.raises(ValueError, match="scores has 3 rows"):
        evaluate(task_of(2), y, y, [0.5, 0.5, 0.5], probabilities=True)
    with pytest.raises(ValueError, match="shape"):
        evaluate(task_of(3), y, y, [0.5, 0.5], probabilities=True)
    with pytest.raises(ValueError, match="codes"):
        evaluate(task_of(2), y, y + 1, None, probabilities=True)
