"""The page of a denoising run: whole, safe, and what its files say."""

from __future__ import annotations

import base64
import io
import re
import tempfile
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tenfold.data.dataset import Dataset
from tenfold.data.holdout import Ledger
from tenfold.figures import Estimate
from tenfold.line.restoration.config import DenoiseConfig
from tenfold.line.restoration.pictures import read_pictures
from tenfold.line.restoration.steps import execute
from tenfold.record.words.restoration import grey
from tenfold.show import write_report
from tenfold.show.content import read_content
from tenfold.show.plain_report import markdown, plain_report
from tenfold.show.sections.images.overview import again, weaknesses
from tenfold.show.sections.images.pictures import gallery_view, map_view

HOSTILE = ("<script>alert(1)</script>", "{{61*61}}", '"><img src=x onerror=alert(1)>', "\u202eabc", "x" * 300)
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Reader(HTMLParser):
    """Tags with their attributes, and the text; tags must balance."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.headings, self.text = [], [], [], ""
        self.feed(html)
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data.replace("\xa0", " ")


def _run(folder, classes, models, colour=False, **asked):
    rng = np.random.default_rng(0)
    n, codes = 100, np.arange(100) % len(classes)
    shape = (n, 6, 5, 3) if colour else (n, 6, 5)
    X = rng.integers(0, 80, shape).astype(np.uint8)
    X[np.arange(n), codes] += 150
    data = Dataset(classes[0], "image", X, np.array(classes, object)[codes], source=classes[0])
    config = DenoiseConfig(data.source, models=models, **asked)
    return execute(config, folder / "run", lambda c: data, write_report, ledger=Ledger(folder / "ledger"))


@pytest.fixture(scope="module")
def hostile():
    with tempfile.TemporaryDirectory() as folder:
        yield _run(Path(folder), HOSTILE, ("knn", "median", "ridge"), noise="gaussian:40")


@pytest.fixture(scope="module", params=["plain", "colour"])
def run(request):
    with tempfile.TemporaryDirectory() as folder:
        yield _run(Path(folder), ("a", "b"), ("knn", "median"), colour=request.param == "colour")


def test_the_page_is_balanced_and_every_link_leads_somewhere(run):
    page = Reader(run.folder.report.read_text())
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {attributes["href"][1:] for tag, attributes in page.tags if tag == "a"} <= set(ids)
    assert page.headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(page.headings))
    assert {"verdict", "board", "spread", "gallery", "map", "classes", "figures", "made"} <= set(ids)


def test_every_image_has_words_and_none_comes_from_elsewhere(run):
    page = Reader(run.folder.report.read_text())
    images = [attributes for tag, attributes in page.tags if tag == "img"]
    assert len(images) == 38
    assert all(re.search(r"noisy, restored and clean; off by [\d.]+ grey levels", image["alt"]) for image in images)
    assert all(image["src"].startswith("data:image/png;base64,") for image in images)
    assert not re.search(r"""(src|href)=["']?(https?:|//)|url\((?!data:)""", run.folder.report.read_text())


def test_names_from_data_stay_text(hostile):
    html = hostile.folder.report.read_text()
    page = Reader(html)
    assert not [tag for tag, _ in page.tags if tag == "script"]
    assert not [attributes for _, attributes in page.tags if "onerror" in attributes]
    assert "{{61*61}}" in page.text
    assert "3721" not in page.text
    assert "\u202e" not in html


def test_the_page_says_what_the_figures_say(run):
    page = Reader(run.folder.report.read_text())
    mine, nothing = (run.metrics[part]["mae"]["value"] for part in ("test", "test_baseline"))
    assert f"brings the error down from {grey(nothing)} to {grey(mine)} grey levels" in page.text
    for name, entry in run.metrics["candidates"].items():
        assert name in page.text
        assert grey(entry["out_of_fold"]["mae"]["value"]) in page.text


def test_a_triptych_shows_the_very_pixels(run):
    content = read_content(run.path)
    pictures, peak = read_pictures(run.path), run.metrics["peak"]
    worst = next(one for one in gallery_view(content).galleries if one.id == "gallery-worst").shots.each[0]
    place = int(np.flatnonzero(pictures.group == "worst")[0])
    with Image.open(io.BytesIO(base64.b64decode(worst.uri.partition(",")[2]))) as image:
        strip = np.asarray(image)[..., :-1].squeeze()
    assert strip.shape[:2] == (6, 17)
    for at, part in ((0, pictures.noisy), (6, pictures.restored), (12, pictures.clean)):
        np.testing.assert_array_equal(strip[:, at : at + 5], np.clip(part[place], 0, peak))


def test_an_error_map_is_as_opaque_as_the_error(run):
    content = read_content(run.path)
    drawn = map_view(content).maps[1]
    with Image.open(io.BytesIO(base64.b64decode(drawn.mask.partition(",")[2]))) as image:
        alpha = np.asarray(image)[..., 1] / 255
    most = max(content.pictures.before.max(), content.pictures.after.max())
    np.testing.assert_allclose(alpha, content.pictures.after / most, atol=0.003)


def test_a_candidate_that_is_ahead_by_another_figure_is_named(run):
    content = read_content(run.path)
    other = next(name for name in content.candidates if name not in {content.chosen, "baseline"})
    figures = {**content.candidates[other].out_of_fold, "pixels_right": Estimate(0.95, 0.94, 0.96, n=80)}
    ahead = replace(content.candidates[other], out_of_fold=figures)
    metrics = replace(content.metrics, candidates={**content.candidates, other: ahead})
    told = ["".join(part.text for part in one) for one in weaknesses(replace(content, metrics=metrics))]
    assert any(f"By pixels right {other} is ahead: 95.0 %" in line for line in told)


def test_the_command_repeats_what_was_asked_with_one_thing_changed(run):
    content = read_content(run.path)
    assert again(content, cv=7) == "tenfold denoise a --models knn,median --cv 7"


def test_the_report_as_text_says_what_the_page_says(run):
    content = read_content(run.path)
    report = plain_report(content)
    page = Reader(run.folder.report.read_text()).text
    assert report.verdict in page
    assert [table.title for table in report.tables][:2] == ["Candidates", "Classes"]
    assert all(row[0] in page for table in report.tables for row in table.rows)
    assert markdown(report).startswith("# ")
