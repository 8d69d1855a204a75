import math
from dataclasses import replace

import pandas as pd
import pytest

from tenfold.errors import DataError
from tenfold.reproduce import Computed, Reference, california, compute, housing, jobs, life_satisfaction, textbook_lines


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


CHAPTERS = [*life_satisfaction.JOBS, *textbook_lines.JOBS]


@pytest.mark.parametrize("job", CHAPTERS, ids=lambda job: job.title)
def test_chapters_that_need_no_data(job):
    assert job.quick
    assert all(computed.passed for computed in compute(job))


def test_chapters_stand_in_order():
    chapters = [int(job.title.split()[1].rstrip(",")) for job in jobs(quick=False) if job.title.startswith("Chapter")]
    assert chapters == sorted(chapters)
    assert set(chapters) == {1, 2, 4}


@pytest.fixture
def housing_file(real_data, monkeypatch):
    """The table where there is one; what was read of another is forgotten."""
    place = real_data / "housing" / "housing.csv"
    if not place.is_file():
        pytest.skip("no housing/housing.csv in TENFOLD_DATA")
    monkeypatch.setenv("TENFOLD_DATA", str(real_data))
    for cached in CACHED:
        cached.cache_clear()
    yield place
    for cached in CACHED:
        cached.cache_clear()


CACHED = (california._housing, california.split_rows, housing._training)


def test_housing(housing_file):
    quick = [job for job in housing.jobs() if job.quick]
    assert sum(len(job.references) for job in quick) > 35
    for job in quick[:-1]:
        assert all(computed.passed for computed in compute(job)), job.title


def test_rows_of_the_table_in_any_order(housing_file, tmp_path, monkeypatch):
    table = pd.read_csv(housing_file)
    first = california.split_rows()[0].iloc[:3]
    assert first["median_house_value"].tolist() == [286600.0, 340600.0, 196900.0]
    assert first.index.tolist() == [17606, 18632, 14650]
    (tmp_path / "housing").mkdir()
    monkeypatch.setenv("TENFOLD_DATA", str(tmp_path))
    for rows, refused in ((table.iloc[::-1], False), (table.assign(households=table["households"] + 1), True)):
        rows.to_csv(tmp_path / "housing" / "housing.csv", index=False)
        for cached in CACHED:
            cached.cache_clear()
        if refused:
            with pytest.raises(DataError, match="holds other rows than the classic table"):
                california.split_rows()
        else:
            pd.testing.assert_frame_equal(california.split_rows()[0].iloc[:3], first)


def test_a_chapter_whose_table_is_not_there_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("TENFOLD_DATA", str(tmp_path))
    left_out = [job for job in jobs(quick=True) if "housing" in job.title]
    assert len(left_out) == 1
    assert "left out, since no housing/housing.csv is in the folder that TENFOLD_DATA names" in left_out[0].title
    assert list(compute(left_out[0])) == []
