"""Intervals of quantities: what they hold, and what is refused."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.decision.decision import Decision
from tenfold.decision.interval import Interval, conformal_interval, conformal_quantile, rows_needed
from tenfold.decision.quantities import choose_quantity_decision
from tenfold.decision.rule import parse_rule
from tenfold.errors import ModelError, UsageError


@given(st.floats(0.02, 0.98))
@settings(max_examples=60, deadline=None)
def test_so_many_rows_are_needed_and_one_less_is_refused(coverage):
    n = rows_needed(coverage)
    errors = np.arange(float(n))
    assert conformal_interval(errors, np.zeros(n), coverage).above[0] <= n - 1
    if n > 1:
        with pytest.raises(UsageError, match=f"needs at least {n} rows"):
            conformal_interval(errors[:-1], np.zeros(n - 1), coverage)


def test_nineteen_rows_are_needed_for_nine_tenths():
    with pytest.raises(UsageError, match="needs at least 19 rows, 18 were judged"):
        choose_quantity_decision(parse_rule("coverage>=0.9"), np.arange(18.0), np.zeros(18))
    assert choose_quantity_decision(parse_rule("argmax"), np.arange(18.0), np.zeros(18)).kind == "value"


@pytest.mark.parametrize("n", [19, 40, 99])
def test_a_new_value_lies_inside_with_the_probability_asked_for(n):
    """Exchangeable errors: on average over many draws, no less than asked for, and hardly more than 2 / (n + 1)."""
    rng = np.random.default_rng(n)
    errors = rng.standard_exponential((4000, n + 1))
    inside = [
        found.below[0] <= row[-1] <= found.above[0]
        for row in errors
        for found in [conformal_interval(row[:-1], np.zeros(n), 0.9)]
    ]
    assert 0.9 - 0.015 <= np.mean(inside) <= 0.9 + 2 / (n + 1) + 0.015


def test_a_quantile_of_too_few_errors_is_refused():
    with pytest.raises(ValueError, match="too few"):
        conformal_quantile(np.arange(5.0), 0.95)


def test_intervals_scale_with_the_difficulty():
    rng = np.random.default_rng(0)
    difficulty = np.where(np.arange(400) % 2 == 0, 1.0, 10.0)
    y = rng.normal(size=400) * difficulty
    found = conformal_interval(y, np.zeros(400), 0.8, difficulty)
    low, high = found.ends(np.zeros(400), difficulty).T
    inside = (low <= y) & (y <= high)
    assert found.scaled
    assert [inside[::2].mean(), inside[1::2].mean()] == pytest.approx([0.8, 0.8], abs=0.06)


def test_intervals_of_positive_values_end_at_zero():
    found = Interval(0.9, (-5.0,), (5.0,), positive=True).ends(np.array([2.0, -1.0, 9.0]))
    assert found.tolist() == [[0.0, 7.0], [-1.0, 4.0], [4.0, 14.0]]


def test_several_targets_have_intervals_of_their_own():
    y = np.column_stack([np.arange(40.0), 10 * np.arange(40.0)])
    found = conformal_interval(y, np.zeros((40, 2)), 0.9)
    assert found.above[1] == 10 * found.above[0]
    assert found.ends(np.zeros((3, 2))).shape == (3, 4)


@given(st.floats(0.1, 50), st.floats(0.1, 50))
@settings(max_examples=50, deadline=None)
def test_the_shift_costs_least(under, over):
    rng = np.random.default_rng(7)
    y = rng.normal(size=80)
    rule = parse_rule(f"cost under={under:.6f} over={over:.6f}")
    shift = choose_quantity_decision(rule, y, np.zeros(80)).shift[0]

    def cost(move):
        return np.where(y > move, under * (y - move), over * (move - y)).mean()

    assert cost(shift) <= min(cost(value) for value in y) + 1e-9


def test_a_decision_is_written_and_read():
    y = np.arange(50.0)
    for rule in ("coverage>=0.8", "cost under=3 over=1"):
        decision = choose_quantity_decision(parse_rule(rule), y, np.zeros(50), np.full(50, 2.0))
        assert Decision.from_dict(json.loads(json.dumps(decision.as_dict()))) == decision


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "argmax"},
        {"interval": {"coverage": 1.5, "below": [-1.0], "above": [1.0]}},
        {"interval": {"coverage": 0.9, "below": [-1.0], "above": [1.0, 2.0]}},
        {"interval": {"coverage": 0.9, "below": [2.0], "above": [1.0]}},
        {"interval": {"coverage": 0.9, "below": [float("nan")], "above": [1.0]}},
        {"interval": {"coverage": 0.9, "below": [-1.0], "above": [1.0], "scaled": "yes"}},
        {"interval": {"coverage": 0.9, "below": [-1.0], "above": [1.0], "more": 1}},
        {"interval": {"coverage": 0.9, "below": [], "above": []}},
        {"interval": {"coverage": 0.9, "below": [-1.0], "above": [10**400]}},
        {"interval": {"coverage": 10**400, "below": [-1.0], "above": [1.0]}},
        {"shift": []},
        {"shift": ["far"]},
    ],
)
def test_a_changed_decision_is_refused(changes):
    plain = Decision("coverage>=0.9", "interval", interval=Interval(0.9, (-1.0,), (1.0,))).as_dict()
    with pytest.raises(ModelError):
        Decision.from_dict({**plain, **changes})
