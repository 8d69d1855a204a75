import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.analysis.exchange import exchange_of
from tenfold.analysis.matching import common_rows

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


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(2, 4))
def test_fixed_less_broken_is_the_change_in_rows_right_in_all_and_by_class(seed, n, classes):
    rng = np.random.default_rng(seed)
    y, first, second = rng.integers(0, classes, (3, n))
    found = exchange_of(y, first, second, classes)
    assert len(found.fixed) - len(found.broken) == (second == y).sum() - (first == y).sum()
    assert sum(after - before for _, before, after in found.by_class) == len(found.fixed) - len(found.broken)
    assert found.both_wrong + len(found.fixed) + (first == y).sum() == n
    swapped = exchange_of(y, second, first, classes)
    np.testing.assert_array_equal(swapped.fixed, found.broken)


@given(st.integers(0, 2**32 - 1), st.integers(1, 40))
def test_the_order_of_rows_does_not_matter(seed, n):
    rng = np.random.default_rng(seed)
    y, first, second = rng.integers(0, 3, (3, n))
    order = rng.permutation(n)
    found, shuffled = exchange_of(y, first, second, 3), exchange_of(y[order], first[order], second[order], 3)
    assert sorted(order[shuffled.fixed].tolist()) == found.fixed.tolist()
    assert shuffled.by_class == found.by_class
