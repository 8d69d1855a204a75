import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import precision_recall_curve

from tenfold.decision.rule import parse_rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import DataError, UsageError

CLASSES = ("ham", "spam")


@st.composite
def scored(draw):
    rows = st.tuples(st.integers(0, 1), st.integers(0, 12))
    both = [(0, draw(st.integers(0, 12))), (1, draw(st.integers(0, 12)))]
    y, scores = zip(*(both + draw(st.lists(rows, max_size=30))), strict=True)
    return np.array(y), np.array(scores) / 12


def chosen(text, y, scores, **options):
    return choose_decision(parse_rule(text), y, scores, probabilities=True, classes=CLASSES, **options).threshold


def confusion(y, scores, threshold):
    called = scores >= threshold
    return (called & (y == 1)).sum(), (called & (y == 0)).sum(), (~called & (y == 1)).sum(), (~called & (y == 0)).sum()


def brute_force(y, scores, value):
    """Thresholds, decreasing, with their value; undefined as NaN."""
    return [(t, value(*confusion(y, scores, t))) for t in sorted(set(scores), reverse=True)]


VALUES = {
    "precision": lambda tp, fp, fn, tn: tp / (tp + fp),
    "recall": lambda tp, fp, fn, tn: tp / (tp + fn),
    "specificity": lambda tp, fp, fn, tn: tn / (tn + fp),
    "f1": lambda tp, fp, fn, tn: 2 * tp / (2 * tp + fp + fn),
}


@given(scored(), st.sampled_from(["precision", "recall", "specificity"]), st.sampled_from([0.25, 0.5, 0.9, 1.0]))
def test_a_target_takes_the_extreme_threshold_that_reaches_it(sample, metric, target):
    reached = [t for t, value in brute_force(*sample, VALUES[metric]) if value >= target]
    rule = f"{metric}>={target}"
    if reached:
        assert chosen(rule, *sample) == (max(reached) if metric == "recall" else min(reached))
    else:
        best = max(value for _, value in brute_force(*sample, VALUES[metric]))
        with pytest.raises(
            UsageError, match=rf"--decide '{metric}>={target:g}': no threshold .* best {metric} is {best:.4g}"
        ):
            chosen(rule, *sample)


@given(scored())
def test_f1_takes_the_highest_of_the_best_thresholds(sample):
    values = brute_force(*sample, VALUES["f1"])
    best = max(value for _, value in values)
    assert chosen("f1", *sample) == max(t for t, value in values if value == best)


@given(scored(), st.integers(0, 5), st.integers(0, 5))
def test_cost_takes_the_highest_of_the_cheapest_thresholds_or_calls_nothing(sample, fp, fn):
    if fp == fn == 0:
        return
    y, scores = sample
    threshold = chosen(f"cost fp={fp} fn={fn}", y, scores)
    costs = brute_force(y, scores, lambda tp, wrong, missed, tn: fp * wrong + fn * missed)
    lowest, nothing = min(cost for _, cost in costs), fn * (y == 1).sum()
    if nothing <= lowest:
        assert threshold > scores.max()
        assert not (scores >= threshold).any()
    else:
        assert threshold == max(t for t, cost in costs if cost == lowest)


@given(scored(), st.sampled_from([0.3, 0.6, 0.9]))
def test_the_precision_threshold_is_the_one_scikit_learn_users_compute(sample, target):
    precisions, _, thresholds = precision_recall_curve(*sample)
    if (precisions[:-1] >= target).any():
        assert chosen(f"precision>={target}", *sample) == thresholds[np.argmax(precisions[:-1] >= target)]


@given(scored(), st.sampled_from(["precision>=0.5", "recall>=0.5", "specificity>=0.3", "f1", "cost fp=1 fn=2"]))
def test_the_order_of_rows_changes_nothing(sample, rule):
    y, scores = sample
    try:
        threshold = chosen(rule, y, scores)
    except UsageError:
        with pytest.raises(UsageError):
            chosen(rule, y[::-1], scores[::-1])
    else:
        assert chosen(rule, y[::-1], scores[::-1]) == threshold


def test_the_decision_carries_the_rule_and_the_positive_class():
    y, scores = np.arange(400) % 2, np.arange(400) % 2 + np.arange(400) / 1e4
    decision = choose_decision(parse_rule("precision >= 90% @ 95%"), y, scores, probabilities=False, classes=CLASSES)
    assert (decision.rule, decision.kind, decision.positive) == ("precision>=0.9 @ 95%", "threshold", "spam")
    assert decision.confidence == 0.95
    assert decision.threshold in scores


def test_argmax_needs_no_scores_and_any_number_of_classes():
    decision = choose_decision(
        parse_rule("argmax"), np.array([0, 2]), None, probabilities=False, classes=("a", "b", "c")
    )
    assert (decision.kind, decision.threshold, decision.positive) == ("argmax", None, None)


@pytest.mark.parametrize("rule", ["f1", "precision>=0.9", "cost fp=1 fn=1", "recall>=0.9 @ 95%"])
def test_several_classes_need_one_named(rule):
    with pytest.raises(UsageError, match="name one class with --positive"):
        choose_decision(parse_rule(rule), np.array([0, 2]), np.eye(3)[:2], probabilities=False, classes=("a", "b", "c"))


def test_what_cannot_be_chosen_on_is_refused():
    y = np.array([0, 1])
    with pytest.raises(UsageError, match="gives none"):
        chosen("f1", y, None)
    with pytest.raises(DataError, match="row 1"):
        chosen("f1", y, np.array([0.0, np.nan]))
    with pytest.raises(DataError, match=r"row 0.*between 0 and 1"):
        chosen("f1", y, np.array([3.0, 0.5]))
    with pytest.raises(DataError, match="no row of class 'spam'"):
        chosen("f1", np.array([0, 0]), np.array([0.0, 0.5]))
    with pytest.raises(ValueError, match="shape"):
        chosen("f1", y, np.zeros((2, 2)))


@given(scored(), st.sampled_from(["f1", "cost fp=1 fn=3", ""]), st.integers(2, 5))
def test_a_prior_is_as_good_as_more_rows_of_the_class(sample, rule, times):
    """At the share that copies of the positives give, no threshold is better on them than the one chosen."""
    y, scores = sample
    copies = np.where(y == 1, times, 1)
    prior = float(np.average(y, weights=copies))
    threshold = chosen(f"{rule} prior={prior!r}".strip(), y, scores)
    more = np.repeat(y, copies), np.repeat(scores, copies)
    value = VALUES["f1"] if rule == "f1" else lambda tp, fp, fn, tn: -(fp + (3 if rule else 1) * fn)
    best = max(
        [value(*confusion(*more, t)) for t in set(scores)] + ([] if rule == "f1" else [value(*confusion(*more, 2))])
    )
    assert value(*confusion(*more, threshold)) == pytest.approx(best)


def test_what_a_prior_changes_is_on_record():
    y, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.6, 0.5, 0.9])
    decision = choose_decision(parse_rule("prior=0.9"), y, scores, probabilities=True, classes=CLASSES)
    assert (decision.threshold, decision.unadjusted) == (0.5, 0.9)
    assert type(decision).from_dict(decision.as_dict()) == decision
