"""Views as pure functions: what they compute, apart from how it is drawn."""

from __future__ import annotations

import numpy as np
import pytest
import samples

from tenfold.decimals import figure_texts
from tenfold.show.commands import run_again
from tenfold.show.content import read_content
from tenfold.show.drawing.axes import Scale, percent_ticks, zoomed
from tenfold.show.drawing.curves import path
from tenfold.show.drawing.dots import dot, spread
from tenfold.show.sections.classes.advice import advice
from tenfold.show.sections.classes.overview import BOARD, weaknesses
from tenfold.show.sections.errors.matrix import _DARK_TEXT_FROM, _DEEPEST, codes_with_most_errors
from tenfold.show.sections.verdict.board import board_view


def luminance(colour) -> float:
    share = np.asarray(colour) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one, other) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(ground, error, opacity):
    return [g * (1 - opacity) + e * opacity for g, e in zip(ground, error, strict=True)]


@pytest.mark.parametrize("opacity", np.arange(0, _DEEPEST + 0.001, 0.01).round(2))
def test_numbers_on_coloured_cells_can_be_read(opacity):
    assert contrast(mixed((255, 255, 255), (214, 84, 20), opacity), (0x16, 0x18, 0x1D)) >= 4.5
    text = (0, 0, 0) if opacity >= _DARK_TEXT_FROM else (255, 255, 255)
    assert contrast(mixed((0x14, 0x16, 0x1A), (255, 140, 66), opacity), text) >= 4.5


def test_most_confused_keeps_all_classes_if_there_is_room():
    assert codes_with_most_errors(np.eye(3, dtype=np.int64)) == [0, 1, 2]


def test_a_value_off_the_scale_says_on_which_side():
    scale = Scale(0.9, 1.0)
    assert dot(scale, 0.1, 0.05, 0.2).beyond == "below"
    assert dot(scale, None, None, None) is None
    assert dot(scale, 0.95, 0.94, 0.97).width == pytest.approx(30)


def test_a_scale_holds_all_values_and_stays_within_its_ends():
    scale = zoomed([0.9312, 0.9987])
    assert scale.low <= 0.9312
    assert 0.9987 <= scale.high <= 1.0
    assert zoomed([0.5, 0.5]).high > zoomed([0.5, 0.5]).low
    assert zoomed([1.0]).holds(1.0)


def test_ticks_lie_on_the_scale_and_the_last_names_the_unit():
    found = percent_ticks(Scale(0.75, 1.0))
    assert all(0 <= tick.at <= 100 for tick in found)
    assert found[-1].text == "100 %"


def test_labels_moved_apart_keep_their_order_and_stay_inside():
    moved = spread([98, 99, 97], gap=7)
    assert sorted(range(3), key=moved.__getitem__) == [2, 0, 1]
    assert max(moved) <= 100
    assert min(abs(a - b) for a in moved for b in moved if a != b) >= 7


def test_a_path_leaves_out_what_is_not_a_number():
    assert path([0, 0.5, 1], [0, np.nan, 1], Scale(0, 1), Scale(0, 1)) == "M0 1000L1000 0"
    assert not path([], [], Scale(0, 1), Scale(0, 1))


def test_board_figures_are_those_of_metrics(digits):
    board = board_view(read_content(digits.folder), BOARD)
    *rows, failure = board.table.rows
    assert [row.name.text for row in rows] == list(digits.metrics["candidates"])
    accuracies = [one["out_of_fold"]["accuracy"] for one in digits.metrics["candidates"].values()]
    texts = figure_texts(("accuracy", one) for one in accuracies)
    for row, text in zip(rows, texts, strict=True):
        assert [cell.text for cell in row.cells[1:3]] == [text.value, text.interval]
        assert (row.css == "chosen") is (row.name.text == digits.metrics["chosen"])
    assert rows[-1].cells[0].dot.beyond == "below"
    assert (failure.name.text, failure.failure) == ("svm", "ran out of memory (limit 2.0 GiB)")


def test_advice_follows_from_the_figures(detector, digits):
    commands = [one.command for one in advice(read_content(detector.folder))]
    assert any(command.startswith("tenfold decide") for command in commands)
    assert any("--shuffle" in command for command in commands)
    assert all(one.command != "" for one in advice(read_content(digits.folder)) if "Draw" in one.text[0].text)


def test_the_most_frequent_confusion_is_named_with_its_count(digits):
    matrix = np.array(digits.metrics["candidates"]["forest"]["decision"]["confusion_matrix"])
    errors = matrix - np.diag(np.diag(matrix))
    text = "".join(part.text for sentence in weaknesses(read_content(digits.folder)) for part in sentence)
    assert f"{errors.max()} times" in text


def test_a_run_again_keeps_what_was_asked():
    config = {"source": "my data.csv", "target": "sur vived", "cv": 5, "shuffle": False, "group_duplicates": False}
    assert run_again(config, shuffle=True) == (
        "tenfold run 'my data.csv' --target 'sur vived' --cv 5 --shuffle --no-group-duplicates"
    )


def test_recall_is_said_to_differ_only_beyond_chance(drawn):
    perfect = drawn("equal", samples.invented(3, ("a", "b", "c"), rows=90, skill=60.0))
    worries = weaknesses(read_content(perfect.folder))
    assert "differs" not in "".join(part.text for sentence in worries for part in sentence)


def test_a_tie_is_advised_only_if_the_chosen_candidate_is_in_it(detector):
    entry = detector.metrics["candidates"][detector.metrics["chosen"]]
    texts = ["".join(part.text for part in one.text) for one in advice(read_content(detector.folder))]
    assert any("It is a tie" in text for text in texts) is entry["tied_with_best"]
