"""Run folders that were damaged or come from a newer version: the file is named."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from tenfold.ask.errors.errors import errors_of
from tenfold.errors import DataError
from tenfold.record.run import open_run


@pytest.fixture
def folder(small_run, tmp_path):
    return shutil.copytree(small_run, tmp_path / "run")


def halve(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def change(path, **entries):
    path.write_text(json.dumps({**json.loads(path.read_text()), **entries}))


@pytest.mark.parametrize("name", ["metrics.json", "manifest.json", "out_of_fold.parquet"])
@pytest.mark.parametrize(
    "harm", [halve, lambda path: path.write_bytes(b""), lambda path: path.write_bytes(b"\xff\xfe[")]
)
def test_the_damaged_file_is_named(folder, name, harm):
    harm(folder / name)
    with pytest.raises(DataError, match=rf"{name}.*damaged"):
        errors_of(open_run(folder))


@pytest.mark.parametrize("name", ["metrics.json", "manifest.json"])
@pytest.mark.parametrize(
    ("text", "said"), [("[]", "not a JSON object"), ("{}", "no schema"), ('{"schema": 1}', "no entry")]
)
def test_json_that_is_not_what_a_run_writes_is_named(folder, name, text, said):
    (folder / name).write_text(text)
    with pytest.raises(DataError, match=rf"{name}.*{said}"):
        open_run(folder)


@pytest.mark.parametrize("name", ["metrics.json", "manifest.json"])
def test_a_file_of_a_newer_version_is_named(folder, name):
    change(folder / name, schema=2)
    with pytest.raises(DataError, match=rf"{name}.*newer Tenfold"):
        open_run(folder)


def test_a_chosen_candidate_that_is_not_there_is_told(folder):
    change(folder / "metrics.json", chosen="ghost")
    with pytest.raises(DataError, match=r"metrics\.json.*chosen candidate"):
        open_run(folder)


@pytest.mark.parametrize("column", ["true", "predicted", "fold", "id"])
def test_a_missing_column_is_named(folder, column):
    path = folder / "out_of_fold.parquet"
    pd.read_parquet(path).drop(columns=column).to_parquet(path)
    with pytest.raises(DataError, match=rf"out_of_fold.*no column '{column}'"):
        errors_of(open_run(folder))


def test_a_class_the_run_does_not_know_is_named(folder):
    path = folder / "out_of_fold.parquet"
    lines = pd.read_parquet(path)
    lines.loc[3, "predicted"] = "ghost"
    lines.to_parquet(path)
    with pytest.raises(DataError, match="'ghost' is none of the"):
        errors_of(open_run(folder))


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_a_score_that_is_no_finite_number_is_named_with_its_row(folder, value):
    path = folder / "out_of_fold.parquet"
    lines = pd.read_parquet(path)
    column = next(name for name in lines if name.startswith("score:"))
    lines.loc[7, column] = value
    lines.to_parquet(path)
    with pytest.raises(DataError, match=rf"row {lines.loc[7, 'row']}: the {column} is {value}"):
        errors_of(open_run(folder))
