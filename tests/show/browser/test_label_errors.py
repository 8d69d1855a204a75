"""Several labels: each is looked at as a detector, with the same care for every number."""

from __future__ import annotations

from types import SimpleNamespace
from urllib.parse import quote

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits
from sklearn.metrics import confusion_matrix

from tenfold import run
from tenfold.data.dataset import Dataset
from tests.show.browser.test_threshold import assert_true, counts_on, exact, shown, slide

HOSTILE = '<i>"loop"</i> & يمين'
NAMES = ("large", "odd", HOSTILE)


def made_run(tmp_path_factory, name, X, kind):
    digits = load_digits().target[: len(X)]
    y = np.stack([digits >= 7, digits % 2 == 1, np.isin(digits, [0, 6, 8, 9])], axis=1)
    data = Dataset(name, kind, X, y, source="memory", target_names=NAMES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        folder = tmp_path_factory.mktemp("labels") / name
        found = run(data, models=["forest", "sgd"], cv=3, decide="recall>=0.9", out=folder)
    lines = found.out_of_fold.query("candidate == @found.chosen").reset_index(drop=True)
    thresholds = found.metrics["candidates"][found.chosen]["decision"]["thresholds"]
    return SimpleNamespace(
        folder=folder, lines=lines, digits=digits, thresholds=dict(zip(NAMES, thresholds, strict=True))
    )


@pytest.fixture(scope="module")
def images(tmp_path_factory):
    return made_run(tmp_path_factory, "images", load_digits().images.astype(np.uint8)[:600], "image")


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    X = pd.DataFrame(load_digits().data[:500, 10:30]).add_prefix("pixel ")
    return made_run(tmp_path_factory, "rows", X, "table")


def of_label(found, name):
    return found.lines[f"true:{name}"].to_numpy(int), found.lines[f"score:{name}"].to_numpy()


def choose(page, name):
    page.locator("#live-label button", has_text=name).click()


def test_it_begins_with_the_label_that_has_most_errors(visit, images):
    wrong = {name: (images.lines[f"true:{name}"] != images.lines[f"predicted:{name}"]).sum() for name in NAMES}
    page = visit(images.folder)
    assert page.locator('#live-label [aria-pressed="true"]').inner_text() == max(wrong, key=wrong.get)


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_at_seventeen_thresholds_of_each_label_is_scikit_learns(visit, images, name):
    page = visit(images.folder)
    choose(page, name)
    y, scores = of_label(images, name)
    assert exact(page) == images.thresholds[name]
    assert_true(page, y, scores, images.thresholds[name])
    for position in np.linspace(0, 1, 17):
        slide(page, position)
        assert_true(page, y, scores, shown(page))


def test_a_threshold_of_one_label_does_not_follow_to_another(visit, images):
    page = visit(images.folder)
    choose(page, "odd")
    slide(page, 0.9)
    choose(page, "large")
    assert exact(page) == images.thresholds["large"]
    choose(page, "odd")
    assert exact(page) == images.thresholds["odd"]
    y, scores = of_label(images, "odd")
    assert counts_on(page) == confusion_matrix(y, scores >= images.thresholds["odd"]).tolist()


@pytest.mark.parametrize("name", NAMES)
def test_a_cell_opens_exactly_its_rows_and_what_they_are(visit, images, name):
    lines = images.lines
    wanted = lines[lines[f"true:{name}"] & ~lines[f"predicted:{name}"]]
    page = visit(images.folder, "#errors/{0}/not%20{0}&label={0}".format(quote(name, safe="")))
    shown_rows = [int(one.get_attribute("data-row")) for one in page.locator("#live-matrix .thumb").all()]
    assert sorted(shown_rows) == sorted(wanted["row"])
    assert wanted.set_index("row").loc[shown_rows, f"score:{name}"].is_monotonic_increasing
    page.locator("#live-matrix .thumb").first.click()
    told = [row.all_inner_texts()[0].split("\t") for row in page.locator(".of-labels tbody tr").all()]
    line = lines.set_index("row").loc[shown_rows[0]]
    words = {True: "true", False: "not"}
    assert told == [[one, words[line[f"true:{one}"]], words[line[f"predicted:{one}"]]] for one in NAMES]


def test_the_picture_of_an_instance_is_its_own(visit, images):
    page = visit(images.folder, "#errors/odd/odd&label=odd")
    X = load_digits().images[:600]
    for place in (0, 5, 20):
        thumb = page.locator("#live-matrix .thumb").nth(place)
        row = int(thumb.get_attribute("data-row"))
        page.wait_for_timeout(100)
        grey = thumb.locator("canvas").evaluate(
            "(canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
            ".filter((_, i) => i % 4 === 0)"
        )
        assert np.abs(np.array(grey).reshape(8, 8) - X[row] * (255 / 16)).max() <= 2


def test_counts_and_shares_above_lead_to_their_rows(visit, images):
    page = visit(images.folder)
    box = page.locator("#labels .label-matrices .drawn", has_text="odd").first
    count = int(box.locator("td.error a").first.inner_text())
    box.locator("td.error a").first.click()
    page.wait_for_selector("#live-matrix .panel")
    assert page.locator('#live-label [aria-pressed="true"]').inner_text() == "odd"
    assert page.locator("#live-matrix .thumb").count() == min(count, 40)
    assert "label=odd" in page.url


def test_a_table_shows_its_rows(visit, rows):
    page = visit(rows.folder, "#errors/odd/not%20odd&label=odd")
    lines = rows.lines
    wanted = lines[lines["true:odd"] & ~lines["predicted:odd"]]
    found = [int(one.inner_text()) for one in page.locator("#live-matrix .records tbody th button").all()]
    assert set(found) <= set(wanted["row"])
    assert len(found) == min(len(wanted), 20)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_axe_finds_no_violation_and_nothing_is_too_wide(visit, images, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = visit(images.folder, width=width, dark=dark)
    page.locator("#live-matrix .matrix tbody button").first.click()
    page.locator("#live-matrix .panel [data-row]").first.click()
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_scripts_the_command_is_told(visit, images):
    page = visit(images.folder, script=False)
    assert page.locator("#live-matrix").is_hidden()
    assert "tenfold errors" in page.locator("#labelerrors .still").inner_text()
    assert page.locator("#labels .label-matrix").first.is_visible()
