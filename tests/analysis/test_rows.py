"""Samples of rows, and rows that two runs have in common."""

from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.rows import common_rows, sample_rows

ids = st.lists(st.sampled_from("abcde"), max_size=30)


@given(ids, ids)
def test_each_row_is_paired_once_with_an_equal_one_and_as_many_as_there_are(first, second):
    one, other = common_rows(first, second)
    assert [first[i] for i in one] == [second[i] for i in other]
    assert len(set(one.tolist())) == len(one) == len(set(other.tolist()))
    assert len(one) == sum(min(first.count(name), second.count(name)) for name in "abcde")


@given(ids, st.randoms())
def test_the_order_of_the_second_list_does_not_change_what_is_common(first, random):
    second = first.copy()
    random.shuffle(second)
    one, other = common_rows(first, second)
    assert one.tolist() == list(range(len(first)))
    assert sorted(other.tolist()) == list(range(len(first)))


def test_a_smaller_draw_lies_in_a_larger_one():
    few, many = (set(sample_rows(1000, most, seed=5).tolist()) for most in (50, 300))
    assert few < many
