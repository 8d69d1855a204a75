"""The page of a run on quantities: its figures are those of the run, whatever their size, sign and number."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from quantity_folders import Quantities, write_quantity_folder

from tenfold.data.dataset import Dataset
from tenfold.figures import Estimate
from tenfold.record.entries.metrics import TrialRecord, TuningRecord
from tenfold.show.content import read_content
from tenfold.show.drawing.axes import Scale
from tenfold.show.figures.write import write_figures
from tenfold.show.pages import page, sections_of, views_of
from tenfold.show.plain_report import markdown, plain_report
from tenfold.show.sections.quantities.overview import board_scale
from tenfold.show.sections.quantities.stops import choices_of_quantity
from tenfold.show.sections.quantities.targets import chosen_targets
from tenfold.show.sections.verdict.tuning import validation_curve
from tenfold.show.words import number

HOSTILE = "<script>alert(1)</script>"


def _rows(n=400, *, scale=1.0, shift=0.0, seed=0, coordinates=False):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {"a": rng.normal(size=n), HOSTILE: pd.Series(rng.choice(["<b>x</b>", "y&", "z"], n), dtype=object)}
    )
    if coordinates:
        table["longitude"], table["latitude"] = rng.uniform(-124, -114, n), rng.uniform(32, 42, n)
    predicted = 10 + 3 * table["a"].to_numpy()
    y = predicted + rng.normal(0, np.where(table[HOSTILE] == "z", 3.0, 1.0))
    return Quantities(scale * y + shift, scale * predicted + shift, table)


@pytest.fixture(scope="session")
def content_of(tmp_path_factory):
    def read(made: Quantities):
        folder, rows = write_quantity_folder(tmp_path_factory.mktemp("quantities") / "run", made)
        return read_content(folder, rows)

    return read


@pytest.fixture(scope="session")
def usual(content_of):
    return content_of(_rows(coordinates=True))


@pytest.fixture(scope="session")
def usual_html(usual):
    return page(usual)


def test_every_section_that_has_something_to_show_is_on_the_page(usual, usual_html):
    shown = [section.id for section, _ in views_of(usual)]
    assert shown == [
        "verdict", "cards", "board", "predicted", "intervals", "residuals", "residualcolumns", "errormap", "slices",
        "rows", "importance", "learning", "columns", "figures", "made",
    ]  # fmt: skip
    for name in shown:
        assert name == "cards" or f'id="{name}"' in usual_html


def test_the_figures_are_those_of_the_run(usual, usual_html):
    errors = np.abs(usual.quantity.errors)
    middle = f"{np.median(errors):.3f}"
    headline = re.search(r"<h1[^>]*>(.*?)</h1>", usual_html).group(1)
    assert f'off by less than <em class="accent">{middle}</em> for half of the rows' in headline
    assert f"{np.sqrt((errors**2).mean()):.2f}"[:4] in usual_html
    report = plain_report(usual)
    within = next(table for table in report.tables if table.title == "How far off are they?")
    assert [row[0] for row in within.rows] == ["25 %", "half", "75 %", "90 %", "95 %", "99 %"]
    assert float(within.rows[3][1].split()[0]) == pytest.approx(np.quantile(errors, 0.9), abs=0.001)


def test_names_from_the_data_are_text(usual_html):
    assert HOSTILE not in usual_html
    assert "<b>x</b>" not in usual_html
    assert "&lt;script&gt;alert(1)" in usual_html


def test_the_planted_slice_is_named_and_its_intervals_hold_too_few(usual):
    view = next(view for section, view in views_of(usual) if section.id == "slices")
    assert view.title.endswith("is z")
    (first, *_) = view.held.rows
    assert first.name.text.endswith("is z")
    assert first.cells[4].text == "too few"


def test_the_report_without_pictures_has_every_section(usual):
    text = markdown(plain_report(usual))
    titles = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert len(titles) >= 12
    assert "How far off are they?" in titles
    assert HOSTILE not in text


def test_stops_of_the_sliders_say_what_the_tables_say(usual):
    data = choices_of_quantity(usual)["quantity"]
    stop = next(one for one in data["coverage"]["stops"] if one["at"] == 0.9)
    table = next(table for table in plain_report(usual).tables if "inside, on the test set" in table.head)
    row = next(row for row in table.rows if row[0].startswith("90.0 %"))
    lines = {name: value for name, value, _ in stop["lines"]}
    assert lines["outside, test set"] == row[table.head.index("test rows outside")]
    assert float(lines["mean width"]) == pytest.approx(float(row[table.head.index("mean width")]), rel=0.01)
    assert stop["rule"] == "coverage>=0.9"
    asked = [one["at"] for one in data["coverage"]["stops"]]
    assert asked == sorted(asked)
    assert data["cost"]["stops"][0]["at"][0] < data["cost"]["stops"][-1]["at"][0]
    json.dumps(data, allow_nan=False)


@pytest.mark.parametrize(
    "made",
    [
        _rows(scale=1e-9),
        _rows(scale=1e9),
        _rows(shift=-5e3),
        _rows(30),
        _rows(12),
        Quantities(np.tile([1.0, 2.0, 3.0, 4.0], 40), np.full(160, 2.5)),
        Quantities(np.arange(200.0), np.arange(200.0)),
        Quantities(np.append(np.arange(399.0), 1e12), np.append(np.arange(399.0) + 0.5, 0.0)),
    ],
    ids=["tiny", "huge", "negative", "thirty", "twelve", "mean", "exact", "outlier"],
)
def test_quantities_of_any_size_sign_and_number_have_a_page(content_of, made):
    content = content_of(made)
    html = page(content)
    assert "nan" not in re.sub(r"<script.*?</script>|[a-z]*nan[a-z]+", "", html, flags=re.DOTALL | re.IGNORECASE)
    assert "inf" not in re.findall(r"[\w.]+", html)
    assert len(html) < 500_000
    assert markdown(plain_report(content))


def test_what_is_exactly_right_is_said_so(content_of):
    content = content_of(Quantities(np.arange(200.0), np.arange(200.0)))
    report = plain_report(content)
    assert "predicts 100 % of the rows exactly" in report.verdict


def test_intervals_that_follow_difficulty_are_told_by_their_widths(content_of):
    made = _rows()
    difficulty = 0.5 + np.abs(np.random.default_rng(1).normal(size=400))
    content = content_of(Quantities(made.y, made.predicted, made.table, difficulty=difficulty))
    assert content.decision.interval.scaled
    table = next(table for table in plain_report(content).tables if "widest tenth" in table.head)
    widths = (content.quantity.high - content.quantity.low)[content.quantity.predicted > 0]
    row = next(row for row in table.rows if row[0].startswith("90.0 %"))
    assert float(row[table.head.index("mean width")]) == pytest.approx(widths.mean(), rel=0.01)
    assert "second model expects larger errors" in page(content)


def test_a_shift_for_a_cost_is_in_the_facts_and_starts_its_slider(content_of):
    made = _rows()
    content = content_of(Quantities(made.y, made.predicted, made.table, rule="cost under=3 over=1"))
    note = plain_report(content).facts[2][2]
    assert "predictions are moved by" in note
    assert choices_of_quantity(content)["quantity"]["cost"]["start"] == [3.0, 1.0]
    assert "In force are intervals around predictions that are moved" in page(content)
    own = content.quantity.predicted - content.decision.shift[0]
    assert np.allclose(own, made.predicted[: len(own)])


def test_several_targets_have_their_figures_and_sections_name_the_first(content_of):
    made = _rows()
    both = Quantities(
        np.column_stack([made.y, -made.y]),
        np.column_stack([made.predicted, -made.predicted]),
        made.table,
        ("up", "down"),
    )
    content = content_of(both)
    html = page(content)
    assert "mean over 2 targets" in html
    assert "Of 2 targets this is about the first, “up”." in html
    assert "RMSE of “down”" in html
    table = next(table for table in plain_report(content).tables if table.head[0] == "target")
    assert [row[0] for row in table.rows] == ["up", "down"]


def test_each_target_waits_with_its_predictions_errors_and_rows(content_of):
    made, names = _rows(), ("up", HOSTILE, "third")
    y, predicted = (np.column_stack([one, 1000 - 2 * one, one**2]) for one in (made.y, made.predicted))
    content = content_of(Quantities(y, predicted, made.table, names))
    html, single = page(content), page(content_of(made))
    waiting = re.findall(r'<template data-section="(\w+)" data-target="(\d)">', html)
    assert waiting == [(section, place) for place in "12" for section in ("predicted", "residuals", "rows")]
    assert HOSTILE not in html
    assert len(html) < 1.5 * len(single)
    third = html.split('<template data-section="rows" data-target="2">')[1].split("</template>")[0]
    worst = np.argmax(np.abs(predicted[:320, 2] - y[:320, 2]))
    assert f'<th scope="row">{worst}</th>' in third
    assert "Of 3 targets this is about “third”." in third
    assert "--label third" in third
    titles = [table.note for table in plain_report(content).tables if "largest errors of" in table.note]
    assert [note.split("this is about ")[1] for note in titles] == ["the first, “up”.", f"“{HOSTILE}”.", "“third”."]
    assert chosen_targets(content) == {"targets": {"names": ["up", HOSTILE, "third"]}}
    assert chosen_targets(content_of(made)) is None


def test_images_are_shown_beside_those_most_like_them_and_in_groups_that_look_alike(content_of, tmp_path):
    rng = np.random.default_rng(0)
    kind = np.arange(200) % 4
    X = (rng.integers(0, 20, (200, 6, 6)) + 60 * kind[:, None, None]).astype(np.uint8)
    predicted = rng.normal(10, 3, 200)
    y = predicted + rng.normal(0, np.where(kind == 2, 9.0, 1.0))
    folder, _ = write_quantity_folder(tmp_path / "run", Quantities(y, predicted))
    content = read_content(
        folder, Dataset("digits", "image", X[:160], np.array([repr(one) for one in y[:160]], object), source="memory")
    )
    views = {section.id: view for section, view in views_of(content)}
    assert views["slices"].title.startswith(("Furthest off: image is of look-alike", "Furthest off: mean pixel value"))
    worst = views["slices"].worst.rows
    group = next(row for row in worst if row.name.text.startswith("image is of look-alike group"))
    assert len(group.name.shots.each) == 1
    assert len(group.cells[-1].shots.each) == 4
    assert group.cells[-1].plain.endswith("…")
    first = views["rows"].worst[0]
    assert [shot.caption for shot in first.near.each] == first.nearest.split(", ")
    assert first.picture.startswith("data:image/png")
    html = page(content)
    assert html.count('class="shots beside"') >= len(views["rows"].worst)


@pytest.mark.parametrize(
    ("metric", "values", "end"), [("rmse", [1.0, 1.2, 900.0, 2.0], 1.3), ("r2", [0.9, 0.8, -400.0, 0.0], 1.0)]
)
def test_a_candidate_far_worse_than_the_baseline_does_not_press_the_others_together(metric, values, end):
    figures = [number(metric, Estimate(value, value - 0.1, value + 0.1, 100)) for value in values]
    scale = board_scale(metric, ["a", "b", "far", "baseline"], figures)
    assert scale.high <= end + 0.2
    assert not scale.holds(values[2])


TRAINING = {
    "unit": "epoch", "measure": "rmse", "stages": [1, 2, 3, 4, 5], "training": [9.0, 5.0, 3.0, 2.0, 1.0],
    "held_out": [9.5, 6.0, 4.0, 4.5, 5.0], "rows": 256, "held_out_rows": 64, "own": False, "best": 5,
    "reason": "held-out", "patience": 2, "late": [0.5, 1.5], "past": [1.0, 2.0],
}  # fmt: skip


def _training(**changes):
    made_for = {"candidate": "model", "metric": "rmse", "threshold": None}
    study = {"schema": 1, "made_for": made_for, "n": 64, "folds": 1, "repeats": 1, "image_shape": None, "parts": []}
    made = _rows()
    studies = {"importance": study | {"training": TRAINING | changes}}
    return Quantities(made.y, made.predicted, made.table, studies=studies)


@pytest.mark.parametrize(
    ("changes", "title", "words"),
    [
        ({}, "Fewer epochs would do better", "Stopped after 5 epochs: the rows kept back to tell when to stop had"),
        (
            {"best": 3},
            "More epochs would hardly help",
            "It predicts as it did after 3. RMSE of held-out rows is lowest",
        ),
        (
            {"reason": "most", "held_out": [9.0, 7.0, 5.0, 4.0, 3.0], "late": [-2.0, -0.5]},
            "More epochs would still help",
            "It made 5 epochs, as many as it may. RMSE of held-out rows is lowest there, 3.00.",
        ),
        (
            {"reason": "training", "held_out": [9.0, 7.0, 5.0, 4.0, 3.0], "late": [-2.0, -0.5]},
            "Held-out error was still falling when the fit stopped",
            "its error on its own rows had hardly fallen for 2 epochs",
        ),
        (
            {"held_out_rows": 4},
            "4 held-out rows are too few to tell whether more epochs would help",
            "held-out are 4 rows of that fold",
        ),
        ({"own": True, "reason": "slope"}, "Fewer epochs would do better", "held-out are 64 that it keeps back"),
    ],
)
def test_a_curve_of_training_says_how_it_ended_in_words(content_of, changes, title, words):
    content = content_of(_training(**changes))
    view = next(view for section, view in views_of(content) if section.id == "training")
    assert view.title == title
    assert words in view.caption
    assert [row[0] for row in view.plain_tables()[0].rows] == ["1", "2", "3", "4", "5"]
    assert f'<h2 id="training-title">{title}</h2>' in page(content)


def test_a_curve_of_training_says_where_its_scale_begins_and_leaves_out_what_lies_far_above(content_of):
    close = {"training": [9.0, 8.9, 8.8, 8.7, 8.6], "held_out": [9.1, 9.0, 8.9, 8.9, 8.9]}
    far = {"training": [1e6, 9.0, 5.0, 2.0, 1.0], "held_out": [1e6, 9.0, 5.0, 2.0, 1.0]}
    views = [
        next(view for section, view in views_of(content_of(_training(**one))) if section.id == "training")
        for one in ({}, close, far)
    ]
    assert [view.measure for view in views] == ["RMSE", "RMSE; the scale begins at 8.6", "RMSE"]
    assert views[0].held_out.startswith("M200 ")
    assert views[2].held_out.startswith("M400 ")


@pytest.mark.parametrize("value", [0.0, 5e9, 1e-9])
def test_a_curve_of_training_of_any_size_is_drawn(content_of, value):
    flat = {"stages": [1], "training": [value], "held_out": [value], "best": 1, "late": None, "past": None}
    assert 'id="training"' in page(content_of(_training(**flat)))


def test_errors_that_grow_with_positive_values_suggest_their_logarithm(content_of):
    rng = np.random.default_rng(0)
    predicted = np.exp(rng.normal(3, 1, 500))
    content = content_of(Quantities(predicted * np.exp(rng.normal(0, 0.2, 500)), predicted))
    report = plain_report(content)
    assert any("logarithm" in text and "--target-transform log" in command for text, command in report.advice)
    assert any(text.startswith("Errors grow with the prediction") for text in report.worries)


def test_without_the_rows_the_page_says_what_is_missing(content_of):
    content = content_of(Quantities(_rows().y, _rows().predicted))
    html = page(content)
    assert "which could not be loaded" in html
    assert 'id="residualcolumns"' not in html


def test_figures_for_paper_are_written_and_stand_alone(content_of, tmp_path):
    content = content_of(_rows())
    written = write_figures(content.origin, content, tmp_path)
    assert sorted({file.stem for file in written.files}) == [
        "error-sizes", "errors-by-prediction", "true-and-predicted",
    ]  # fmt: skip
    for file in written.files:
        if file.suffix == ".svg":
            ElementTree.fromstring(file.read_text(encoding="utf-8"))
            assert HOSTILE not in file.read_text(encoding="utf-8")


def test_streamed_runs_keep_the_sections_that_need_no_rows():
    needs_none = [section.id for section in sections_of("quantities") if not section.needs_rows]
    assert needs_none == ["verdict", "cards", "board", "targets", "roles", "figures", "made"]


def _tuning(**values):
    trials = tuple(
        TrialRecord({"alpha": alpha, "kind": kind}, (mean - 1, mean + 1), mean)
        for alpha, by_kind in values["trials"].items()
        for kind, mean in by_kind.items()
    )
    return TuningRecord("grid", "rmse", 0, trials[0].setting, (0, 0), trials)


def test_a_validation_curve_has_the_best_setting_at_each_value():
    tuning = _tuning(trials={100.0: {"a": 9.0, "b": 7.0}, 0.1: {"a": 5.0, "b": 6.0}, 1.0: {"a": 4.0, "b": 8.0}})
    curve = validation_curve(tuning, ("alpha", "kind"), Scale(0, 10))
    assert curve.parameter == "alpha"
    assert [tick.text for tick in curve.x_ticks] == ["0.1", "1", "100"]
    assert [round(100 - dot.y, 1) for dot in curve.dots] == [50.0, 40.0, 70.0]
    assert [round(dot.low - dot.high, 1) for dot in curve.dots] == [20.0] * 3
    assert "logarithmic" in curve.note


def test_two_values_or_names_make_no_validation_curve():
    tuning = _tuning(trials={0.1: {"a": 5.0, "b": 6.0}, 1.0: {"a": 4.0, "b": 8.0}})
    assert validation_curve(tuning, ("alpha", "kind"), Scale(0, 10)) is None
