"""The report as Markdown and as data."""

from __future__ import annotations

import json
import re
from dataclasses import asdict

import pytest

from tenfold.ask.errors.sentences import share_columns
from tenfold.decimals import figure_text
from tenfold.show.content import read_content
from tenfold.show.plain_report import markdown, plain_report


@pytest.fixture(params=["digits", "detector", "hostile", "without_scores", "sixty"])
def page(request):
    return request.getfixturevalue(request.param)


def test_tables_are_as_wide_as_their_heads(page):
    for table in plain_report(read_content(page.folder)).tables:
        assert all(len(row) == len(table.head) for row in table.rows)


def test_every_table_of_markdown_has_the_same_cells_in_every_row(page):
    text = markdown(plain_report(read_content(page.folder)))
    for block in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
        assert len(cells) == 1


def test_the_verdict_comes_first_and_figures_keep_interval_and_n(digits):
    text = markdown(plain_report(read_content(digits.folder)))
    accuracy = digits.metrics["candidates"]["forest"]["decision"]["out_of_fold"]["accuracy"]
    assert text.startswith(f"# forest gets {figure_text('accuracy', accuracy).value} of the 1,400")
    assert "## Worth a worry" in text
    assert "## How this was made" in text
    assert "1,400" in text


def test_names_from_the_data_are_no_markup(hostile):
    text = markdown(plain_report(read_content(hostile.folder)))
    outside_code = re.sub(r"(`+).*?\1", "", text)
    assert not re.search(r"(?<!\\)<", outside_code)
    assert not re.search(r"(?<!\\)\{\{", outside_code)
    assert "\u202e" not in text


def test_data_are_plain_json_with_what_the_page_says(page):
    found = json.loads(json.dumps(asdict(plain_report(read_content(page.folder))), allow_nan=False))
    assert found["verdict"]
    assert found["tables"][0]["title"] == "Candidates"
    names = [row[0] for row in found["tables"][0]["rows"]]
    assert len(names) == len(page.metrics["candidates"])


def test_of_two_classes_shares_are_of_all_rows(detector):
    pairs = next(
        one for one in plain_report(read_content(detector.folder)).tables if one.title == "Most frequent errors"
    )
    matrix = detector.metrics["candidates"]["forest"]["decision"]["confusion_matrix"]
    first = max((matrix[0][1], 0), (matrix[1][0], 1))
    assert pairs.rows[0][2] == f"{first[0]:,}"
    parts = sorted((matrix[0][1], matrix[1][0]), reverse=True)
    wholes = [sum(matrix[first[1]]), sum(matrix[1 - first[1]])]
    assert [row[3:] for row in pairs.rows] == list(zip(*share_columns(parts, wholes, ""), strict=True))
