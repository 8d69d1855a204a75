"""The page of real tables: told from its JSON, differences paired, nothing typed by hand."""

import json

import numpy as np
import pytest

from bench.tables.figures import Gap, TableFigures, gap, page, table_figures_of
from tests.conftest import ROOT


def figures(name: str, low: float, high: float, **more: object) -> TableFigures:
    accuracy = {"default run": 80.0, "boosting": 79.0, "forest": 78.5}
    difference = Gap((low + high) / 2, low, high, 100)
    seconds = dict.fromkeys(accuracy, 1.0)
    return TableFigures(name, 100, 3, "svm", accuracy, {"default run": 81.0, "boosting": 80.0}, seconds, difference,
                        Gap(1.0, -5.0, 7.0, 25), **more)  # fmt: skip


def test_the_page_says_on_which_tables_the_default_run_is_better_or_worse():
    words = page([figures("a", 0.5, 2.0), figures("b", -3.0, -0.5), figures("c", -1.0, 1.0)], "Measured here.")
    assert "on\n1 of 3 tables (a), worse on 1 (b), and cannot be told apart on 1" in words
    assert "| a | 100 | svm | 80.0 | 79.0 | 78.5 | +1.2 | +0.5 to +2.0 |" in words
    assert "FLAML" not in words


def test_a_table_with_an_automl_has_a_row_of_its_own_and_reads_back():
    one = figures("a", 0.5, 2.0, automl_seconds=60.0, automl_difference=Gap(-0.5, -2.0, 1.0, 100))
    one.accuracy["FLAML"], one.seconds["FLAML"] = 80.5, 301.0
    assert table_figures_of(json.loads(json.dumps(one.as_dict()))) == one
    assert "| a | 80.0 | 80.5 | -0.5 | -2.0 to +1.0 | 1 | 301 |" in page([one], "")


def test_a_difference_is_paired():
    first = np.repeat([True, True, False, False], [50, 10, 5, 35])
    second = np.repeat([True, False, True, False], [50, 10, 5, 35])
    assert gap(first, second).value == 5.0
    assert gap(first, second).low < 0 < gap(first, second).high
    assert gap(first, first).value == 0.0


def test_the_page_in_docs_is_what_its_json_says():
    path = ROOT / "docs" / "tables.json"
    if not path.exists():
        pytest.skip("nothing was measured")
    plain = json.loads(path.read_text("utf-8"))
    tables = [table_figures_of(one) for one in plain["tables"]]
    assert page(tables, plain["conditions"]) == (ROOT / "docs" / "tables.md").read_text("utf-8")
