"""Other decisions: what the page says of them is what deciding so would come to."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.quantities.choices import OwnPredictions, cost_choices, coverage_choices
from tenfold.decision.quantities import choose_quantity_decision
from tenfold.decision.rule import parse_rule


def _own(seed, n=200, *, scaled=False):
    rng = np.random.default_rng(seed)
    predicted = rng.uniform(1, 9, n)
    y = predicted + predicted * rng.normal(0, 0.4, n)
    return OwnPredictions(y, predicted, predicted if scaled else None)


@given(st.integers(0, 10_000), st.sampled_from([0.5, 0.8, 0.95]), st.booleans())
def test_a_coverage_is_what_deciding_for_it_gives(seed, asked, scaled):
    own, tested = _own(seed, scaled=scaled), _own(seed + 1, 50, scaled=scaled)
    (one,) = coverage_choices(own, tested, [asked])
    decision = choose_quantity_decision(parse_rule(f"coverage>={asked}"), own.y, own.predicted, own.difficulty)
    assert (one.below, one.above) == (decision.interval.below[0], decision.interval.above[0])
    low, high = decision.interval.ends(tested.predicted, tested.difficulty).T
    assert one.test.value == pytest.approx(((tested.y >= low) & (tested.y <= high)).mean())
    low, high = decision.interval.ends(own.predicted, own.difficulty).T
    assert one.width == pytest.approx((high - low).mean())
    assert one.narrow <= one.wide
    assert one.out_of_fold.value >= asked - 1e-9


def test_more_coverage_takes_wider_intervals_and_what_the_rows_cannot_give_is_left_out():
    own = _own(0, 100)
    choices = coverage_choices(own, own, [0.5, 0.8, 0.9, 0.95, 0.99])
    assert [one.asked for one in choices] == [0.5, 0.8, 0.9, 0.95]
    assert (np.diff([one.width for one in choices]) > 0).all()
    assert (np.diff([one.out_of_fold.value for one in choices]) > 0).all()


@given(st.integers(0, 10_000), st.floats(0.1, 20))
def test_no_other_shift_costs_less_on_the_rows_it_was_chosen_on(seed, under):
    own = _own(seed, 60)
    (one,) = cost_choices(own, own, [(under, 1.0)])
    lacks = own.y - own.predicted

    def cost(shift):
        left = lacks - shift
        return np.where(left > 0, under * left, -left).mean()

    assert one.after.value == pytest.approx(cost(one.shift))
    assert one.after.value <= min(map(cost, lacks)) + 1e-9
    assert one.before.value == pytest.approx(cost(0.0))


def test_a_test_part_without_rows_has_no_figures():
    own, none = _own(0), OwnPredictions(np.zeros(0), np.zeros(0))
    assert coverage_choices(own, none, [0.9])[0].test.value is None
    assert cost_choices(own, none, [(1.0, 1.0)])[0].test_after.reason == "there are no rows"
