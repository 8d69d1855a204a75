"""What runs where: measured on real processes and workers, told from its JSON, never typed."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

pytest.importorskip("distributed", reason="pip install 'tenfold[dask]'")

from bench.places.__main__ import command
from bench.places.arithmetic import bytes_a_row, shard_workers, unit_at
from bench.places.cluster import two_workers
from bench.places.figures import Measured, ShardStep, UnitStep, measured_of
from bench.places.rows import images, saved_images
from bench.places.shards import measured_shards
from bench.places.told import BEGIN, END, inserted, section
from bench.places.units import measured_units
from tenfold.errors import DataError
from tests.conftest import ROOT


def unit(rows, factor=1e-5, power=1.0, candidate="sgd"):
    return UnitStep("table", candidate, rows, factor * rows**power, 0.1, 1.0, 2.0, 200_000_000 + 500 * rows, rows, 0.01)


def shard(rows, **other):
    values = {"queries": 100, "shards": 10, "one_fit": 1.0, "one_search": 1e-6 * rows, "one_bytes": 3000 * rows}
    values |= {"fit": 1.0, "search": 1e-6 * rows, "worker_bytes": 3 * 10**8 + 800 * rows, "asking_bytes": 10**6}
    return ShardStep(rows, **{**values, "equal": True, **other})


SIZES = (10**4, 10**5, 10**6)
MADE = Measured(
    "python -m bench.places", "2026-01-01", "a machine", 0.04, 300.0,
    tuple(unit(rows) for rows in SIZES) + tuple(unit(rows, 1e-9, 2.0, "knn") for rows in SIZES),
    tuple(shard(rows) for rows in SIZES),
)  # fmt: skip


def test_units_and_shards_are_measured_and_answers_are_equal():
    with two_workers() as engine:
        steps = measured_units("table", 600, ("baseline",), engine)
        search = measured_shards(500, 40, engine)
    assert [step.candidate for step in steps] == ["baseline"]
    assert all(step.seconds > 0 and step.peak_bytes > 5e7 and step.data_bytes > 600 * 30 * 8 for step in steps)
    assert search.equal
    assert (search.rows, search.shards) == (500, 10)
    assert search.worker_bytes > 5e7


def test_what_is_measured_is_told_as_measured_and_the_rest_as_extrapolated():
    words = section(MADE)
    lines = {line.split(" | ")[0].strip("| "): line for line in words.splitlines() if line.startswith("| a unit of")}
    sgd = lines["a unit of `sgd`, table of 30 numbers"].split(" | ")
    assert sgd[1] == "measured: 1.00 s, 250 MB"
    assert sgd[2].startswith("extrapolated: 100 s (fitted: 100 s), 5.2 GB")
    assert sgd[3].startswith("extrapolated: 2.8 h (fitted: 2.8 h), 500.2 GB; **not on a worker of 64 GB**")
    assert "extrapolated: 32 years" in lines["a unit of `knn`, table of 30 numbers"]
    assert "`knn` on table rows^2.00 (±0.00)" in words
    assert "**differ**" not in words
    assert "**differ**" in section(replace(MADE, shards=(*MADE.shards[:2], shard(10**6, equal=False))))
    assert "Others used 4 % of the processors meanwhile. Rows" in words
    assert "**Seconds are longer" in section(replace(MADE, others=0.31))


def test_an_exponent_that_is_not_known_is_not_followed():
    noisy = [replace(unit(rows), seconds=seconds) for rows, seconds in zip(SIZES, (5.0, 0.1, 9.0), strict=True)]
    assert unit_at(noisy, 10**9).fitted is None
    assert unit_at(noisy, 10**9).seconds == pytest.approx(9000.0)
    assert "extrapolated: 2.5 h (fitted: not told), 500.2 GB" in section(replace(MADE, units=tuple(noisy)))


def test_neighbours_are_taken_to_compare_all_pairs_however_flat_they_began():
    flat = [unit(rows, 1e-3, 0.5, "knn") for rows in SIZES]
    ahead = unit_at(flat, 10**7)
    assert ahead.seconds == pytest.approx(100.0)
    assert ahead.fitted == pytest.approx(10**0.5)


def test_the_arithmetic_of_shards():
    assert "extrapolated: 51.3 s (fitted: 51.3 s) on 39 workers of 64 GB; 1.6 TB in all" in section(MADE)
    assert bytes_a_row(MADE.shards) == pytest.approx(1600)
    assert shard_workers(10**5, 1600) == 1
    assert shard_workers(10**9, 1600) == 39


def test_json_comes_back_as_it_was():
    assert measured_of(json.loads(json.dumps(MADE.as_dict()))) == MADE


def test_only_what_stands_between_the_markers_is_replaced(tmp_path):
    page = f"before\n\n{BEGIN}\nold\n{END}\nafter\n"
    (tmp_path / "scaling.md").write_text(page)
    (tmp_path / "scaling.json").write_text(json.dumps(MADE.as_dict()))
    done = CliRunner().invoke(command, ["--rewrite", "--out", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0
    words = (tmp_path / "scaling.md").read_text()
    assert words == inserted(words, MADE) == f"before\n\n{BEGIN}\n{section(MADE)}\n{END}\nafter\n"
    with pytest.raises(DataError, match="markers"):
        inserted("no markers", MADE)


def test_the_page_of_the_documentation_is_that_of_its_json():
    page = (ROOT / "docs" / "scaling.md").read_text()
    kept = measured_of(json.loads((ROOT / "docs" / "scaling.json").read_text()))
    assert inserted(page, kept) == page
    assert all(step.equal for step in kept.shards)


def test_made_images_are_always_the_same_and_files_differ(tmp_path):
    assert (images(30)[0] == images(30)[0]).all()
    one, other = saved_images(tmp_path, 20, 2)
    assert one.read_bytes() != other.read_bytes()
