"""Rows of several labels keep the share of every label in every part."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tenfold.data.holdout.iterative import deal_out


@given(st.integers(0, 1000), st.integers(2, 5), st.integers(1, 6))
def test_every_label_is_spread(seed, parts, labels):
    rng = np.random.default_rng(seed)
    indicators = (rng.random((120, labels)) < rng.uniform(0.1, 0.9, labels)).astype(int)
    part = deal_out(indicators, [1 / parts] * parts, seed=seed)
    for column in indicators.T:
        for answer in (0, 1):
            rows = np.bincount(part[column == answer], minlength=parts)
            if (column == answer).sum() >= parts:
                assert rows.min() > 0
    sizes = np.bincount(part, minlength=parts)
    assert sizes.max() - sizes.min() <= 120 // parts


def test_the_rarest_label_is_dealt_first():
    indicators = np.zeros((30, 2), int)
    indicators[[3, 4, 5], 0] = 1
    indicators[:15, 1] = 1
    part = deal_out(indicators, [1 / 3] * 3)
    assert sorted(part[[3, 4, 5]].tolist()) == [0, 1, 2]


def test_groups_stay_together_and_shares_are_kept():
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 60, 300)
    indicators = rng.integers(0, 2, (300, 3))
    part = deal_out(indicators, [0.8, 0.2], groups=groups, seed=1)
    assert all(len(set(part[groups == g].tolist())) == 1 for g in set(groups.tolist()))
    assert 0.15 < (part == 1).mean() < 0.25


def test_the_same_seed_deals_the_same():
    indicators = np.random.default_rng(0).integers(0, 2, (50, 2))
    assert np.array_equal(deal_out(indicators, [0.5, 0.5], seed=3), deal_out(indicators, [0.5, 0.5], seed=3))
