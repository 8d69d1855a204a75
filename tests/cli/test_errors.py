"""``tenfold errors`` on real runs."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from tenfold.cli.app import main


@pytest.fixture(scope="module")
def digits_run(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "digits"
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        main(["run", "digits", "--models", "knn,logistic", "--cv", "3", "--out", str(path), "--quiet"])
    assert ended.value.code == 0
    return path


def lines_of(path, candidate):
    return pd.read_parquet(path / "out_of_fold.parquet").query("candidate == @candidate")


def test_the_overview_says_how_many_errors_there_are_and_which(tenfold, digits_run):
    code, out, _ = tenfold("errors", digits_run, "--candidate", "logistic")
    lines = lines_of(digits_run, "logistic")
    assert code == 0
    assert f"{(lines['true'] != lines['predicted']).sum()} of 1,437 rows" in out
    assert "share of the errors on each actual class" in out
    assert max(map(len, out.splitlines()[-25:-1])) <= 80


def test_a_cell_gives_exactly_its_instances(tenfold, digits_run, tmp_path):
    table = tmp_path / "cell.csv"
    code, out, _ = tenfold("errors", digits_run, "--actual", "8", "--predicted", "1", "--csv", table)
    lines = lines_of(digits_run, json.loads((digits_run / "metrics.json").read_text())["chosen"])
    expected = lines.query("true == '8' and predicted == '1'")
    got = pd.read_csv(table, dtype={"id": str})
    assert code == 0
    assert sorted(got["row"]) == sorted(expected["row"])
    assert got["sureness"].is_monotonic_decreasing
    assert f"{len(expected)} of" in out


def test_against_adds_the_other_way_round(tenfold, digits_run, tmp_path):
    one, both = tmp_path / "one.csv", tmp_path / "both.csv"
    tenfold("errors", digits_run, "--candidate", "logistic", "--actual", "8", "--predicted", "1", "--csv", one)
    tenfold(
        "errors", digits_run, "--candidate", "logistic", "--actual", "8", "--predicted", "1", "--against", "--csv", both
    )
    assert set(zip(*pd.read_csv(both)[["true", "predicted"]].to_numpy().T, strict=True)) == {(8, 1), (1, 8)}
    assert len(pd.read_csv(both)) > len(pd.read_csv(one))


@pytest.mark.parametrize("alone", [[], ["--alone"]])
def test_a_sheet_shows_the_images(tenfold, digits_run, tmp_path, alone):
    path = tmp_path / "sheet.png"
    code, _, _ = tenfold("errors", digits_run, "--actual", "8", "--predicted", "1", "--sheet", path, *alone)
    assert code == 0
    with Image.open(path) as sheet:
        assert min(sheet.size) >= 280
        assert np.asarray(sheet).min() < 60


def test_an_empty_cell_is_said(tenfold, digits_run, tmp_path):
    table = tmp_path / "none.csv"
    code, out, _ = tenfold("errors", digits_run, "--actual", "0", "--predicted", "1", "--csv", table)
    assert code == 0
    assert "No image of 0 was called 1." in out
    assert len(pd.read_csv(table)) == 0


def test_rows_of_a_table_name_the_columns_in_which_they_are_unusual(tenfold, flower_run, tmp_path):
    table = tmp_path / "rows.csv"
    code, out, _ = tenfold("errors", flower_run, "--actual", "rose", "--predicted", "=tulip", "--csv", table)
    assert code == 0
    assert "unlike its class in" in out or "sureness" in out
    assert "column:size" in pd.read_csv(table).columns


def test_json_holds_the_matrix_and_the_worst_confusions(tenfold, digits_run):
    _, out, _ = tenfold("errors", digits_run, "--json")
    told = json.loads(out)
    matrix = np.array(told["confusion_matrix"])
    assert matrix.sum() == 1437
    assert told["most_confused"][0]["count"] == (matrix - np.diag(np.diag(matrix))).max()


def test_the_test_part_has_its_own_errors(tenfold, digits_run):
    code, out, _ = tenfold("errors", digits_run, "--test")
    assert code == 0
    assert "of 360 rows" in out
    assert "on the test part" in out


@pytest.mark.parametrize("sort", ["class", "confusion"])
@pytest.mark.parametrize("by", ["counts", "actual", "predicted", "all", "errors-actual", "errors-predicted"])
def test_every_reading_is_printed(tenfold, digits_run, by, sort):
    code, out, _ = tenfold("errors", digits_run, "--by", by, "--sort", sort)
    assert code == 0
    assert "Rows are actual" in out


def test_what_does_not_exist_is_refused_by_name(refused, digits_run, flower_run, tmp_path):
    assert "Did you mean" in refused("errors", digits_run, "--actual", "8", "--predicted", "11", code=2)
    assert "both --actual and --predicted" in refused("errors", digits_run, "--actual", "8", code=2)
    assert "which cell" in refused("errors", digits_run, "--sheet", tmp_path / "x.png", code=2)
    assert "Did you mean 'knn'" in refused("errors", digits_run, "--candidate", "kn", code=2)
    sheet = tmp_path / "no.png"
    cell = ("--actual", "rose", "--predicted", "=tulip")
    assert "needs images" in refused("errors", flower_run, *cell, "--sheet", sheet, code=2)
    assert not sheet.exists()


def test_neighbours_are_rows_of_other_folds_and_the_nearest(tenfold, digits_run, tmp_path):
    path = tmp_path / "near.csv"
    cell = ("--candidate", "logistic", "--actual", "8", "--predicted", "1")
    code, out, _ = tenfold("errors", digits_run, *cell, "--neighbours", "3", "--csv", path)
    lines = lines_of(digits_run, "logistic").set_index("row")
    got = pd.read_csv(path)
    assert code == 0
    assert "outside its fold" in out
    for place in (1, 2, 3):
        near = lines.loc[got[f"neighbour:{place}:row"]]
        assert (near["fold"].to_numpy() != got["fold"].to_numpy()).all()
        assert near["true"].astype(int).tolist() == got[f"neighbour:{place}:true"].tolist()
    assert (got["neighbour:1:distance"] <= got["neighbour:3:distance"]).all()


def test_rows_of_the_test_part_have_no_fold_to_look_outside_of(refused, digits_run):
    words = ("--actual", "8", "--predicted", "8", "--neighbours", "3", "--test")
    assert "judged out of fold" in refused("errors", digits_run, *words, code=2)


def test_python_gives_the_same_and_a_notebook_shows_it(digits_run):
    import tenfold as library

    found = library.errors_of(library.open_run(digits_run), "logistic")
    lines = lines_of(digits_run, "logistic")
    assert found.wrong == (lines["true"] != lines["predicted"]).sum()
    assert set(found.table(found.cell("8", "1"))["true"]) == {"8"}
    shown = found._repr_html_()
    assert f"{found.wrong:,} of 1,437 rows" in shown
    assert shown.count("<tr>") == 11


def test_another_threshold_changes_the_answers_and_says_how_many(tenfold, flower_run):
    chosen = json.loads((flower_run / "metrics.json").read_text())["chosen"]
    lines = lines_of(flower_run, chosen)
    positive = json.loads((flower_run / "metrics.json").read_text())["positive"]
    called = lines[f"score:{positive}"] >= 0.8
    code, out, _ = tenfold("errors", flower_run, "--threshold", "0.8")
    wrong = (called != (lines["true"] == positive)).sum()
    moved = (called != (lines["predicted"] == positive)).sum()
    assert code == 0
    assert f"wrong on {wrong} of {len(lines)} rows" in out
    assert f"{moved} answers change" in out
    assert "--threshold 0.8" in out


@pytest.mark.parametrize("kind", ["surest-wrong", "hardest-right", "everyone-wrong"])
def test_lists_hold_what_they_say(tenfold, digits_run, tmp_path, kind):
    table, sheet = tmp_path / "list.csv", tmp_path / "list.png"
    words = ("--candidate", "logistic", "--list", kind, "--limit", "6", "--csv", table, "--sheet", sheet)
    code, out, _ = tenfold("errors", digits_run, *words)
    got, lines = pd.read_csv(table), lines_of(digits_run, "logistic").set_index("row")
    wrong = got["true"] != got["predicted"]
    assert code == 0
    assert "called" in out
    assert len(got) <= 6
    assert sheet.exists()
    assert (~wrong).all() if kind == "hardest-right" else wrong.all()
    if kind == "surest-wrong":
        assert got["sureness"].is_monotonic_decreasing
    if kind == "everyone-wrong":
        other = lines_of(digits_run, "knn").set_index("row").loc[got["row"]]
        assert (other["true"] != other["predicted"]).all()
    assert set(got["row"]) <= set(lines.index)


def test_json_gives_a_reading_with_intervals_and_folds(tenfold, digits_run):
    _, out, _ = tenfold("errors", digits_run, "--json", "--by", "actual")
    told = json.loads(out)
    reading = {name: np.array(told["reading"][name]) for name in ("value", "low", "high", "fold_low", "fold_high")}
    matrix = np.array(told["confusion_matrix"])
    assert reading["value"] == pytest.approx(matrix / matrix.sum(1, keepdims=True))
    assert (reading["low"] <= reading["value"] + 1e-12).all()
    assert (reading["fold_low"] <= reading["value"] + 1e-12).all()
    assert (reading["value"] <= reading["fold_high"] + 1e-12).all()
    assert sorted(told["order_by_confusion"]) == told["classes"]


def test_a_threshold_or_a_list_that_makes_no_sense_is_refused(refused, digits_run):
    assert "no threshold to move" in refused("errors", digits_run, "--threshold", "0.5", code=2)
    words = ("--list", "surest-wrong", "--actual", "8", "--predicted", "1")
    assert "about all cells" in refused("errors", digits_run, *words, code=2)


def test_the_next_command_asks_for_the_same_candidate(tenfold, digits_run):
    _, out, _ = tenfold("errors", digits_run, "--candidate", "logistic")
    assert "--candidate logistic --actual" in out.splitlines()[-1]


@pytest.fixture(scope="module")
def labelled_run(tmp_path_factory):
    path = tmp_path_factory.mktemp("runs") / "labelled"
    words = ["--labels", "large = digit >= 7, odd = digit % 2 == 1", "--models", "logistic,knn", "--cv", "3"]
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        main(["run", "digits", *words, "--decide", "recall>=0.9", "--out", str(path), "--quiet"])
    assert ended.value.code == 0
    return path


def test_several_labels_are_counted_label_by_label(tenfold, labelled_run):
    code, out, _ = tenfold("errors", labelled_run, "--candidate", "logistic")
    lines = lines_of(labelled_run, "logistic")
    wrong = np.any([lines[f"true:{name}"] != lines[f"predicted:{name}"] for name in ("large", "odd")], axis=0)
    assert code == 0
    assert f"logistic has a label wrong on {wrong.sum()} of 1,437 rows" in out
    row = next(line for line in out.splitlines() if line.startswith("odd")).split()
    odd, said = lines["true:odd"], lines["predicted:odd"]
    assert (row[1], row[2]) == (str(odd.sum()), str((odd & ~said).sum()))
    assert f" {(~odd & said).sum()} " in " ".join(row)
    assert "--candidate logistic --label" in out
    data = json.loads(tenfold("errors", labelled_run, "--candidate", "logistic", "--json")[1])
    assert data["wrong"] == wrong.sum()
    assert data["labels"]["odd"]["confusion_matrix"][1] == [(odd & ~said).sum(), (odd & said).sum()]


def test_one_label_is_looked_at_as_a_detector(tenfold, labelled_run, tmp_path):
    words = ("errors", labelled_run, "--label", "odd")
    chosen = json.loads((labelled_run / "metrics.json").read_text())["chosen"]
    lines = lines_of(labelled_run, chosen)
    wanted = lines.query("`true:odd` and not `predicted:odd`")
    code, _, _ = tenfold(*words, "--actual", "odd", "--predicted", "not odd", "--csv", tmp_path / "cell.csv",
                           "--sheet", tmp_path / "cell.png", "--neighbours", "2")  # fmt: skip
    found = pd.read_csv(tmp_path / "cell.csv")
    assert code == 0
    assert sorted(found["row"]) == sorted(wanted["row"])
    assert set(found["true"]) == {"odd"}
    assert found["neighbour:1:true"].isin(["odd", "not odd"]).all()
    with Image.open(tmp_path / "cell.png") as sheet:
        assert min(sheet.size) >= 280
    moved = json.loads(tenfold(*words, "--threshold", "0.9", "--json")[1])["confusion_matrix"]
    called = lines["score:odd"] >= 0.9
    assert moved[1] == [(lines["true:odd"] & ~called).sum(), (lines["true:odd"] & called).sum()]
    overview = tenfold(*words)[1]
    assert f"{wanted.shape[0]} rows" in overview
    assert "--label odd --actual" in overview
    assert tenfold("errors", labelled_run, "--label", "odd", "--test")[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--label", "od"), "no label 'od'. Did you mean 'odd'? Do: give one of large, odd"),
        (("--actual", "odd", "--predicted", "not odd"), "one of them has to be named. Do: give one of large, odd with"),
        (("--list", "surest-wrong"), "one of them has to be named"),
        (("--threshold", "0.5"), "one of them has to be named"),
        (("--label", "odd", "--actual", "even", "--predicted", "odd"), "no class 'even'"),
        (("--candidate", "svm"), "no answers of 'svm' there"),
    ],
)
def test_what_is_asked_of_labels_amiss_is_refused(refused, labelled_run, words, said):
    assert said in refused("errors", labelled_run, *words, code=2)


def test_a_label_of_a_run_without_labels_is_refused(refused, digits_run):
    assert "the rows of this run have one class each. Do: leave out --label" in refused(
        "errors", digits_run, "--label", "odd", code=2
    )


@pytest.fixture(scope="module")
def brightness_run(tmp_path_factory):
    """A finished run on images that are labelled with numbers, and its data."""
    rng = np.random.default_rng(0)
    X = rng.integers(0, 200, (60, 4, 4)).astype(np.uint8)
    folder = tmp_path_factory.mktemp("brightness")
    np.savez(folder / "images.npz", X=X, y=X.mean(axis=(1, 2)) + rng.normal(0, 5, 60))
    words = ("--task", "quantities", "--models", "knn", "--cv", "2", "--quiet", "--out", str(folder / "run"))
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as ended:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("home")))
        main(["run", str(folder / "images.npz"), *words])
    assert ended.value.code == 0
    return folder


def test_images_with_numbers_have_a_sheet_of_those_furthest_off(tenfold, brightness_run, tmp_path):
    code, out, _ = tenfold("errors", brightness_run / "run", "--sheet", tmp_path / "worst.png")
    assert code == 0
    assert out.rstrip().endswith("worst.png")
    with Image.open(tmp_path / "worst.png") as sheet:
        assert sheet.width > 1000
    code, out, _ = tenfold("errors", brightness_run / "run", "--list", "outside", "--sheet", tmp_path / "none.png")
    assert (code, (tmp_path / "none.png").exists()) == (0, True)


def test_a_model_of_a_quantity_is_judged_by_how_far_off_it_is(tenfold, brightness_run):
    code, out, _ = tenfold("evaluate", brightness_run / "run", brightness_run / "images.npz")
    assert code == 0
    assert re.match(r"\S+ is off by at most \S+ for half of 12 rows of images, RMSE \S+ \(\S+ to \S+\)\. Its", out)
    assert "where 90.0 % were asked for" in out.replace("\n", " ")
