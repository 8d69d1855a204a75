"""Figures as files: whole, alone, safe, and with the numbers of the run."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
import samples
from PIL import Image
from run_folders import write_run_folder

from tenfold.decimals import figure_text, figure_texts
from tenfold.figures import threshold_curve
from tenfold.show.content import read_content
from tenfold.show.drawing.png import png
from tenfold.show.figures.write import figures_of

SVG = "{http://www.w3.org/2000/svg}"
PAGES = ["digits", "detector", "hostile", "without_scores", "sixty"]


@pytest.fixture(params=PAGES)
def page(request):
    return request.getfixturevalue(request.param)


def drawn(page):
    return {one.name: one for one in figures_of(read_content(page.folder)).figures}


def words(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_each_figure_stands_alone_with_title_and_description(page):
    for one in drawn(page).values():
        root = ElementTree.fromstring(one.svg())
        assert root.find(f"{SVG}title").text == one.title
        assert len(root.find(f"{SVG}desc").text) > 5
        assert not {tag.tag for tag in root.iter()} & {f"{SVG}script", f"{SVG}style", f"{SVG}image", f"{SVG}a"}
        assert not re.search(r"(?:href|src)=|@import|url\((?!#h\))", one.svg())


def test_nothing_is_drawn_outside_the_figure(page):
    for one in drawn(page).values():
        root = ElementTree.fromstring(one.svg())
        width, height = float(root.get("width")), float(root.get("height"))
        for tag in root.iter():
            assert 0 <= float(tag.get("x", 0)) <= width
            assert -12 <= float(tag.get("y", 0)) <= height


def test_names_from_the_data_stay_text(hostile):
    for one in drawn(hostile).values():
        assert "<script" not in one.svg()
        assert "\u202e" not in one.svg()


def test_the_matrix_has_the_counts_of_the_run(digits):
    decided = digits.metrics["candidates"]["forest"]["decision"]["confusion_matrix"]
    told = words(drawn(digits)["confusion-counts"].svg())
    flat = [f"{value:,}" for row in decided for value in row]
    assert all(told.count(one) >= flat.count(one) for one in set(flat))


def test_errors_only_says_that_percent_are_shares_of_errors(digits):
    one = drawn(digits)["confusion-errors"]
    assert "shares of the errors" in one.note
    counts = np.array(digits.metrics["candidates"]["forest"]["decision"]["confusion_matrix"])
    errors = counts - np.diag(np.diag(counts))
    actual, called = np.argwhere(errors > 0)[0]
    assert f"{100 * errors[actual, called] / errors[actual].sum():.0f}" in words(one.svg())


def test_recalls_are_those_of_the_run_with_their_intervals(digits, detector):
    told = words(drawn(digits)["recall-by-class"].svg())
    figures = digits.metrics["candidates"]["forest"]["out_of_fold"]
    recalls = figure_texts((key, one) for key, one in figures.items() if key.startswith("recall:"))
    assert len(recalls) == 10
    assert all(one.value in told and one.interval in told for one in recalls)
    figures = detector.metrics["candidates"]["forest"]["decision"]["out_of_fold"]
    told = words(drawn(detector)["recall-by-class"].svg())
    shares = figure_texts((key, figures[key]) for key in ("recall", "specificity"))
    assert all(one.value in told and one.interval in told for one in shares)


def test_a_detector_has_its_curves_with_the_areas_of_the_run(detector):
    found = drawn(detector)
    assert {"precision-recall", "roc", "threshold", "calibration", "confusion-by-actual"} <= set(found)
    for name, key in (("precision-recall", "average_precision"), ("roc", "roc_auc")):
        area = figure_text(key, detector.metrics["candidates"]["forest"]["out_of_fold"][key])
        assert any(f"forest: {area.value} ({area.interval})" in one for one in words(found[name].svg()))


def test_the_roc_passes_through_the_points_of_the_curve(detector):
    content = read_content(detector.folder)
    scored = content.scored("forest")
    curve = threshold_curve(scored.y, scored.scores)
    at = int(np.argmin(np.abs(curve.thresholds - 0.5)))
    x, y = 96 + 480 * curve.false_positive_rate[at], 36 + 480 * (1 - curve.recall[at])
    lines = re.findall(r'<path d="M([^"]+)"[^>]*stroke="#1f5fd6"', drawn(detector)["roc"].svg())
    points = np.array([[float(value) for value in point.split()] for point in lines[0].split("L")])
    assert np.hypot(points[:, 0] - x, points[:, 1] - y).min() < 3


def test_what_cannot_be_drawn_is_said_with_the_reason(without_scores, digits):
    found = figures_of(read_content(without_scores.folder))
    assert {one.name for one in found.figures} == {"confusion-counts", "confusion-by-actual", "recall-by-class"}
    assert "without scores" in found.absent[0]
    assert not figures_of(read_content(digits.folder)).absent


def test_of_many_classes_those_in_most_errors_are_drawn(sixty):
    assert "40 of 60 classes" in drawn(sixty)["confusion-counts"].note
    assert "40 of 60 classes" in drawn(sixty)["recall-by-class"].note


def test_scores_that_are_all_equal_make_whole_figures(tmp_path):
    made = samples.invented(2, ("ham", "spam"), rows=60)
    same = replace(made.answers["forest"], scores=np.full(60, 0.5))
    folder = write_run_folder(tmp_path / "same", replace(made, answers={**made.answers, "forest": same}))
    names = {one.name for one in figures_of(read_content(folder)).figures}
    assert {"roc", "threshold", "calibration"} <= names


def test_png_is_twice_the_size_and_has_ink(digits):
    svg = drawn(digits)["confusion-errors"].svg()
    picture = Image.open(io.BytesIO(png(svg))).convert("RGB")
    root = ElementTree.fromstring(svg)
    assert picture.size == (2 * int(root.get("width")), 2 * int(root.get("height")))
    pixels = np.asarray(picture)
    assert (pixels.sum(axis=2) < 200).sum() > 500
    assert ((pixels[..., 0] > 180) & (pixels[..., 2] < 90)).any()
