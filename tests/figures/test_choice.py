"""The one rule by which a candidate is chosen among those that cannot be told apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.figures import Choice, Estimate, LeaderBoard, Standing, brier_of, choose


def standing(name, value, seconds, *, tied=True, beats=True, brier=None):
    return Standing(name, Estimate(value, None, None, 100, ""), None, tied, seconds, None, beats, brier)


def board(*standings, metric="accuracy"):
    return LeaderBoard(metric, standings)


def test_of_those_tied_the_highest_figure_is_chosen_though_it_costs_a_little_more():
    choice = choose(board(standing("logistic", 0.989, 3.0), standing("knn", 0.971, 1.5)))
    assert choice == Choice("logistic", "highest")


def test_a_candidate_of_a_tenth_of_the_cost_is_chosen_and_the_ratio_is_told():
    choice = choose(board(standing("forest", 0.98, 90.0), standing("svm", 0.975, 8.0), standing("knn", 0.97, 1.5)))
    assert choice == Choice("svm", "cheaper", "forest", 11.25)


def test_costs_below_a_second_are_none():
    """On small data an estimate of milliseconds decides nothing."""
    choice = choose(board(standing("forest", 0.98, 0.9), standing("knn", 0.97, 1e-4)))
    assert choice.name == "forest"


def test_what_is_not_tied_is_not_chosen_however_cheap():
    choice = choose(board(standing("forest", 0.98, 900.0), standing("knn", 0.9, 0.1, tied=False)))
    assert choice == Choice("forest", "ahead")


def test_of_equal_figures_the_better_calibrated_is_chosen_then_the_quicker():
    """Equal as they are shown; a candidate without probabilities stands last."""
    first = standing("svm", 0.98904, 2.0)
    assert choose(board(first, standing("knn", 0.98896, 5.0, brier=0.03))) == Choice("knn", "calibrated", "svm")
    truer = board(standing("knn", 0.989, 2.0, brier=0.03), standing("forest", 0.989, 5.0, brier=0.02))
    assert choose(truer) == Choice("forest", "calibrated", "knn")
    alike = board(standing("slow", 0.9891, 5.0, brier=0.02), standing("quick", 0.989, 2.0, brier=0.02))
    assert choose(alike) == Choice("quick", "quicker", "slow")


def test_of_a_loss_the_lowest_is_chosen():
    assert choose(board(standing("a", 0.1, 2.0), standing("b", 0.2, 2.0), metric="log_loss")).name == "a"
    assert choose(board(standing("a", 12.1, 2.0), standing("b", 13.0, 2.0), metric="mae")).name == "a"


def test_a_candidate_that_beats_the_baseline_goes_before_one_that_does_not():
    choice = choose(board(standing("wide", 0.62, 2.0, beats=False), standing("sure", 0.61, 2.0)))
    assert choice == Choice("sure", "beats", "wide")


def test_a_candidate_that_can_be_saved_goes_before_one_that_cannot():
    both = board(standing("mine:net", 0.99, 2.0), standing("logistic", 0.97, 30.0))
    assert choose(both, unsavable={"mine:net"}) == Choice("logistic", "savable", "mine:net")
    assert choose(both, unsavable={"mine:net", "logistic"}).name == "mine:net"
    ahead = board(standing("mine:net", 0.99, 2.0), standing("logistic", 0.9, 2.0, tied=False))
    assert choose(ahead, unsavable={"mine:net"}) == Choice("mine:net", "ahead")


def test_the_baseline_is_chosen_only_where_it_stands_alone():
    base = standing("baseline", 0.9, 0.01, beats=None)
    assert choose(board(base, standing("guess", 0.89, 5.0, beats=False)), baseline="baseline").name == "guess"
    assert choose(board(base), baseline="baseline") == Choice("baseline", "alone")


def test_the_best_of_those_that_meet_the_decision_is_chosen():
    three = board(standing("a", 0.99, 2.0), standing("b", 0.9, 2.0, tied=False), standing("c", 0.8, 2.0, tied=False))
    assert choose(three, unmet={"a"}) == Choice("b", "rule", "a")
    with pytest.raises(ValueError, match="no candidate meets"):
        choose(three, unmet={"a", "b", "c"})


figures = st.lists(
    st.tuples(st.floats(0, 1), st.floats(1e-6, 1e6), st.booleans(), st.none() | st.floats(0, 1)), min_size=1, max_size=6
)


@given(figures, st.randoms())
def test_the_choice_repeats_whatever_the_order_of_equals_and_none_tied_is_ten_times_as_cheap(rows, random):
    rows = sorted(rows, key=lambda row: -row[0])
    standings = [standing(f"m{i}", *row[:2], tied=row[2] or i == 0, brier=row[3]) for i, row in enumerate(rows)]
    choice = choose(board(*standings))
    chosen = next(one for one in standings if one.name == choice.name)
    tied = [one for one in standings if one.tied_with_best]
    assert chosen in tied
    assert all(10 * max(one.seconds, 1) > max(chosen.seconds, 1) for one in tied)
    better = [one for one in tied if round(one.estimate.value, 3) > round(chosen.estimate.value, 3)]
    assert all(max(one.seconds, 1) >= 10 * min(max(other.seconds, 1) for other in tied) for one in better)
    assert choose(board(*standings)) == choice


def test_the_brier_score_is_that_of_the_task():
    found = Estimate(0.1, None, None, 9, "")
    assert brier_of({"brier": found}) == brier_of({"brier_macro": found}) == 0.1
    assert brier_of({"accuracy": found}) is None
