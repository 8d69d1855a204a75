"""The one reading: what it finds is what a loader in memory finds, whatever the batches."""

import gzip
import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tenfold.data.sources import load
from tenfold.data.streamed import quantity_checks
from tenfold.data.streamed.reading import read_table
from tenfold.data.streamed.row_ids import content_ids, hexadecimal
from tenfold.data.streamed.source import table_source
from tenfold.data.streamed.table_profile import findings_of, profile_of
from tenfold.data.streamed.target import number_target
from tenfold.errors import DataError, TenfoldError
from tests.data.streamed.tables import parts, table


def read(path, tmp_path, target="y", **asked):
    return read_table(table_source(path), target, tmp_path / "rows", **asked)


@pytest.mark.parametrize("batch_rows", [257, 1 << 14])
@pytest.mark.parametrize("form", ["parquet", "csv", "csv.gz", "folder"])
def test_content_is_that_of_the_table_in_memory(form, batch_rows, tmp_path):
    found = table(3000)
    # Kinds that the first rows do not show: a gap among whole numbers, text among numbers, numbers after gaps.
    found["late_gap"] = pd.Series(np.arange(3000) % 7, dtype=object)
    found.loc[2500, "late_gap"] = None
    found["late_gap"] = found["late_gap"].astype(float)
    found["late_text"] = (np.arange(3000) % 5).astype(str)
    found.loc[2800, "late_text"] = "five"
    path = tmp_path / f"t.{form}"
    if form == "folder":
        parts(found, path)
    elif form == "parquet":
        found.to_parquet(path, index=False)
    else:
        found.to_csv(path, index=False)
    reading, known = read(path, tmp_path, batch_rows=batch_rows), load(path, target="y")
    assert reading.fingerprint == known.fingerprint
    ids = np.concatenate([block["ids"].copy() for block in reading.store.blocks("ids")])
    assert hexadecimal(ids).astype(str).tolist() == known.ids.tolist()
    numbers = np.concatenate([block["numbers"].copy() for block in reading.store.blocks("numbers", rows=999)])
    assert np.array_equal(numbers, known.X[list(reading.store.numbers)].to_numpy(float), equal_nan=True)


def test_ids_are_those_of_a_data_set(table):
    known = table.ids.tolist()
    assert hexadecimal(content_ids(table.X)).astype(str).tolist() == known


def test_an_infinite_number_is_told_with_part_row_and_column(tmp_path):
    found = table(900)
    found.loc[700, "x2"] = -np.inf
    folder = parts(found, tmp_path / "folder")
    with pytest.raises(DataError, match=r"part-2\.parquet, column 'x2': data row 101 holds an infinite number"):
        read(folder, tmp_path, batch_rows=30)


def test_rows_without_a_label_are_counted_and_the_first_is_named(tmp_path):
    found = table(900)
    found.loc[[400, 650], "y"] = None
    folder = parts(found, tmp_path / "folder")
    with pytest.raises(DataError, match=r"2 of 900 rows have no label, the first is data row 101 of part-1\.parquet"):
        read(folder, tmp_path)
    reading = read(folder, tmp_path, drop_unlabelled=True)
    known = load(folder, target="y")
    kept = known.take(np.flatnonzero(known.y != ""))
    assert reading.fingerprint == kept.fingerprint
    rows = np.concatenate([block["rows"].copy() for block in reading.store.blocks("rows")])
    assert rows.tolist() == kept.rows.tolist()


def test_a_row_with_too_many_fields_is_told_with_file_and_line(tmp_path):
    path = tmp_path / "t.csv.gz"
    lines = ["a,b,y", *(f"{n},{n},{'no' if n % 2 else 'yes'}" for n in range(9000))]
    lines[8000] += ",oops"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    with pytest.raises(DataError, match=r"t\.csv\.gz, row 8001: 4 fields, the header has 3"):
        read(path, tmp_path)


def test_numbers_with_decimal_commas_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a;y\n" + "\n".join(f"{n},5;{'no' if n % 2 else 'yes'}" for n in range(99)))
    with pytest.raises(DataError, match=r"column 'a': its numbers are written with commas"):
        read(path, tmp_path)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda part: part.drop(columns="x1"),
            r"part-1\.parquet, column 'x1': this column of part-0\.parquet is missing",
        ),
        (lambda part: part.assign(more=1), r"part-1\.parquet, column 'more': part-0\.parquet has no such column"),
        (lambda part: part.assign(x1="a"), r"part-1\.parquet, column 'x1': holds text, in parts before it numbers"),
    ],
)
def test_parts_that_differ_are_refused(change, told, tmp_path):
    folder = parts(table(300), tmp_path / "folder")
    change(pd.read_parquet(folder / "part-1.parquet")).to_parquet(folder / "part-1.parquet", index=False)
    for attempt in (lambda: table_source(folder), lambda: load(folder, target="y")):
        with pytest.raises(DataError, match=told):
            attempt()


def test_a_part_that_is_no_parquet_is_refused(tmp_path):
    folder = parts(table(300), tmp_path / "folder")
    (folder / "part-3.parquet").write_text("a,b\n1,2\n")
    with pytest.raises(DataError, match=r"part-3\.parquet: is no sound Parquet file"):
        table_source(folder)
    (folder / "part-3.parquet").rename(folder / "readme.txt")
    with pytest.raises(DataError, match=r"readme\.txt: stands among Parquet files and is no Parquet file"):
        table_source(folder)


def test_a_part_cut_short_is_refused(tmp_path):
    folder = parts(table(300), tmp_path / "folder")
    whole = (folder / "part-2.parquet").read_bytes()
    (folder / "part-2.parquet").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match=r"part-2\.parquet: is no sound Parquet file"):
        table_source(folder)


def test_an_empty_part_is_noted_and_nothing_but_empty_parts_refused(tmp_path):
    found = table(300)
    folder = parts(found, tmp_path / "folder")
    found.iloc[:0].to_parquet(folder / "part-9.parquet", index=False)
    source = table_source(folder)
    reading = read_table(source, "y", tmp_path / "rows")
    assert profile_of(reading, source).notes == ("Parts without a row: part-9.parquet.",)
    for number in range(3):
        (folder / f"part-{number}.parquet").unlink()
    with pytest.raises(DataError, match="holds no rows"):
        table_source(folder)


def test_text_of_too_many_values_is_not_used_like_an_id(tmp_path):
    rows = 120_000
    values = pa.array([f"visit {n // 1.1:.0f}" for n in range(rows)])
    columns = {
        "visit": values,
        "x": pa.array(np.arange(rows) % 91),
        "y": pa.array(np.where(np.arange(rows) % 3, "a", "b")),
    }
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns), path)
    source = table_source(path)
    reading = read_table(source, "y", tmp_path / "rows")
    profile = profile_of(reading, source)
    assert profile.roles.unused == ("visit",)
    assert profile.columns[0].distinct == "over 100,000"
    assert reading.store.values["visit"] == ()


def test_whole_numbers_that_count_are_an_id_and_others_are_not(tmp_path):
    rows = 9000
    rng = np.random.default_rng(0)
    found = pd.DataFrame(
        {
            "rising": np.arange(rows),
            "shuffled": rng.permutation(rows) + 7,
            "wide": rng.permutation(rows) * 1000,
            "twice": np.arange(rows) // 2,
            "y": np.where(np.arange(rows) % 3, "a", "b"),
        }
    )
    found.to_parquet(tmp_path / "t.parquet")
    source = table_source(tmp_path / "t.parquet")
    profile = profile_of(read_table(source, "y", tmp_path / "rows"), source)
    assert profile.roles.unused == ("rising", "shuffled")


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_quantity_is_read_as_numbers_under_the_fingerprint_of_the_table_in_memory(late, form, tmp_path):
    n = 5000
    values = np.round(np.arange(n) / 7, 3)
    values[: 2000 if late else 0] = 2.0
    found = pd.DataFrame({"a": np.arange(n) % 3, "late_text": (np.arange(n) % 5).astype(str), "y": values})
    found.loc[4000, "late_text"] = "five"
    found.loc[[30, 4100], "y"] = None
    path = tmp_path / f"t.{form}"
    found.to_csv(path, index=False) if form == "csv" else found.to_parquet(path, index=False)
    reading = read(path, tmp_path, batch_rows=257, drop_unlabelled=True)
    known = load(path, target="y")
    known = known.take(np.flatnonzero(known.y != ""))
    targets = np.concatenate([block["targets"].copy() for block in reading.store.blocks("targets")])
    assert targets.tolist() == found["y"].dropna().tolist()
    assert (reading.fingerprint, reading.store.labels) == (known.fingerprint, ())
    assert not (tmp_path / "rows" / "texts.bin").exists()


@pytest.mark.parametrize("slip", ["about 12", "1e300", "2024-01-05", "inf"])
@pytest.mark.parametrize("row", [3, 1500, 4321])
def test_a_label_that_is_no_number_among_numbers_is_told_with_its_row(row, slip, tmp_path):
    labels = [f"{n / 7:.3f}" for n in range(5000)]
    labels[row] = slip
    path = tmp_path / "t.csv"
    path.write_text("a,y\n" + "\n".join(f"{n % 3},{label}" for n, label in enumerate(labels)))
    with pytest.raises(DataError, match=rf"t\.csv, row {row + 1}, column 'y': .*{re.escape(slip)}"):
        read(path, tmp_path, batch_rows=257)


def test_more_names_than_classes_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,y\n" + "\n".join(f"{n % 3},name {n}" for n in range(5000)))
    with pytest.raises(TenfoldError, match="over the limit of 1,000 classes"):
        read(path, tmp_path)


def test_dates_amounts_and_text_are_not_called_ids(tmp_path):
    n = 40
    found = table(n)
    found["when"] = [f"2020-01-01 10:{i:02}" for i in range(n)]
    found["weight"] = [f"{i} kg" for i in range(n)]
    found["note"] = [f"the {i} of them came" for i in range(n)]
    found["code"] = [f"c{i}" for i in range(n)]
    path = tmp_path / "t.csv"
    found.to_csv(path, index=False)
    profile = profile_of(read(path, tmp_path), table_source(path))
    found = findings_of(profile, profile.labels, 2, "y")
    codes = {f.column: f.code for f in found if f.column in {"when", "weight", "note", "code"}}
    assert codes == {
        "when": "dates-as-text", "weight": "numbers-with-units", "note": "free-text", "code": "id-column",
    }  # fmt: skip


def test_a_limit_of_a_quantity_is_counted_in_all_rows_and_a_leak_is_seen_in_a_sample(tmp_path, monkeypatch):
    monkeypatch.setattr(quantity_checks, "_SAMPLE", 1000)
    rng = np.random.default_rng(0)
    y = np.minimum(np.round(np.exp(rng.normal(3, 1, 4000)), 2), 50.0)
    found = pd.DataFrame({"a": rng.normal(size=4000), "gives": y * 2, "y": y})
    found.to_parquet(tmp_path / "t.parquet", index=False)
    store = read(tmp_path / "t.parquet", tmp_path).store
    target = number_target(store, np.empty(0), 5, 42)
    codes = {one.code: one for one in quantity_checks.check_streamed_quantity(store, target, "y")}
    assert codes["target-limit"].count == (y == 50).sum()
    assert "rows have the highest value of 'y', 50: it may be a limit" in codes["target-limit"].what
    assert codes["leak"].column == "gives"
