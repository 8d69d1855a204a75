import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

from tenfold.data.checks import check, contact_sheet, describe, has_fatal
from tenfold.data.dataset import Dataset
from tenfold.data.sources import from_arrays, load
from tenfold.task import infer_task


def table(y, X=None, **more):
    values = np.random.default_rng(0).normal(size=len(y))
    X = pd.DataFrame({"x": values} if X is None else X)
    return Dataset("t", "table", X, np.array(y, dtype=object), source="t.csv", **more)


def found(data, code, task=None, folds=2, **more):
    return [f for f in check(data, task, folds=folds, **more) if f.code == code]


def codes(data, folds=2):
    return {f.code for f in check(data, None, folds=folds)}


def test_sound_data_give_no_finding():
    assert check(table(["a", "b"] * 50), None, folds=5) == ()


def test_missing_and_blank_labels_are_fatal_with_their_rows():
    (finding,) = found(table(["a", "", "b", "  ", "a", "b"]), "missing-labels")
    assert finding.level == "fatal"
    assert finding.rows == (1, 3)
    assert "2 of 6 rows" in finding.what
    assert "rows 2, 4" in finding.what
    assert has_fatal([finding])


def test_one_class_is_fatal():
    assert found(table(["a"] * 10), "one-class")[0].level == "fatal"


def test_a_class_with_fewer_rows_than_folds_is_fatal_by_name():
    (finding,) = found(table(["a"] * 10 + ["w"]), "rare-class", folds=5)
    assert finding.what == "class 'w' has 1 row, fewer than the 5 folds"


def test_only_training_rows_count_for_the_folds():
    data = table(["a"] * 10 + ["b"] * 5)
    assert not found(data, "rare-class", folds=5)
    assert found(data, "rare-class", folds=5, test_rows=np.array([14]))


def test_one_class_against_the_rest_is_counted_so():
    data = table(["a"] * 10 + ["b"] * 10 + ["c"])
    assert not found(data, "rare-class", infer_task(data.y, positive="a"), folds=5)


@pytest.mark.parametrize(
    ("one", "other"),
    [("1", "1.0"), ("1", "01"), ("Spam", "spam"), ("a", "a "), ("é", "e\u0301"), ("ａ", "a"), ("a", "a\u200b")],
)
def test_labels_that_look_alike_are_named(one, other):
    (finding,) = found(table([one, other, "z"] * 5), "look-alike-labels")
    assert finding.level == "warning"


def test_labels_that_only_resemble_are_left_alone():
    assert not found(table(["cat", "car", "1", "10", "nan", "inf"] * 5), "look-alike-labels")


def test_duplicates_and_conflicts_have_counts_and_rows():
    data = table(["a", "b", "a", "b"], {"x": [1.0, 1.0, 2.0, 1.0]})
    (duplicates,), (conflicts,) = found(data, "duplicates"), found(data, "conflicting-labels")
    assert (duplicates.count, duplicates.rows) == (2, (1, 3))
    assert (conflicts.count, conflicts.rows) == (3, (0, 1, 3))


@pytest.mark.parametrize("test_rows", [np.array([3]), np.array([False, False, False, True])])
def test_duplicates_across_the_split(test_rows):
    data = table(["a", "b", "a", "a"], {"x": [1.0, 3.0, 2.0, 1.0]})
    (finding,) = found(data, "duplicates-across-split", test_rows=test_rows)
    assert finding.what.startswith("1 of 1 test rows")
    assert not found(data, "duplicates-across-split")


def test_columns_that_cannot_help_are_named():
    n = 40
    data = table(
        ["a", "b"] * 20,
        {
            "constant": [1] * n,
            "empty": [None] * n,
            "id": range(100, 100 + n),
            "name": [f"n{i}" for i in range(n)],
            "inf": [np.inf] + [0.5, 1.5, 0.25] * 13,
            "few": np.r_[np.nan, np.random.default_rng(0).normal(size=n - 1)],
            "kind": ["u", "v", "w", "u"] * 10,
        },
    )
    by_column = {f.column: f.code for f in check(data, None, folds=2)}
    assert by_column == {
        "constant": "constant-column",
        "empty": "empty-column",
        "id": "id-column",
        "name": "id-column",
        "inf": "infinite-values",
        "few": "missing-values",
    }


def test_many_columns_of_a_kind_are_counted_not_listed():
    X = pd.DataFrame(np.zeros((60, 50))).rename(columns="p{}".format)
    findings = found(table(["a", "b"] * 30, X), "constant-column")
    assert len(findings) == 11
    assert findings[-1].what == "40 more columns are like column 'p0' (constant-column)"


def test_more_columns_than_rows_is_noted():
    assert "more-columns-than-rows" in codes(
        from_arrays(np.random.default_rng(0).normal(size=(10, 20)), list("ab") * 5)
    )


@pytest.mark.parametrize("n", [60, 3_000])
def test_a_column_that_gives_the_label_away_is_named(n):
    rng = np.random.default_rng(0)
    y = rng.choice(["a", "b", "c"], n)
    coded = np.array(["abc".index(label) for label in y])
    data = table(y, {"x": rng.normal(size=n), "word": [f"is {v}" for v in y], "number": coded + rng.normal(0, 0.05, n)})
    assert [f.column for f in found(data, "leak")] == ["word", "number"]


def test_a_rare_class_alone_raises_no_alarm():
    rng = np.random.default_rng(0)
    y = np.where(np.arange(5_000) % 250 == 0, "rare", "usual")
    assert not found(table(y, {"x": rng.normal(size=5_000), "k": rng.choice(["u", "v"], 5_000)}), "leak")


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_no_false_alarm_on_sound_sets(name):
    bundled = getattr(datasets, f"load_{name}")(as_frame=True)
    assert codes(from_arrays(bundled.data, bundled.target), folds=5) <= {"duplicates"}


@pytest.mark.parametrize("target", ["ocean_proximity", "dear"])
def test_no_false_alarm_on_housing(real_data, target):
    data = load(str(real_data / "housing" / "housing.csv"), target="ocean_proximity")
    if target == "dear":
        y = np.where(data.X["median_house_value"] > 180_000, "dear", "cheap").astype(object)
        data = Dataset("h", "table", data.X.drop(columns="median_house_value"), y, source="h")
    assert not {"leak", "id-column", "constant-column"} & codes(data)


def test_titanic_names_its_ids_and_no_leak(real_data):
    data = load(str(real_data / "titanic" / "train.csv"), target="Survived")
    findings = check(data, infer_task(data.y), folds=5)
    assert [f.column for f in findings if f.code == "id-column"] == ["PassengerId", "Ticket"]
    assert any(f.sentence.startswith("column 'Ticket' looks like an id: 681 different values") for f in findings)
    assert not [f.column for f in findings if f.code == "free-text"]  # 'Name' is learnt from
    assert not any(f.code == "leak" for f in findings)
    assert not has_fatal(findings)


def test_mnist_has_no_duplicates_in_its_training_part(real_data):
    data = load("mnist", data_dir=real_data)
    assert len(set(data.ids[:60_000])) == 60_000
    assert not has_fatal(check(data, infer_task(data.y), folds=10))


@pytest.mark.parametrize(("rare", "level"), [(5, "warning"), (50, "note")])
def test_imbalance(rare, level):
    (finding,) = found(table(["a"] * (1_000 - rare) + ["b"] * rare), "imbalance")
    assert finding.level == level


def test_many_balanced_classes_are_no_imbalance():
    assert not found(table([str(i) for i in range(20)] * 10), "imbalance")


def test_labels_of_their_own_are_checked_one_by_one():
    y = np.zeros((10, 3), bool)
    y[:5, 0], y[0, 1] = True, True
    data = Dataset("m", "table", pd.DataFrame({"x": range(10)}), y, source="m", target_names=("fine", "rare", "never"))
    findings = check(data, None, folds=3)
    assert [(f.code, f.column) for f in findings] == [("rare-class", "rare"), ("one-class", "never")]


def test_data_without_labels_are_checked_too():
    data = Dataset("p", "table", pd.DataFrame({"x": [1.0, 1.0]}), None, source="p")
    assert {f.code for f in check(data, None, folds=5)} == {"duplicates", "constant-column"}


def test_fatal_findings_come_first():
    levels = [f.level for f in check(table(["a", "", "b", "b"], {"x": [1.0, 1.0, None, 2.0]}), None, folds=2)]
    assert levels == sorted(levels, key=["fatal", "warning", "note"].index)


def test_hostile_names_are_escaped():
    data = table(["\x1b[31m", "b", "b"], {"\u202ex": [1.0, 1.0, 1.0]})
    assert all("\x1b" not in f.sentence and "\u202e" not in f.sentence for f in check(data, None, folds=2))


def test_describe_counts_classes_and_sums_up_columns():
    data = table(["b", "a", "b", ""], {"n": [1.0, None, 3.0, 5.0], "t": ["u", "u", None, "v"], "i": [1, 2, 3, 4]})
    seen = describe(data, head=1)
    assert seen.classes == (("b", 2), ("a", 1))
    assert seen.unlabelled == 1
    number, text, whole = seen.columns
    assert (number.missing, number.low, number.median, number.high) == (1, 1.0, 3.0, 5.0)
    assert text.most_frequent == (("u", 2), ("v", 1))
    assert whole.type == "whole number"
    assert seen.head == (("1", "u", "1"),)


def test_the_contact_sheet_shows_every_class_up_to_forty():
    X = np.zeros((50, 8, 8), np.uint8)
    X[:, 2:5, 2:5] = 16
    sheet = contact_sheet(
        Dataset("d", "image", X, np.array([str(i) for i in range(50)], object), source="d"), per_class=2
    )
    assert sheet.mode == "RGB"
    assert sheet.height > sheet.width
    assert sheet.getpixel((0, 0)) == (255, 255, 255)
    assert min(sheet.convert("L").tobytes()) < 30


def test_the_contact_sheet_takes_colour_odd_shapes_and_hostile_names():
    X = np.random.default_rng(0).integers(0, 255, (2, 5, 300, 3), np.uint8)
    data = Dataset("d", "image", X, np.array(["\x00\n" * 50, "汉字" * 40], object), source="d")
    assert contact_sheet(data).width > 0


def test_a_table_has_no_contact_sheet():
    with pytest.raises(ValueError, match="no images"):
        contact_sheet(table(["a", "b"]))


def test_a_column_that_gives_one_of_several_labels_away_is_found():
    rng = np.random.default_rng(0)
    y = rng.integers(0, 2, (90, 2)).astype(bool)
    X = pd.DataFrame({"noise": rng.normal(size=90), "told after": y[:, 1].astype(int)})
    data = Dataset("d", "table", X, y, source="d.csv", target_names=("first", "second"))
    (leak,) = [finding for finding in check(data, None, folds=3) if finding.code == "leak"]
    assert leak.column == "told after"
    assert "the label 'second'" in leak.what


def test_a_code_written_down_afterwards_is_named_where_a_measurement_as_good_is_not():
    """The boats of Titanic: who has one lived, nearly always."""
    rng = np.random.default_rng(0)
    lived = rng.random(900) < 0.4
    boat = np.where(lived ^ (rng.random(900) < 0.027), rng.choice(["A", "B", "13", "D"], 900), None)
    measured = lived + rng.normal(0, 0.265, 900)
    data = table(np.where(lived, "yes", "no"), {"boat": pd.Series(boat, dtype=object), "measured": measured})
    (leak,) = found(data, "leak")
    assert leak.column == "boat"
    assert "alone tells the label right in 96.7%" in leak.what
    assert "the most frequent class: 6" in leak.what


def test_a_column_filled_for_one_class_alone_is_named():
    rng = np.random.default_rng(0)
    died = rng.random(900) < 0.6
    body = np.where(died & (rng.random(900) < 0.2), rng.integers(1, 300, 900), np.nan)
    age = np.where(rng.random(900) < 0.2, rng.integers(1, 90, 900), np.nan)
    (leak,) = found(table(np.where(died, "no", "yes"), {"body": body, "age": age}), "leak")
    assert leak.column == "body"
    assert "is the same in all of them" in leak.what


def test_a_leak_is_told_before_other_warnings():
    y = ["a", "b"] * 40
    X = {"same": [1] * 80, "code": [f"is {label}" for label in y], "x": [1.0, 2.0, 3.0, 4.0] * 20}
    warnings = [f.code for f in check(table(y, X), None, folds=2) if f.level == "warning"]
    assert warnings[0] == "leak"
    assert len(set(warnings)) > 2


@pytest.mark.parametrize("grouped", [True, False])
def test_copies_are_told_with_what_they_are_worth_and_advice_that_is_not_followed_yet(grouped):
    X = np.random.default_rng(0).normal(size=60)
    data = table(["a", "b"] * 300, {"x": np.tile(X, 10)})
    (finding,) = [f for f in check(data, None, folds=2, group_duplicates=grouped) if f.code == "duplicates"]
    assert "540 of 600 rows" in finding.what
    assert "no more than 60 different ones, and every interval is too narrow by a factor of 3.2" in finding.what
    assert ("either way equal rows stand on one side" in finding.do) == grouped
    assert ("leave out --no-group-duplicates" in finding.do) != grouped


def test_one_copy_among_many_narrows_no_interval():
    data = table(["a", "b"] * 50 + ["a"], {"x": [*np.random.default_rng(0).normal(size=100), 0.5]})
    data.X.iloc[-1] = data.X.iloc[0]
    (finding,) = found(data, "duplicates")
    assert "narrow" not in finding.what


def test_sorted_amounts_years_and_times_are_no_ids():
    n = 60
    X = {
        "pay": np.sort(np.random.default_rng(0).choice(100_000, n, replace=False)),
        "year": np.arange(1950, 1950 + n),
        "seconds": 1_700_000_000 + 3_600 * np.arange(n),
        "number": np.arange(n) + 1,
    }
    assert [f.column for f in found(table(["a", "b"] * 30, X), "id-column")] == ["number"]


def test_the_number_of_a_row_is_no_leak_where_rows_are_in_order_of_their_class():
    data = table(["a"] * 60 + ["b"] * 60, {"number": range(1, 121), "x": np.random.default_rng(0).normal(size=120)})
    assert codes(data) == {"id-column"}
