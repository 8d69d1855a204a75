"""The page is whole, safe and says what metrics.json says."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest
import samples
from run_folders import write_run_folder

from tenfold.decimals import figure_text, figure_texts
from tenfold.errors import DataError
from tenfold.show import write_report

SECTIONS = {"verdict", "board", "matrix", "decision", "calibration", "figures", "made"}
PAGES = ["digits", "detector", "hostile", "without_scores", "sixty"]
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Tags with their attributes, text by table cell, headings; tags must balance."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.open, self.cells, self.headings, self._cell = [], [], [], [], None
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self._cell = ""
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
        if tag in {"td", "th"}:
            self.cells.append(self._cell.replace("\xa0", " ").strip())
            self._cell = None

    def handle_data(self, data):
        self.text += data.replace("\xa0", " ")
        if self._cell is not None:
            self._cell += data

    def ids(self) -> set[str]:
        return {attributes["id"] for _, attributes in self.tags if "id" in attributes}


@pytest.fixture(params=PAGES)
def page(request):
    return request.getfixturevalue(request.param)


def section(html: str, name: str) -> str:
    return html[html.index(f'<section id="{name}"') :].split("</section>", maxsplit=1)[0]


def cells_of(html: str) -> list[str]:
    return Reader(html + "</section>").cells


def test_page_is_complete_and_its_tags_balance(page):
    reader = Reader(page.html)
    assert not reader.open
    assert reader.ids() >= SECTIONS
    assert {"curves", "compare"} <= set(reader.ids())
    assert ("classes" in reader.ids()) is (page.metrics["task"] == "multiclass")


def test_headings_go_down_one_level_at_a_time(page):
    levels = Reader(page.html).headings
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_reference_is_found(page):
    reader = Reader(page.html)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in reader.tags:
        if attributes.get("href", "").startswith("#"):
            assert attributes["href"][1:] in ids
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids


def test_page_asks_nothing_of_the_network_and_runs_only_its_own_script(page):
    reader = Reader(page.html)
    policy = next(a["content"] for tag, a in reader.tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy
    assert not {"link", "iframe", "object", "form"} & {tag for tag, _ in reader.tags}
    for tag, attributes in reader.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert attributes.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
        assert tag == "script" or attributes.get("href", "#").startswith("#")
    assert "url(" not in page.html
    assert "@import" not in page.html


def test_policy_names_the_style_and_the_script_as_they_stand(page):
    policy = next(a["content"] for _, a in Reader(page.html).tags if a.get("http-equiv") == "Content-Security-Policy")
    for start, end in (("<style>", "</style>"), ('<script type="module">', "</script>")):
        text = page.html.split(start, 1)[1].split(end, 1)[0]
        assert base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() in policy
    for value in {a["style"] for _, a in Reader(page.html).tags if "style" in a}:
        assert base64.b64encode(hashlib.sha256(value.encode()).digest()).decode() in policy


def test_page_is_small(page):
    assert len(page.html.encode()) < 3_000_000


def test_names_from_the_data_stay_text(hostile):
    assert hostile.html.count("<script") == 2
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in hostile.html
    assert "<img" not in hostile.html
    assert "{{7*7}}" in hostile.html.replace("&#34;", '"')
    assert "\u202e" not in hostile.html
    assert "\u200b" not in hostile.html
    assert "x" * 130 not in hostile.html


def test_every_count_of_the_matrices_is_on_the_page(page):
    if len(page.metrics["classes"]) > 40:
        return
    cells = cells_of(section(page.html, "matrix"))
    decided = page.metrics["candidates"][page.metrics["chosen"]]["decision"]["confusion_matrix"]
    assert _numbers_in_order(cells, decided)
    assert _numbers_in_order(
        cells[-(len(decided) + 2) * (len(decided) + 1) - 2 :], page.metrics["test_confusion_matrix"]
    )


def _numbers_in_order(cells: list[str], matrix: list[list[int]]) -> bool:
    """Whether the rows of a matrix, each with its sum, follow one another in the cells."""
    rows = [[f"{value:,}" for value in row] + [f"{sum(row):,}"] for row in matrix]
    text = "\n".join(cells)
    places = [text.find("\n" + "\n".join(row)) for row in rows]
    return min(places) >= 0


def test_every_metric_of_the_chosen_candidate_is_on_the_page_with_its_interval_and_n(page):
    entry = page.metrics["candidates"][page.metrics["chosen"]]["decision"]["out_of_fold"]
    rows = section(page.html, "figures").split("</details>")[0].split("<tr>")[2:]
    assert len(rows) == len(entry)
    tests = page.metrics["test"]
    texts = figure_texts([*entry.items(), *((key, tests[key]) for key in entry)])
    lines = zip(rows, entry.items(), texts[: len(rows)], texts[len(rows) :], strict=True)
    for row, (key, estimate), judged, tested in lines:
        cells = Reader(row.split("</tr>")[0]).cells
        assert cells[1].startswith(judged.value)
        assert cells[2] == judged.interval
        assert cells[4] == f"{estimate['n']:,}"
        assert cells[6].startswith(tested.value)
        assert cells[8] == f"{tests[key]['n']:,}"


def test_the_verdict_is_the_figure_out_of_fold_with_its_interval(digits):
    accuracy = digits.metrics["candidates"]["forest"]["decision"]["out_of_fold"]["accuracy"]
    top = Reader(section(digits.html, "verdict") + "</section>").text
    text = figure_text("accuracy", accuracy)
    assert f"forest gets {text.value} of the 1,400 training images right." in top
    assert text.interval in top
    assert "Always answering" in top
    assert "opened once" in top


def test_a_detector_says_what_it_finds_and_how_often_it_is_right(detector):
    entry = detector.metrics["candidates"]["forest"]["decision"]["out_of_fold"]
    top = Reader(section(detector.html, "verdict") + "</section>").text
    assert f"finds {figure_text('recall', entry['recall']).value} of all “8”" in top
    assert figure_text("precision", entry["precision"]).value in top
    assert "opened 3 times" in top


def test_the_decision_stands_beside_its_target_and_the_test(detector):
    text = Reader(section(detector.html, "decision") + "</section>").text
    assert "chosen on the out-of-fold scores" in text
    assert "at least 90.0 %" in text
    assert "on the test set" in text
    assert 'aria-label="Precision and recall' in detector.html


def test_failed_candidates_are_named_with_their_reason(digits):
    board = Reader(section(digits.html, "board") + "</section>").text
    assert "svm" in board
    assert "ran out of memory (limit 2.0 GiB)" in board
    assert "baseline" in board


def test_without_scores_the_views_say_so(without_scores):
    for name in ("curves", "decision", "calibration"):
        text = section(without_scores.html, name)
        assert "without scores" in text
        assert "<path" not in text


def test_long_lists_of_warnings_are_folded(hostile):
    cards = hostile.html[hostile.html.index('class="cards"') : hostile.html.index('id="board"')]
    assert cards.count("alert(2)") == 9
    assert "5 more" in cards


def test_of_sixty_classes_the_forty_most_confused_are_drawn(sixty):
    text = section(sixty.html, "matrix")
    assert "The 40 of 60 classes" in text
    assert text.count("<tr>") == 3 * 41


def test_undefined_figures_give_their_reason(drawn):
    made = samples.invented(3, ("a", "b", "c"), rows=60)
    answers = {**made.answers, "forest": replace(made.answers["forest"], predicted=np.zeros(60, int))}
    page = drawn("undefined", replace(made, answers=answers, test=replace(made.test, predicted=np.zeros(15, int))))
    assert "undefined" in page.html
    reason = page.metrics["candidates"]["forest"]["out_of_fold"]["precision:b"]["reason"]
    assert reason.replace("'", "&#39;") in page.html


def test_a_detector_that_never_fires_is_told_so(drawn):
    made = samples.invented(2, ("ham", "spam"), rows=60)
    answers = {**made.answers, "forest": replace(made.answers["forest"], predicted=np.zeros(60, int))}
    page = drawn("silent", replace(made, answers=answers))
    assert "never answers “spam”" in page.html


def test_a_perfect_run_has_its_own_words(drawn):
    made = samples.invented(3, ("a", "b", "c"), rows=90, skill=60.0)
    page = drawn("perfect", made)
    assert "No row was taken for another class" in page.html
    assert Reader(page.html).ids() >= SECTIONS


def test_a_page_that_cannot_be_drawn_leaves_the_old_one(tmp_path):
    folder = write_run_folder(tmp_path / "run", samples.invented(3, ("a", "b", "c"), rows=60))
    before = write_report(folder).read_bytes()
    (folder / "metrics.json").write_text("{}")
    with pytest.raises(DataError, match="no schema number"):
        write_report(folder)
    assert (folder / "report.html").read_bytes() == before
    assert not list(folder.glob("*.part*"))
