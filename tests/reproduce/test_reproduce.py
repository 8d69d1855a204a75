import math
from dataclasses import replace

import pytest

from tenfold.reproduce import Computed, Reference, compute, jobs


def test_a_figure_that_differs_or_is_undefined_fails():
    reference = Reference("x", 1.0, 0.01, "here")
    assert Computed(reference, 1.005).passed
    assert not Computed(reference, 1.02).passed
    assert not Computed(reference, math.nan).passed


def test_quick_is_a_part_of_the_whole_and_every_figure_has_a_source():
    quick, whole = jobs(quick=True), jobs(quick=False)
    assert {job.title for job in quick} < {job.title for job in whole}
    assert all(reference.source for job in whole for reference in job.references)


def test_values_come_from_computing(real_data, monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data))
    job = jobs(quick=True)[0]
    changed = replace(job, references=tuple(replace(r, expected=0.0) for r in job.references))
    assert [c.value for c in compute(job)] == [c.value for c in compute(changed)]
    assert all(c.passed for c in compute(job))
    assert not any(c.passed for c in compute(changed))


@pytest.mark.slow
@pytest.mark.parametrize("job", jobs(quick=True), ids=lambda job: job.title)
def test_quick_figures(job, real_data, monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", str(real_data))
    assert all(computed.passed for computed in compute(job))
