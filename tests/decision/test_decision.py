import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.decision.decision import Decision
from tenfold.errors import ModelError

GOOD = Decision("precision>=0.9 @ 95%", "threshold", 0.25, "spam", 0.95).as_dict()


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=5))
def test_a_decision_survives_json(threshold, positive):
    decision = Decision("f1", "threshold", threshold, positive)
    assert Decision.from_dict(json.loads(json.dumps(decision.as_dict()))) == decision


def test_a_row_at_the_threshold_is_positive_whatever_the_classifier_said():
    decision = Decision("f1", "threshold", 0.5, "spam")
    called = decision.apply(np.array([0.4, 0.5, 0.6]), np.array([1, 0, 0]))
    assert called.tolist() == [0, 1, 1]
    assert called.dtype == np.int64


def test_argmax_is_what_the_classifier_said():
    predicted = np.array([2, 0])
    assert Decision("argmax", "argmax").apply(None, predicted) is predicted


@pytest.mark.parametrize("scores", [None, np.zeros((3, 3)), np.zeros(2)])
def test_a_threshold_needs_one_score_a_row(scores):
    with pytest.raises(ValueError, match="one score"):
        Decision("f1", "threshold", 0.5).apply(scores, np.zeros(3, np.int64))


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": None},
        {"threshold": float("nan")},
        {"threshold": float("inf")},
        {"threshold": 10**400},
        {"threshold": True},
        {"threshold": "0.5"},
        {"kind": "argmax"},
        {"kind": "other"},
        {"kind": ["threshold"]},
        {"rule": None},
        {"positive": 5},
        {"confidence": 1.0},
        {"extra": 1},
    ],
)
def test_an_altered_decision_is_refused(change):
    assert Decision.from_dict(GOOD).as_dict() == GOOD
    with pytest.raises(ModelError, match="decision"):
        Decision.from_dict({**GOOD, **change})


@pytest.mark.parametrize("name", list(GOOD))
def test_a_missing_key_is_refused(name):
    with pytest.raises(ModelError, match="exactly the keys"):
        Decision.from_dict({key: value for key, value in GOOD.items() if key != name})


def test_what_is_no_mapping_is_refused():
    with pytest.raises(ModelError):
        Decision.from_dict([1])
