"""The page for everyone: without scripts, on a phone, by screen reader, on paper."""

from __future__ import annotations

import pytest

RUNS = ["ten_classes", "eights", "table_rows"]


@pytest.mark.parametrize("name", RUNS)
def test_without_scripts_every_table_and_figure_is_there(visit, request, name):
    run = request.getfixturevalue(name)
    page = visit(run.folder, script=False)
    assert page.locator("#live-matrix").is_hidden()
    assert page.locator("#matrix .still table").first.is_visible()
    assert page.locator("#decision table.facing").first.is_visible()
    assert page.locator("#verdict h1").is_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("name", RUNS)
def test_axe_finds_no_violation(visit, request, name, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    run = request.getfixturevalue(name)
    page = visit(run.folder, width=width, dark=dark)
    page.locator("#live-matrix .matrix tbody button").first.click()
    page.locator("#live-matrix .panel [data-row]").first.click()
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("name", RUNS)
def test_nothing_is_wider_than_a_phone(visit, request, name):
    run = request.getfixturevalue(name)
    page = visit(run.folder, width=390)
    page.locator("#live-matrix .matrix tbody button").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("address", ["#errors/9/8", "#errors/9/8/blocks", "#errors/9/8/beside/8/9"])
def test_what_is_open_has_the_width_of_a_phone(visit, ten_classes, address):
    page = visit(ten_classes.folder, address, width=390)
    for panel in page.locator("#live-matrix .panel").all():
        assert panel.bounding_box()["width"] > 330


def test_paper_shows_what_is_open_and_no_controls(visit, ten_classes):
    page = visit(ten_classes.folder, "#errors/9/8")
    page.emulate_media(media="print")
    assert page.locator("#live-matrix .thumb").first.is_visible()
    assert not page.locator("#live-matrix .tools").is_visible()
    assert not page.locator(".threshold-slider").first.is_visible()


def test_a_browser_that_cannot_unpack_shows_the_page_as_it_is(chromium, ten_classes):
    context = chromium.new_context()
    page = context.new_page()
    page.add_init_script("delete window.DecompressionStream")
    page.goto((ten_classes.folder / "report.html").as_uri())
    assert page.locator("#matrix .still table").first.is_visible()
    assert not page.evaluate("document.documentElement.classList.contains('live')")
    context.close()


def test_a_script_that_is_not_of_the_page_does_not_run(chromium, ten_classes, tmp_path):
    changed = tmp_path / "report.html"
    html = (ten_classes.folder / "report.html").read_text(encoding="utf-8")
    changed.write_text(html.replace("</main>", "<script>window.ran = 1</script><img src=x onerror='ran = 2'></main>"))
    context = chromium.new_context(offline=True)
    page = context.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(changed.as_uri())
    page.wait_for_selector("html.live")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in refused)
    context.close()
