"""A rule gives each label a threshold of its own."""

import numpy as np
import pytest

from tenfold.decision.decision import Decision
from tenfold.decision.labels import choose_label_decision
from tenfold.decision.rule import parse_rule
from tenfold.decision.threshold import choose_decision
from tenfold.errors import ModelError, UsageError

LABELS = ("large", "odd")


def rows():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, (400, 2))
    return y, np.clip(rng.normal(0.3 + 0.4 * y, (0.15, 0.3)), 0, 1).round(3)


@pytest.mark.parametrize("text", ["precision>=0.9", "recall>=0.95", "f1", "cost fp=1 fn=5", "precision>=0.7 @ 90%"])
def test_each_label_gets_the_threshold_it_would_get_alone(text):
    (y, scores), rule = rows(), parse_rule(text)
    found = choose_label_decision(rule, y, scores, probabilities=True, labels=LABELS)
    alone = [
        choose_decision(rule, y[:, c], scores[:, c], probabilities=True, classes=("no", "yes")).threshold
        for c in range(2)
    ]
    assert found.thresholds == tuple(alone)
    assert np.array_equal(found.apply(scores, np.zeros_like(y)), scores >= alone)


def test_arg_max_leaves_the_candidates_own_answers():
    y, _ = rows()
    found = choose_label_decision(parse_rule("argmax"), y, None, probabilities=False, labels=LABELS)
    assert found.apply(None, y) is y


def test_a_label_that_cannot_meet_the_rule_is_named():
    y, scores = rows()
    scores[:, 1] = 0.5
    with pytest.raises(UsageError, match=r"for label 'odd', --decide 'precision>=0.9': no threshold reaches it"):
        choose_label_decision(parse_rule("precision>=0.9"), y, scores, probabilities=True, labels=LABELS)


def test_thresholds_come_back_from_json():
    decision = Decision("f1", "thresholds", thresholds=(0.25, 0.5))
    assert Decision.from_dict(decision.as_dict()) == decision


@pytest.mark.parametrize(
    "thresholds", [None, [], [0.5], [0.5, float("nan")], [0.5, "0.5"], [0.5, True], 0.5, {"a": 1}, [0.5, float("inf")]]
)
def test_other_thresholds_are_refused(thresholds):
    given = Decision("f1", "thresholds", thresholds=(0.25, 0.5)).as_dict()
    with pytest.raises(ModelError, match="thresholds"):
        Decision.from_dict({**given, "thresholds": thresholds})


def test_thresholds_and_their_kind_go_together():
    given = Decision("f1", "thresholds", thresholds=(0.25, 0.5)).as_dict()
    del given["thresholds"]
    with pytest.raises(ModelError, match="thresholds"):
        Decision.from_dict(given)
    with pytest.raises(ModelError, match="thresholds"):
        Decision.from_dict({**Decision("argmax", "argmax").as_dict(), "thresholds": [0.1, 0.2]})
