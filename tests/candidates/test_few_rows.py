"""Boosting of few rows: leaves small enough to split a fold, and those of 50 rows or more as they were."""

import numpy as np
import pytest

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.few_rows import fitting_few_rows
from tenfold.candidates.setting import Setting


def _setting(rows, quantities):
    return Setting("image", rows, 2, 0 if quantities else 2, quantities=quantities)


def _leaf(candidate):
    return candidate.pipeline[-1].min_samples_leaf


@pytest.mark.parametrize("quantities", [0, 1])
@pytest.mark.parametrize(("rows", "leaf"), [(49, 5), (50, 20), (5000, 20)])
def test_leaves_are_smaller_below_fifty_rows_only(quantities, rows, leaf):
    assert _leaf(resolve("boosting", _setting(rows, quantities))) == leaf


@pytest.mark.parametrize("quantities", [0, 1])
def test_twelve_rows_are_split(quantities):
    x = np.arange(12.0)
    candidate = resolve("boosting", _setting(15, quantities))
    model = candidate.pipeline[-1].fit(np.column_stack([x, -x]), x > 5 if quantities == 0 else x)
    assert len(np.unique(model.predict(np.column_stack([x, -x])))) > 1


def test_a_candidate_built_for_many_rows_fits_few_and_keeps_what_was_set():
    built = resolve("boosting", _setting(5000, 1))
    assert _leaf(fitting_few_rows(built, 30)) == 5
    assert _leaf(built) == 20
    assert fitting_few_rows(built, 50) is built
    built.pipeline.set_params(model__min_samples_leaf=8)
    assert _leaf(fitting_few_rows(built, 30)) == 8
    forest = resolve("forest", _setting(5000, 1))
    assert fitting_few_rows(forest, 30) is forest
