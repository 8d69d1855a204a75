"""The page of quantities under a hand: sliders say what tables say; it is for everyone, with and without scripts."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from quantity_folders import Quantities, write_quantity_folder

from tenfold.show import write_report

IMPORTANCE = {
    "schema": 1, "made_for": {"candidate": "model", "metric": "rmse", "threshold": None}, "n": 320, "folds": 1,
    "repeats": 2, "image_shape": None,
    "parts": [{"part": "a", "patch": None, "drop": 2.0, "low": 1.5, "high": 2.5},
              {"part": "kind", "patch": None, "drop": 0.1, "low": -0.1, "high": 0.3}],
    "path": {"names": ["a", "kind_x", "kind_y"], "alphas": [0.01, 1.0, 100.0], "own": 1.0,
             "weights": [[3.0, 0.2, -0.2], [2.9, 0.1, 0.0], [1.0, 0.0, 0.0]]},
    "training": {
        "unit": "epoch", "measure": "rmse", "stages": [1, 2, 3, 4], "training": [9.0, 5.0, 3.0, 2.0],
        "held_out": [9.5, 6.0, 4.0, 4.5], "rows": 256, "held_out_rows": 64, "own": False, "best": 3,
        "reason": "held-out", "patience": 1, "late": [0.5, 1.5], "past": [0.0, 0.0],
    },
    "dependence": [
        {"column": "a", "kind": "number", "places": [-1.0, 0.0, 1.0], "mean": [7.0, 10.0, 13.0],
         "low": [6.5, 9.5, 12.5], "high": [7.5, 10.5, 13.5], "rows": 200},
        {"column": "kind", "kind": "value", "places": ["x", "y"], "mean": [9.9, 10.1], "low": [9.8, 10.0],
         "high": [10.0, 10.2], "rows": 200},
    ],
}  # fmt: skip
LEARNING = {
    "schema": 1, "made_for": {"candidate": "model", "metric": "rmse"}, "failed": {},
    "points": [
        {"rows": 100, "value": 3.0, "low": 2.8, "high": 3.2, "n": 320, "interval": "t", "gain": None,
         "fitted": {"value": 1.0, "low": 0.9, "high": 1.1, "n": 100, "interval": "t"}},
        {"rows": 200, "value": 2.5, "low": 2.3, "high": 2.7, "n": 320, "interval": "t",
         "gain": {"value": -0.5, "low": -0.7, "high": -0.3, "interval": "paired"},
         "fitted": {"value": 1.4, "low": 1.3, "high": 1.5, "n": 200, "interval": "t"}},
    ],
}  # fmt: skip


@pytest.fixture(scope="session")
def prices(tmp_path_factory):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "a": rng.normal(size=400),
            "kind": pd.Series(rng.choice(list("xyz"), 400), dtype=object),
            "lon": rng.uniform(-124, -114, 400),
            "lat": rng.uniform(32, 42, 400),
        }
    )
    predicted = 10 + 3 * table["a"].to_numpy()
    y = predicted + rng.normal(0, np.where(table["kind"] == "z", 3.0, 1.0))
    studies = {"importance": IMPORTANCE, "learning_curve": LEARNING}
    made = Quantities(y, predicted, table, studies=studies)
    folder, rows = write_quantity_folder(tmp_path_factory.mktemp("prices") / "prices", made)
    write_report(folder, rows)
    return folder


def test_without_scripts_every_table_and_figure_is_there(visit, prices):
    page = visit(prices, script=False)
    assert page.locator("#live-coverage").is_hidden()
    for section in ("predicted", "intervals", "slices", "rows", "importance", "paths", "learning", "training"):
        assert page.locator(f"#{section} table").first.is_visible()


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(visit, prices, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = visit(prices, width=width, dark=dark)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_slider_of_coverage_starts_at_the_decision_in_force_and_moves_widths_and_rows_outside(visit, prices):
    page = visit(prices)
    live = page.locator("#live-coverage")
    assert live.locator(".chosen-value").inner_text().replace("\N{NO-BREAK SPACE}", " ") == "90.0 %"
    table = page.locator("#intervals table.choices").first
    in_force = table.locator("tr.chosen td").all_inner_texts()
    assert live.locator("tr", has_text="outside, test set").locator(".value").inner_text() == in_force[-1]
    live.locator(".chip", has_text="50").click()
    half = table.locator("tbody tr").first.locator("td").all_inner_texts()
    assert live.locator("tr", has_text="outside, test set").locator(".value").inner_text() == half[-1]
    assert live.locator(".command code").inner_text().endswith("'coverage>=0.5'")
    live.locator("input").focus()
    page.keyboard.press("ArrowRight")
    assert not live.locator(".command code").inner_text().endswith("'coverage>=0.5'")


def test_the_slider_of_costs_moves_the_shift(visit, prices):
    page = visit(prices)
    live = page.locator("#live-cost")
    assert live.locator(".chosen-value").inner_text() == "3 : 1"
    up = live.locator("tr", has_text="predictions move by").locator(".value").inner_text()
    live.locator(".chip", has_text="1 : 3").click()
    down = live.locator("tr", has_text="predictions move by").locator(".value").inner_text()
    assert up.startswith("+")
    assert down.startswith("\N{MINUS SIGN}")
    assert "under=1 over=3" in live.locator(".command code").inner_text()


@pytest.fixture(scope="session")
def targets(tmp_path_factory):
    rng = np.random.default_rng(0)
    predicted = rng.normal(10, 3, (100, 2))
    made = Quantities(predicted + rng.normal(0, 1, (100, 2)), predicted, targets=("up & down", "other"))
    folder, _ = write_quantity_folder(tmp_path_factory.mktemp("targets") / "targets", made)
    write_report(folder)
    return folder


def test_another_target_is_chosen_in_any_section_and_all_of_them_follow(visit, targets):
    page = visit(targets)
    assert page.locator("#predicted h2").inner_text().endswith("“up & down”")
    button = page.locator("#rows .tabs button", has_text="other")
    button.scroll_into_view_if_needed()
    before = button.bounding_box()["y"]
    button.click()
    assert abs(page.locator("#rows .tabs button", has_text="other").bounding_box()["y"] - before) < 2
    assert page.evaluate("document.activeElement.textContent") == "other"
    for section in ("predicted", "residuals", "rows"):
        assert "this is about “other”" in page.locator(f"#{section}").inner_text()
        assert page.locator(f"#{section} [aria-pressed=true]").inner_text() == "other"
    assert page.evaluate("location.hash") == "#rows&target=other"
    page.locator("#predicted .tabs button").first.click()
    assert page.locator("#rows [aria-pressed=true]").inner_text() == "up & down"


def test_the_target_of_an_address_is_shown_and_without_scripts_the_first_one_is(visit, targets):
    page = visit(targets, "#rows&target=other")
    assert page.locator("#predicted h2").inner_text().endswith("“other”")
    assert page.evaluate("document.getElementById('rows').getBoundingClientRect().top") < 400
    still = visit(targets, script=False)
    assert still.locator(".tabs").count() == 0
    assert still.locator("#live-targets").is_hidden()
    assert "the first, “up & down”" in still.locator("#rows").inner_text()
