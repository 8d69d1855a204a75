import numpy as np
import pandas as pd

from tenfold.data.kinds.table.preparation import encoded_table, one_hot_table, plain_layout


def mixed(rows=40):
    rng = np.random.default_rng(0)
    colour = pd.Series(np.array(["red", "blue", None], object)[rng.integers(0, 3, rows)], dtype=object)
    colour[0] = "violet"
    return pd.DataFrame({"number": rng.normal(size=rows), "colour": colour})


def test_rare_and_unseen_categories_share_a_column():
    table = mixed()
    prepared = one_hot_table(plain_layout(table)).fit(table)
    unseen = pd.DataFrame({"number": [0.0, 0.0], "colour": pd.Series(["violet", "never met"], dtype=object)})
    rows = prepared.transform(unseen)
    np.testing.assert_array_equal(rows[0], rows[1])


def test_missing_is_a_category_of_its_own_and_a_mark_beside_a_number():
    table = mixed()
    table.loc[::5, "number"] = np.nan
    prepared = one_hot_table(plain_layout(table)).fit(table)
    columns = list(prepared.get_feature_names_out())
    assert any("missingindicator" in name for name in columns)
    assert any("None" in name for name in columns)
    assert np.isfinite(prepared.transform(table)).all()


def test_nothing_of_the_held_out_rows_is_learned():
    table = mixed()
    prepared = one_hot_table(plain_layout(table)).fit(table.iloc[:20])
    again = one_hot_table(plain_layout(table)).fit(table.iloc[:20])
    changed = table.copy()
    changed.loc[20:, "number"] = 1e9
    np.testing.assert_array_equal(prepared.transform(table.iloc[:20]), again.transform(changed.iloc[:20]))


def test_boosting_gets_codes_and_gaps():
    table = mixed()
    table.loc[3, "number"] = np.nan
    coded = encoded_table(plain_layout(table)).fit_transform(table)
    assert coded.shape == (40, 2)
    assert np.isnan(coded[3, 0])


def test_ids_and_empty_columns_are_left_out_unless_nothing_else_is_there():
    table = pd.DataFrame({"id": range(20), "name": [f"n{i}" for i in range(20)], "empty": [np.nan] * 20})
    assert plain_layout(table.assign(age=1.5)).unused == ("id", "name", "empty")
    assert plain_layout(table).numbers == ("id",)
    assert plain_layout(table).unused == ("empty",)


def test_numbers_that_never_repeat_are_no_id_when_they_are_spread():
    table = pd.DataFrame({"price": [int(17.3**i) for i in range(1, 13)], "kind": list("ab" * 6)})
    assert plain_layout(table).unused == ()
