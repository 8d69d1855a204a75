"""Cells, numbers and addresses open exactly the instances they speak of."""

from __future__ import annotations

import numpy as np
import pytest

ROWS = "all => all.map((one) => Number(one.dataset.row))"


def rows_shown(page, within: str = "#live-matrix .side") -> list[int]:
    while page.locator(f"{within} > div > div > div > button.plain").count():
        page.locator(f"{within} > div > div > div > button.plain").first.click()
    return page.locator(f"{within} [data-row]").evaluate_all(ROWS)


def open_cell(page, a, p) -> None:
    page.locator(f'#live-matrix button[data-a="{a}"][data-p="{p}"]').click()
    page.wait_for_selector("#live-matrix .panel")


def surest_first(run, actual: str, called: str) -> list[int]:
    lines = run.lines[(run.lines["true"] == actual) & (run.lines["predicted"] == called)]
    return lines.sort_values([f"score:{called}", "row"], ascending=[False, True])["row"].tolist()


def test_each_cell_opens_its_instances_the_surest_first(visit, ten_classes):
    page = visit(ten_classes.folder)
    page.get_by_role("button", name="Counts", exact=True).click()
    cells = ten_classes.lines.groupby(["true", "predicted"]).size()
    for actual, called in list(cells.index)[::4]:
        open_cell(page, int(actual), int(called))
        found = rows_shown(page)
        assert found == surest_first(ten_classes, actual, called), (actual, called)


def test_a_picture_shows_the_pixels_of_its_row(visit, ten_classes):
    from sklearn.datasets import load_digits

    page = visit(ten_classes.folder)
    frequent = ten_classes.lines[ten_classes.lines["true"] != ten_classes.lines["predicted"]]
    actual, called = frequent.groupby(["true", "predicted"]).size().idxmax()
    open_cell(page, int(actual), int(called))
    page.wait_for_timeout(200)
    row, pixels = page.evaluate(
        "(() => { const one = document.querySelector('#live-matrix .thumb');"
        "const canvas = one.querySelector('canvas');"
        "const { data } = canvas.getContext('2d').getImageData(0, 0, 8, 8);"
        "return [Number(one.dataset.row), Array.from({ length: 64 }, (_, i) => data[4 * i])]; })()"
    )
    wanted = load_digits().images[row].ravel() * 255 / 16
    assert np.abs(np.array(pixels) - wanted).max() <= 1


def test_a_sum_opens_every_error_of_its_row_or_column(visit, ten_classes):
    page = visit(ten_classes.folder)
    wrong = ten_classes.lines[ten_classes.lines["true"] != ten_classes.lines["predicted"]]
    open_cell(page, 8, "")
    assert sorted(rows_shown(page)) == sorted(wrong[wrong["true"] == "8"]["row"])
    open_cell(page, "", 9)
    assert sorted(rows_shown(page)) == sorted(wrong[wrong["predicted"] == "9"]["row"])


def test_numbers_of_a_class_open_what_they_count(visit, ten_classes):
    page = visit(ten_classes.folder)
    page.locator("#classes table.classes tbody tr").nth(8).locator("a").first.click()
    page.wait_for_selector("#live-matrix .panel")
    assert page.evaluate("location.hash") == "#errors/8/"


def test_an_address_opens_its_cell_and_back_returns(visit, ten_classes):
    page = visit(ten_classes.folder, "#errors/9/8")
    assert rows_shown(page) == surest_first(ten_classes, "9", "8")
    open_cell(page, 8, "")
    assert page.evaluate("location.hash") == "#errors/8/"
    page.go_back()
    page.wait_for_function("document.querySelector('#live-matrix .panel h3').textContent === '9 called 8'")
    assert page.locator('#live-matrix button[data-a="9"][data-p="8"]').get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("address", ["#errors/no/such", "#errors/%E0%A4%A/1", "#errors//", "#scores/a/b/c", "#nothing"])
def test_an_address_of_nothing_opens_nothing(visit, ten_classes, address):
    page = visit(ten_classes.folder, address)
    assert page.locator("#live-matrix .panel").count() == 0
    assert "Select a cell" in page.inner_text("#live-matrix .side")


def test_a_cell_without_instances_says_so(visit, ten_classes):
    present = set(zip(ten_classes.lines["true"], ten_classes.lines["predicted"], strict=True))
    actual, called = next((a, p) for a in "0123456789" for p in "0123456789" if (a, p) not in present)
    page = visit(ten_classes.folder, f"#errors/{actual}/{called}")
    assert f"No image of “{actual}” was called “{called}”." in page.inner_text("#live-matrix .side")


def test_two_cells_stand_side_by_side_and_four_blocks_hold_all_answers(visit, ten_classes):
    page = visit(ten_classes.folder, "#errors/9/8/beside/8/9")
    assert page.locator("#live-matrix .panel h3").all_inner_texts() == ["9 called 8", "8 called 9"]
    page = visit(ten_classes.folder, "#errors/9/8/blocks")
    for place, (actual, called) in enumerate([("9", "9"), ("9", "8"), ("8", "9"), ("8", "8")]):
        found = page.locator(".block").nth(place).locator("[data-row]").evaluate_all(ROWS)
        assert found == surest_first(ten_classes, actual, called)[:25]


def test_a_pinned_cell_stays_beside_the_next(visit, ten_classes):
    page = visit(ten_classes.folder, "#errors/9/8")
    page.get_by_role("button", name="pin, to open another beside it").click()
    open_cell(page, 8, "")
    page.wait_for_function("document.querySelectorAll('#live-matrix .panel').length === 2")
    assert page.evaluate("location.hash") == "#errors/9/8/beside/8/"
    page.reload()
    page.wait_for_selector("html.live")
    assert page.locator("#live-matrix .panel h3").all_inner_texts() == ["9 called 8", "8 called something else"]


def test_all_of_it_by_keyboard(visit, ten_classes):
    page = visit(ten_classes.folder)
    page.locator('#live-matrix .matrix button[tabindex="0"]').focus()
    before = page.evaluate("[document.activeElement.dataset.a, document.activeElement.dataset.p]")
    page.keyboard.press("ArrowDown")
    after = page.evaluate("[document.activeElement.dataset.a, document.activeElement.dataset.p]")
    assert before != after
    page.keyboard.press("Enter")
    page.wait_for_selector("#live-matrix .panel")
    page.keyboard.press("Escape")
    page.wait_for_selector("#live-matrix .panel", state="detached")
    assert page.evaluate("[document.activeElement.dataset.a, document.activeElement.dataset.p]") == after
    assert page.evaluate("document.querySelectorAll('#live-matrix .matrix button[tabindex=\"0\"]').length") == 1


def test_resting_on_a_cell_tells_its_share_with_interval_and_folds(visit, ten_classes):
    page = visit(ten_classes.folder)
    counts = ten_classes.lines.groupby(["true", "predicted"]).size()
    wrong = counts[[a != p for a, p in counts.index]]
    actual, called = wrong.idxmax()
    page.locator(f'#live-matrix button[data-a="{actual}"][data-p="{called}"]').hover()
    told = page.inner_text("#live-matrix .told")
    assert told.startswith(f"{wrong.max()} of the {counts[actual].sum()} “{actual}” are called “{called}”: ")
    assert "95 % interval" in told.replace("\xa0", " ")
    assert "on the folds" in told


def test_an_instance_tells_its_row_fold_id_and_scores(visit, ten_classes):
    page = visit(ten_classes.folder, "#errors/9/8")
    page.locator("#live-matrix .thumb").first.click()
    row = surest_first(ten_classes, "9", "8")[0]
    line = ten_classes.lines[ten_classes.lines["row"] == row].iloc[0]
    told = page.inner_text("#live-matrix .detail")
    assert f"{row} of the data" in told
    assert f"judged in fold {line['fold'] + 1} of 3" in told
    assert line["id"] in told
    assert "tenfold errors digits --actual 9 --predicted 8" in page.inner_text("#live-matrix .panel")


@pytest.mark.parametrize(
    ("reading", "value"),
    [
        ("counts", lambda m: m),
        ("by-actual", lambda m: m / m.sum(1, keepdims=True)),
        ("by-predicted", lambda m: m / m.sum(0, keepdims=True)),
        ("by-all", lambda m: m / m.sum()),
        ("errors-by-actual", lambda m: _errors(m) / _errors(m).sum(1, keepdims=True)),
        ("errors-by-predicted", lambda m: _errors(m) / _errors(m).sum(0, keepdims=True)),
    ],
)
def test_every_reading_of_the_matrix_is_right(visit, ten_classes, reading, value):
    from sklearn.metrics import confusion_matrix

    page = visit(ten_classes.folder, f"#matrix={reading}")
    wanted = value(confusion_matrix(ten_classes.lines["true"], ten_classes.lines["predicted"]).astype(float))
    cells = page.locator("#live-matrix .matrix button[data-value]").evaluate_all(
        "all => all.map((one) => [Number(one.dataset.a), Number(one.dataset.p), Number(one.dataset.value)])"
    )
    assert len(cells) >= 10
    for a, p, shown in cells:
        assert shown == pytest.approx(wanted[a, p], abs=1e-12)
    assert page.locator(f'[data-reading="{reading}"]').get_attribute("aria-pressed") == "true"


def _errors(matrix: np.ndarray) -> np.ndarray:
    return matrix - np.diag(np.diag(matrix))


def test_rows_of_a_table_are_shown_with_their_values(visit, table_rows):
    page = visit(table_rows.folder, "#errors/leaves/stays")
    page.wait_for_selector(".records tbody tr")
    lines = table_rows.lines
    missed = set(lines[(lines["true"] == "leaves") & (lines["predicted"] == "stays")]["row"])
    assert set(rows_shown(page)) == missed
    first = page.locator(".records tbody tr").first
    row = int(first.locator("[data-row]").get_attribute("data-row"))
    assert first.locator("td").nth(3).inner_text() == f"<b>{row}</b> & co"


def test_names_from_the_data_stay_text(visit, hostile_names):
    page = visit(hostile_names.folder, "#errors/%3Cscript%3Ealert(1)%3C%2Fscript%3E/")
    page.wait_for_selector("#live-matrix .panel")
    assert page.locator("main script").count() == 0
    assert "<script>alert(1)</script> called something else" in page.inner_text("#live-matrix .panel")
    assert page.locator("#live-matrix canvas").count() > 0


def test_sixty_classes_show_the_most_confused_and_all_when_asked(visit, sixty):
    page = visit(sixty.folder)
    assert page.locator("#live-matrix .matrix tbody tr").count() == 41
    page.get_by_role("button", name="All 60 classes").click()
    assert page.locator("#live-matrix .matrix tbody tr").count() == 61
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
