"""Tables as people have them: what is odd in one is read or refused with a clear line, when training and later."""

import numpy as np
import pandas as pd
import pytest

from tenfold.cli.app import main

N = 120


def visits() -> pd.DataFrame:
    """A column of each role, of which the weight tells the class."""
    draw = np.random.default_rng(0)
    back = np.arange(N) % 2
    return pd.DataFrame({
        "age": draw.integers(18, 80, N),
        "weight": [f"{60 + 9 * one + draw.normal():.1f} kg".replace(".", ",") for one in back],
        "seen": pd.date_range("2024-01-01", periods=N).strftime("%d.%m.%Y"),
        "zip": draw.choice(["01234", "04567", "D-999"], N),
        "back": np.where(back == 1, "yes", "no"),
    })  # fmt: skip


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("visits")
    visits().to_csv(folder / "visits.csv", index=False)
    words = ["run", str(folder / "visits.csv"), "--target", "back", "--models", "logistic", "--cv", "2", "--jobs", "0"]
    with pytest.raises(SystemExit) as ended:
        main([*words, "--out", str(folder / "run"), "--quiet"])
    assert ended.value.code == 0
    return folder / "run"


@pytest.fixture
def predicted(model, tenfold, tmp_path):
    """Give a function that predicts a changed table, and gives the predictions and what was said."""

    def predict(change, *words):
        change(visits().drop(columns="back")).to_csv(tmp_path / "new.csv", index=False)
        code, _, err = tenfold("predict", model, tmp_path / "new.csv", "--out", tmp_path / "out.csv", *words)
        assert code == 0, err
        return pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False), err

    return predict


def test_another_order_of_columns_and_one_too_many_change_nothing(predicted):
    as_it_was, _ = predicted(lambda X: X)
    turned, said = predicted(lambda X: X[X.columns[::-1]].assign(extra=1))
    assert turned["score:yes"].tolist() == as_it_was["score:yes"].tolist()
    assert "'extra' is not used" in said


def test_what_is_unlike_the_training_rows_is_flagged_and_counted(predicted):
    table, said = predicted(lambda X: X.assign(
        zip=["77777", *X["zip"][1:]], weight=[*X["weight"][:-1], "heavy"], age=[*X["age"][:-1], 200]
    ))  # fmt: skip
    assert table["flags"].iloc[0] == "unseen: zip"
    assert table["flags"].iloc[-1] == "out of range: age; unreadable: weight"
    assert "unreadable: weight (1)" in said


def test_numbers_with_another_decimal_are_not_taken_for_others(predicted):
    as_it_was, _ = predicted(lambda X: X)
    bare, said = predicted(lambda X: X.assign(weight=X["weight"].str.removesuffix(" kg")))
    assert bare["score:yes"].tolist() == as_it_was["score:yes"].tolist()
    assert "flagged" not in said
    _, said = predicted(lambda X: X.assign(weight=X["weight"].str.removesuffix(" kg").str.replace(",", ".")))
    assert f"unreadable: weight ({N})" in said


def test_a_category_of_digits_and_an_id_stay_as_they_are_written(predicted):
    as_it_was, _ = predicted(lambda X: X.assign(zip="01234"))
    assert "flags" not in as_it_was
    two, _ = predicted(lambda X: X.assign(no=[f"{i:05}" for i in range(N)]), "--id", "no", "--label", "back")
    assert list(two) == ["no", "back"]
    assert two["no"].iloc[7] == "00007"


def test_a_missing_column_is_flagged_in_each_row_and_refused_by_strict(predicted, model, refused, tmp_path):
    table, said = predicted(lambda X: X.drop(columns="zip"))
    assert set(table["flags"]) == {"missing: zip"}
    assert "no column 'zip'" in said
    assert "'zip'" in refused("predict", model, tmp_path / "new.csv", "--strict", code=3)


def test_a_word_where_the_model_needs_a_number_is_refused_by_row_and_column(model, refused, tmp_path):
    rows = visits().drop(columns="back").astype({"age": object})
    rows.loc[4, "age"] = "old"
    rows.to_csv(tmp_path / "new.csv", index=False)
    line = refused("predict", model, tmp_path / "new.csv", code=3)
    assert "row 5" in line
    assert "'age'" in line
    assert "'old' where this model needs a number" in line


ODD = {
    "one word": (lambda X: X.assign(age=[*map(str, X["age"][:-1]), "old"]), "read as missing: 'old' (1)"),
    "two orders of dates": (
        lambda X: X.assign(seen=["31/1/2024", "1/31/2024"] * (N // 2)),
        "dates written in two orders, such as '31/1/2024' and '1/31/2024'",
    ),
    "each row its own words": (lambda X: X.assign(note=[f"{i:x}z{i}" for i in range(N)]), "'note' is not used: id"),
    "a marker": (lambda X: X.assign(zip=["?", "-", "D"] * (N // 3)), "may mean that nothing is known"),
    "nothing in it": (lambda X: X.assign(note=""), "no value in any row"),
    "another decimal": (lambda X: X, "weight: number with a comma"),
}


@pytest.mark.parametrize("name", ODD)
def test_a_column_that_is_odd_is_said_in_one_line_before_the_run(name, tenfold, tmp_path):
    change, words = ODD[name]
    change(visits()).to_csv(tmp_path / "visits.csv", index=False)
    wide = ("data", "show", tmp_path / "visits.csv", "--target", "back")
    if "not used: id" in words:
        _, out, _ = tenfold(*wide)
        assert "id, not used" in out
        return
    code, out, err = tenfold(*wide)
    assert code == 0, err
    role = words.partition(": ")[2] if words.startswith("weight") else words
    assert role in " ".join(out.split())
