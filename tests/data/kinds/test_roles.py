"""What each column of a table is: inferred, said, overridden, used."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenfold.candidates.catalogue import resolve
from tenfold.candidates.setting import setting_of
from tenfold.data.dataset import Dataset
from tenfold.data.kinds.table.preparation import encoded_table, one_hot_table
from tenfold.data.kinds.table.roles import infer_roles, layout_of_roles
from tenfold.data.roles.choice import column_roles, role_warnings
from tenfold.data.roles.file import read_columns, roles_in_config, write_columns
from tenfold.data.roles.role import ColumnRole, plain_roles
from tenfold.data.sources import load
from tenfold.errors import DataError, TenfoldError, UsageError
from tenfold.task import infer_task
from tests.program.proof import assert_same_classes

N = 120
RNG = np.random.default_rng(0)


def texts(cells):
    return pd.DataFrame({"c": pd.Series(list(cells), dtype=object)})


def role_of(cells):
    (one,) = infer_roles(texts(cells))
    return one


def roles_of(X):
    return {one.name: one for one in infer_roles(X)}


def table():
    words = ["warm", "calm", "cold", "rude", "late"]
    y = np.arange(N) % 2
    return (
        texts(f"{60 + 9 * v + i % 7} kg" for i, v in enumerate(y)).assign(
            price=[f"{900 + i},{i % 10}" for i in range(N)],
            seen=[f"{1 + i % 28}.{1 + i % 12}.2024" for i in range(N)],
            said=[f"{words[i % 5]} and {words[i % 3]} said guest {i}" for i in range(N)],
            tags=[";".join(words[: 1 + i % 4]) for i in range(N)],
            port=pd.Series(["S", "C", None] * 40, dtype=object),
            age=RNG.normal(size=N),
        ).astype(dict.fromkeys(("price", "seen", "said", "tags"), object)),
        y,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        ([f"{i} kg" for i in range(60)], "number with a point"),
        ([f"${i},234" for i in range(60)], "number with a point"),
        ([f"{i % 100} %" for i in range(60)], "number with a point"),
        ([f"1.{i + 100},5" for i in range(60)], "number with a comma"),
        ([f"{i},5" for i in range(60)], "number with a comma"),
        ([f"2024-01-{1 + i % 28:02}" for i in range(60)], "date"),
        ([f"{1 + i % 28}/2/2024" for i in range(60)], "date"),
        ([f"2/{1 + i % 28}/2024" for i in range(60)], "date, month first"),
        ([f"{1 + i % 28}/2/24 5:{i:02} pm" for i in range(60)], "date"),
        ([f"{1 + i % 28:02}-Feb-2024" for i in range(60)], "date"),
        ([f"March {1 + i % 28}, 2024" for i in range(60)], "date"),
        ([f"{i % 24}:{i:02}" for i in range(60)], "date"),
        ([f"{i % 24}:{i + 60}" for i in range(60)], "category"),
        ([f"({i},500)" if i % 2 else f"\u2212{i}" for i in range(60)], "number with a point"),
        ([f"${i}" if i % 2 else f"{i} €" for i in range(60)], "category"),
        ([f"street {i % 30}" for i in range(60)], "category"),
        (["yes", "no", "?"] * 20, "yes/no"),
        (["low", "high", "medium"] * 20, "ordered category"),
        (["same"] * 60, "near-constant"),
        (["a;b", "b;c", "a", "a;c", "c;a;b", "b", "c;b"] * 10, "tags"),
        ([None] * 60, "empty"),
        ([f"value {i % 70}" for i in range(1400)], "many categories"),
    ],
)
def test_roles_are_told_by_the_cells(cells, role):
    assert role_of(cells).role == role


def test_a_column_of_numbers_with_one_word_reads_it_as_missing_and_says_so():
    one = role_of([*map(str, range(60)), "unknown"])
    assert one.role == "number with a point"
    assert "read as missing: 'unknown' (1)" in one.warning


def test_a_marker_such_as_999_is_proposed_and_changes_nothing():
    X = pd.DataFrame({"age": [*RNG.integers(0, 90, 100).tolist(), 999, 999]})
    (one,) = infer_roles(X)
    assert one.role == "number"
    assert "999 in 2 rows may mean" in one.warning


def test_two_orders_of_dates_in_a_column_are_words_and_said():
    one = role_of(["31/1/2024", "1/31/2024"] * 30)
    assert one.role == "category"
    assert "two orders, such as '31/1/2024' and '1/31/2024'" in one.warning
    assert "two forms" in role_of(["31.1.2024", "2024-01-31"] * 30).warning


def test_a_text_that_is_each_rows_own_is_an_id_where_there_is_another_column():
    X = texts(f"id-{i:05}" for i in range(60)).assign(age=RNG.normal(size=60))
    assert [one.role for one in infer_roles(X)] == ["id", "number"]
    assert [one.role for one in infer_roles(X[["c"]])] == ["category"]


def test_a_marker_in_many_rows_does_not_make_words_of_numbers():
    one = role_of([*map(str, range(40)), *["?"] * 20])
    assert one.role == "number with a point"
    assert one.warning == "read as missing: '?' (20)"
    assert role_of(["2024-01-31"] * 9 + ["-"] * 9).role == "date"
    assert role_of(["?", "-"] * 30).role == "category"


def test_words_among_numbers_and_a_comma_that_may_be_decimal_are_said():
    one = role_of([*map(str, range(50)), *["sold"] * 10])
    assert one.role == "category"
    assert "83% are numbers, but 'sold' (10) are not" in one.warning
    assert "'1,234' is taken for 1234; if its comma" in role_of(["1,234", "8"] * 30).warning
    assert not role_of(["1,234.5", "8"] * 30).warning
    assert not role_of(["1,234,567", "8"] * 30).warning


def test_amounts_in_two_currencies_and_values_that_hardly_recur_are_words_and_said():
    one = role_of([f"${i}" if i % 3 else f"{i} €" for i in range(60)])
    assert "in several units, '$' (40), '€' (20), are taken as words" in one.warning
    assert "no value stands in 5 rows" in role_of([f"k{i // 2}" for i in range(60)]).warning
    assert role_of(["a", "b", "c", "d"] * 9 + ["e"]).reason == "5 values, 4 of them in 5 rows or more"


def test_the_number_of_a_row_is_an_id_beside_a_column_of_dates_alone():
    X = pd.DataFrame({"no": np.arange(60), "seen": pd.date_range("2024-01-01", periods=60).astype(str).astype(object)})
    assert [one.role for one in infer_roles(X)] == ["id", "date"]
    (alone,) = infer_roles(X[["no"]])
    assert alone.used
    assert "no other column" in alone.warning


def test_a_sum_of_others_is_told():
    X = pd.DataFrame(RNG.normal(size=(50, 3)), columns=list("abc"))
    roles = {one.name: one for one in infer_roles(X.assign(total=X["a"] + X["c"]))}
    assert any(one.role == "sum of others" for one in roles.values())


@pytest.mark.parametrize("prepared", [one_hot_table, encoded_table])
def test_what_is_read_from_text_is_a_program_of_arrays(prepared):
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    X, y = table()
    layout = layout_of_roles(X, roles_of(X) | {"port": ColumnRole("port", "many categories")})
    assert all((layout.points, layout.commas, layout.days, layout.texts, layout.large))
    model = (
        LogisticRegression(max_iter=2000) if prepared is one_hot_table else HistGradientBoostingClassifier(max_iter=5)
    )
    pipeline = make_pipeline(prepared(layout), model).fit(X, y)
    later = X.assign(c="heavy", said=None, seen="soon", port="X")
    assert_same_classes(pipeline, pd.concat([X, later], ignore_index=True), 2)


def test_tags_of_a_letter_or_of_several_words_are_columns_of_their_own():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    X = texts(["C; science fiction", "C++ ;drama, C", "drama|C++", None] * 20)
    layout = layout_of_roles(X, {"c": ColumnRole("c", "tags")})
    prepared = encoded_table(layout)
    assert prepared.fit(X).named_transformers_["tags of c"].counter_.get_feature_names_out().tolist() == [
        "c", "c++", "drama", "science fiction",
    ]  # fmt: skip
    later = pd.concat([X, texts([" ; |", "C  ", "science  fiction;;c"])], ignore_index=True)
    assert_same_classes(make_pipeline(prepared, LogisticRegression()).fit(X, np.arange(80) % 2), later, 2)


def test_the_words_of_a_long_text_become_components():
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    from tenfold.models.texts import WordColumns

    X = texts(" ".join(f"w{(i * k) % 40}" for k in range(8)) for i in range(60))
    words = WordColumns(rows=2, words=10, components=3)
    assert words.fit_transform(X).shape == (60, 13)
    assert_same_classes(make_pipeline(words, LogisticRegression()).fit(X, np.arange(60) % 2), X, 2)


def test_a_column_all_missing_in_one_fold_and_texts_without_a_word_are_prepared():
    X, y = table()
    layout = layout_of_roles(X, roles_of(X))
    blank = X.assign(c=None, seen=None, said=None, age=np.nan)
    numbers = one_hot_table(layout).fit(blank, y).transform(X)
    assert np.isfinite(numbers).all()


def test_boosting_is_fitted_where_a_column_has_no_value_in_a_fold():
    X = pd.DataFrame({"rare": [np.nan] * 58 + [7.0, 8.0], "age": np.arange(60.0), "none": [np.nan] * 60})
    y = (np.arange(60) > 30).astype(int)
    data = Dataset("t", "table", X, np.array(["a", "b"], object)[y], source="t.csv")
    pipeline = resolve(
        "boosting", setting_of(data, infer_task(data.y), columns=("number: rare", "number: age"))
    ).pipeline
    assert_same_classes(pipeline.fit(X.head(50), y[:50]), X, 2)
    assert pipeline.score(X, y) > 0.9


def test_forty_thousand_categories_and_cells_of_a_megabyte():
    X = texts(f"k{i}" for i in np.arange(40_000) // 2)
    assert infer_roles(X)[0].role == "category"
    assert role_of(["a b c " * 170_000, "d e f", *["x y z"] * 20]).role in {"text", "category"}


def test_csv_and_parquet_of_a_table_have_the_same_roles(tmp_path: Path):
    X, y = table()
    whole = X.assign(y=np.array(["a", "b"])[y])
    whole.to_csv(tmp_path / "t.csv", index=False)
    whole.to_parquet(tmp_path / "t.parquet")
    of_csv, of_parquet = (infer_roles(load(tmp_path / f"t.{end}", target="y").X) for end in ("csv", "parquet"))
    assert of_csv == of_parquet


def test_a_quoted_cell_may_end_in_a_carriage_return(tmp_path: Path):
    (tmp_path / "t.csv").write_bytes(b'a,b,y\r\n1,"x\r",p\r\n2,"z\r",q\r\n')
    assert load(tmp_path / "t.csv", target="y").X["b"].tolist() == ["x\r", "z\r"]


def test_roles_are_written_changed_and_read(tmp_path: Path):
    X, y = table()
    data = Dataset("t", "table", X, np.array(["a", "b"], object)[y], source="t.csv")
    write_columns(tmp_path / "columns.toml", infer_roles(X))
    path = tmp_path / "columns.toml"
    assert read_columns(path) == plain_roles(infer_roles(X)) == roles_in_config(path)
    roles = {one.name: one for one in column_roles(data, roles_in_config({"said": "unused"}))}
    assert not roles["said"].used
    assert "as was asked" in roles["said"].reason
    assert any("'said' is not used" in line for line in role_warnings(list(roles.values())))
    assert column_roles(data, ()) == ()
    with pytest.raises(DataError, match="no column 'sad'"):
        column_roles(data, roles_in_config({"sad": "text"}))


@pytest.mark.parametrize(
    "content", ["format = 1\n[columns]\na = 'txt'\n", "format = 2", "[", "format = 1\ncolumns = 3"]
)
def test_a_file_of_no_roles_is_refused(tmp_path: Path, content: str):
    (tmp_path / "columns.toml").write_text(content)
    with pytest.raises(UsageError):
        read_columns(tmp_path / "columns.toml")
    with pytest.raises(TenfoldError):
        read_columns(tmp_path / "absent.toml")


def test_labels_that_several_share_do_without_averages_of_a_class():
    X = texts(f"value {i % 70}" for i in range(1400))
    assert layout_of_roles(X, {"c": ColumnRole("c", "many categories")}, False).categories == ("c",)


def test_a_candidate_is_given_what_the_roles_say():
    X, y = table()
    data = Dataset("t", "table", X, np.array(["a", "b"], object)[y], source="t.csv")
    task = infer_task(data.y)
    setting = setting_of(data, task, columns=plain_roles(infer_roles(X)))
    pipeline = resolve("logistic", setting).pipeline.fit(X, task.encode(data.y))
    assert pipeline.score(X, task.encode(data.y)) > 0.8


def marked(n=200):
    rng = np.random.default_rng(1)
    y = np.arange(n) % 2
    size = np.array(["low", "mid", "high"], object)[np.clip(y + rng.integers(0, 2, n), 0, 2)]
    X = pd.DataFrame({"age": np.where(np.arange(n) % 9 == 0, 999, 30 + 10 * y + rng.integers(0, 9, n))}).assign(
        job=pd.Series(["?", "cook", " smith "] * n, dtype=object)[:n], size=pd.Series(size, dtype=object)
    )
    return Dataset("t", "table", X, np.array(["a", "b"], object)[y], source="t.csv")


MARKED = {
    "age": {"missing": [999, "?"]},
    "job": {"role": "category", "missing": ["?"]},
    "size": {"role": "ordered", "order": ["low", "mid", "high"]},
}


def test_what_may_mean_nothing_is_proposed_written_and_read(tmp_path: Path):
    data, path = marked(), tmp_path / "columns.toml"
    inferred = infer_roles(data.X)
    assert [one.proposed for one in inferred] == [("999",), ("?",), ()]
    assert [one.missing for one in inferred] == [(), (), ()]
    write_columns(path, inferred)
    roles = column_roles(data, read_columns(path))
    assert [one.missing for one in roles] == [("999",), ("?",), ()]
    assert roles[1].reason.endswith("missing where it is '?' (67)")
    assert column_roles(data, plain_roles(roles)) == roles
    assert any('Do: give it missing = ["?"]' in line for line in role_warnings(inferred))


def test_a_column_is_what_it_is_without_its_markers():
    data = Dataset("t", "table", texts(["17", "3.5", "none"] * 20), None, source="t.csv")
    assert role_of(["17", "3.5", "nowhere"] * 20).role == "category"
    (one,) = column_roles(data, roles_in_config({"c": {"missing": ["none", "n.a."]}}))
    assert one.role == "number with a point"
    assert one.warning == "'n.a.' stands in no cell"


@pytest.mark.parametrize("name", ["logistic", "boosting"])
def test_markers_and_orders_are_fitted_kept_in_the_program_and_predicted(name: str):
    from tenfold.data.kinds.table.schema import TableSchema

    data = marked()
    task = infer_task(data.y)
    roles = column_roles(data, roles_in_config(MARKED))
    setting = setting_of(data, task, columns=plain_roles(roles))
    assert setting == type(setting).from_dict(setting.as_dict())
    pipeline = resolve(name, setting).pipeline
    if name == "boosting":
        pipeline.set_params(model__max_iter=5)
    later = pd.DataFrame({"age": [999, 5], "job": pd.Series(["? ", None], dtype=object), "size": ["high", "huge"]})
    empty = pd.DataFrame({"age": [np.nan, 5.0], "job": pd.Series([None, None], dtype=object), "size": ["high", None]})
    rows = pd.concat([data.X, later, empty.astype({"size": object})], ignore_index=True)
    assert_same_classes(pipeline.fit(data.X, task.encode(data.y)), rows, 2)
    of_markers, of_gaps = (pipeline.predict_proba(part.astype({"size": object})) for part in (later, empty))
    np.testing.assert_array_equal(of_markers, of_gaps)
    schema = TableSchema.from_dict(TableSchema.of(data.X, setting.layout).as_dict())
    assert schema.columns[0].high < 100
    assert schema.flags(later).keys() == {("unseen", "size"), ("out of range", "age")}
    assert schema.flags(later)["out of range", "age"].tolist() == [False, True]


def test_a_marker_in_a_column_that_a_file_has_as_text_is_missing_to_a_model_of_numbers():
    from tenfold.data.kinds.table.schema import TableSchema

    data = marked()
    layout = setting_of(
        data, infer_task(data.y), columns=roles_in_config({"age": MARKED["age"] | {"role": "number"}})
    ).layout
    schema = TableSchema.of(data.X, layout)
    new = data.X.head(3).assign(age=pd.Series(["?", "41", "7e0"], dtype=object))
    assert schema.check(new)[0]["age"].tolist()[1:] == [41.0, 7.0]
    for cell in ("1_0", "inf", "x"):
        with pytest.raises(DataError, match="where this model needs a number"):
            schema.check(new.assign(age=pd.Series(["?", "41", cell], dtype=object)))


@pytest.mark.parametrize(
    ("name", "entry", "message"),
    [
        ("age", {"mising": ["9"]}, "'mising' is nothing that column 'age' can have. Did you mean 'missing'"),
        ("age", {"missing": "9"}, "'missing' of column 'age' is no list"),
        ("age", {"missing": []}, "'missing' of column 'age' is no list"),
        ("age", {"missing": [[1]]}, "'missing' of column 'age' is no list"),
        ("age", {}, "neither a role nor what counts as missing"),
        ("age", 3, "neither a role nor what counts as missing"),
        ("age", {"role": ["number"]}, "no role of a column"),
        ("job", {"missing": ["?", "? "]}, "has '\\?' twice"),
        ("size", {"role": "ordered", "order": ["low"]}, "fewer than two values in its order"),
        ("size", {"role": "category", "order": ["low", "high"]}, "has an order and is no ordered category"),
        (
            "size",
            {"role": "ordered", "order": ["low", "?"], "missing": ["?"]},
            "'\\?' both in its order and as missing",
        ),
        ("size", {"role": "ordered", "order": ["low", "high"]}, "its order has no place for 'mid'"),
        ("size", {"role": "ordered"}, "its values tell no order"),
        ("age", {"role": "ordered", "order": ["1", "2"]}, "numbers have their order"),
    ],
)
def test_what_cannot_be_asked_of_a_column_is_named(name, entry, message):
    with pytest.raises(TenfoldError, match=message):
        column_roles(marked(), roles_in_config({name: entry}))


def test_a_config_with_a_damaged_role_is_refused():
    with pytest.raises(UsageError, match="no role of a column"):
        column_roles(marked(), ("{",))
