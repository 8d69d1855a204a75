"""Messages in a browser: words on their ground in cards and cells, legible, and nothing but text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

import tenfold
from tests.mail_folder import write_mail


@dataclass(frozen=True)
class MailRun:
    folder: Path


@pytest.fixture(scope="module")
def mail(tmp_path_factory):
    folder = write_mail(tmp_path_factory.mktemp("mail") / "mail")
    asked = {"task": "binary", "positive": "spam", "models": ["linear-svm"], "cv": 2}
    return MailRun(tenfold.run(folder, **asked, out=folder.parent / "run").path)


def _open_first(page):
    page.locator('#live-matrix button[data-a="1"][data-p="1"]').click()
    page.locator("#live-matrix .panel [data-row]").first.click()
    page.wait_for_selector(".detail .message-text")


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_axe_finds_no_violation_and_nothing_is_too_wide(visit, mail, width, dark):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="needs axe-playwright-python")
    page = visit(mail.folder, width=width, dark=dark)
    _open_first(page)
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_cell_opens_to_messages_with_their_words(visit, mail):
    page = visit(mail.folder)
    _open_first(page)
    words = page.locator(".detail .message-text .text .word")
    assert words.count() > 0
    assert {one[0] for one in words.evaluate_all("all => all.map((one) => one.title)")} <= {"+", "-"}
    ground = words.first.evaluate("one => getComputedStyle(one).backgroundColor")
    assert ground != "rgba(0, 0, 0, 0)"
    assert "fitted on this message too" in page.locator(".detail .cut").last.inner_text()


def test_a_hostile_message_is_text_in_a_cell(visit, mail):
    page = visit(mail.folder)
    page.locator('#live-matrix button[data-a="1"][data-p="1"]').click()
    page.locator("#live-matrix .records tr", has_text="<b>win</b>").first.locator("button").click()
    assert "<script>alert(2)</script>" in page.locator(".detail .text").inner_text()
    markup = ("script", "b", "img")
    assert all(page.locator(f"#live-matrix {tag}, #messages {tag}").count() == 0 for tag in markup)
