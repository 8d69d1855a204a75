"""Messy cells are named by what they are, with count, example, first row and what to do; sound ones are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.data.checks import Finding, check
from tenfold.data.checks.cells import check_cells
from tenfold.data.dataset import Dataset
from tenfold.data.sources import load


def findings(cells: list[object]) -> list[Finding]:
    texts = any(isinstance(cell, str) for cell in cells)
    column = pd.Series(cells, dtype=object) if texts else pd.Series(cells)
    return check_cells(pd.DataFrame({"c": column}), np.arange(len(cells)) * 10)


@pytest.mark.parametrize(
    ("cells", "code", "what"),
    [
        (["a", " b", "b", "b "], "spaces", "column 'c' has spaces around its values in 2 rows, such as ' b' (row 11)"),
        (["1", "2.5", "?", "4", "?"] * 9, "missing-mark", "holds numbers but for 18 cells, such as '?' (row 21)"),
        (
            ["1", "2", "3", "-4"] * 9 + ["ten"],
            "numbers-as-text",
            "holds numbers but for 1 cell, such as 'ten' (row 361)",
        ),
        (["1,5", "2,25", "3", None] * 3, "numbers-with-commas", "numbers written with commas, such as '1,5' (row 1)"),
        (["1,234.50", "12,000", "7"] * 3, "numbers-with-commas", "such as '1,234.50' (row 1)"),
        ([f"{i} kg" for i in range(9)], "numbers-with-units", "numbers with a unit, such as '0 kg' (row 1)"),
        ([f"{i} %" for i in range(9)], "numbers-with-units", "such as '0 %' (row 1)"),
        ([f"${i}.99" for i in range(9)], "numbers-with-units", "such as '$0.99' (row 1)"),
        ([f"{i} \N{EURO SIGN}" for i in range(9)], "numbers-with-units", "such as '0 \N{EURO SIGN}' (row 1)"),
        (["2020-01-31", "2020-02-01"], "dates-as-text", "dates or times, such as '2020-01-31' (row 1)"),
        (["31.1.2020", "1.2.2020"], "dates-as-text", "such as '31.1.2020'"),
        (["01/31/20 10:30", "02/01/20 9:15"], "dates-as-text", "such as '01/31/20 10:30'"),
        (["2020-01-31T10:30:00Z", "2020-02-01T00:00:00+01:00"], "dates-as-text", "such as '2020-01-31T10:30:00Z'"),
        (["Jan 5, 2020", "March 17, 2021"], "dates-as-text", "such as 'Jan 5, 2020'"),
        (["5 Jan 2020", "17-Mar-21"], "dates-as-text", "such as '5 Jan 2020'"),
        (["10:30", "23:59:59"], "dates-as-text", "such as '10:30'"),
        ([20140131 + i for i in range(0, 600, 100)], "dates-as-numbers", "such as 20140131 (row 1)"),
        ([f"the {i} of them came late" for i in range(9)], "free-text", "free text, such as 'the 0 of them came late'"),
        ([3.0, 41.0, 999.0, 20.0, 999.0, np.nan], "missing-mark", "holds 999 in 2 rows (first: row 21), far from"),
        ([0, -999, 41, -999], "missing-mark", "holds -999 in 2 rows"),
    ],
)
def test_what_counts_as_something_else_is_a_warning(cells: list[object], code: str, what: str) -> None:
    (finding,) = findings(cells)
    assert (finding.level, finding.code) == ("warning", code)
    assert what in finding.what
    assert finding.do


@pytest.mark.parametrize(
    "cells",
    [
        ["red", "blue", "light blue", None],
        ["1st", "2nd", "3rd", "4th", "5th", "6th"],
        ["12A", "12B", "13C", "14D", "15E", "16F"],
        ["A/5 21171", "PC 17599", "113803"],
        ["10-19", "20-29", "30-39"],
        ["3.1", "9007199254740993"],
        ["yes", "no", "unknown"],
        ["v1.2", "v1.3"],
        [0, 99, 50, 99, 12],
        [1.0, 999.0, 2.0],
        [990, 999, 999, 980],
        [20_000_101, 30_000_505],
        [1, 2, 3],
        [np.nan, np.nan],
        [None, None],
    ],
)
def test_sound_columns_are_left_alone(cells: list[object]) -> None:
    assert findings(cells) == []


def test_a_mark_among_categories_is_noted() -> None:
    (finding,) = findings(["private", "?", "state", "?"])
    assert (finding.level, finding.code) == ("note", "missing-mark")
    assert "is '?' in 2 rows (first: row 11)" in finding.what


def test_spaces_everywhere_are_noted_for_they_tear_nothing_apart() -> None:
    (finding,) = findings([" a", " b", " a"])
    assert (finding.level, finding.code) == ("note", "spaces")


def test_classes_with_spaces_and_marks_are_named_with_their_rows() -> None:
    y = np.array(["yes", " yes", "no", "?", "", "no", "?"], object)
    X = pd.DataFrame({"x": np.random.default_rng(0).normal(size=7)})
    found = {f.code: f for f in check(Dataset("t", "table", X, y, source="t", target_names=("won",)), None, folds=2)}
    assert (
        "the label in column 'won' has spaces around its values in 1 row, such as ' yes' (row 2)"
        in found["spaces"].what
    )
    assert found["spaces"].level == "note"
    assert "is '?' in 2 rows (first: row 4)" in found["missing-mark"].what
    assert "--drop-unlabelled" in found["missing-mark"].do


@pytest.mark.parametrize("cell", ["2020-01-{:02}", "{} kg", "{} of them were here"])
def test_dates_amounts_and_text_are_not_called_ids(cell: str) -> None:
    X = pd.DataFrame({"c": pd.Series([cell.format(i + 1) for i in range(28)], dtype=object)})
    codes = {
        f.code for f in check(Dataset("t", "table", X, np.array(["a", "b"] * 14, object), source="t"), None, folds=2)
    }
    assert len(codes) <= 1
    assert "id-column" not in codes


def test_values_from_data_are_escaped() -> None:
    (finding,) = findings(["\x1b[31m", " \x1b[31m"])
    assert "\x1b" not in finding.sentence


def test_words_that_were_read_as_no_value_are_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("x,base,y\n1,NA,a\n2,brick,b\nN/A,NA,a\n,stone,b\n")
    found = {f.column: f for f in check(load(path, target="y"), None, folds=2) if f.code == "missing-values"}
    assert "in 2 of 4 rows (50.0%), written 'N/A' in 1 (first: row 3)" in found["x"].what
    assert "in 2 of 4 rows (50.0%), written 'NA' in 2 (first: row 1)" in found["base"].what


def test_what_a_loader_did_is_among_the_findings() -> None:
    X = np.random.default_rng(0).integers(0, 256, (6, 3, 3), np.uint8)
    data = Dataset("t", "image", X, np.array(["a", "b"] * 3, object), source="t", notes=("3 images were turned.",))
    (finding,) = check(data, None, folds=2)
    assert finding.sentence == "3 images were turned."
