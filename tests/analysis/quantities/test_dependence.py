"""How predictions move with a column."""

import numpy as np
import pandas as pd
import pytest

from tenfold.analysis.quantities.dependence import dependence_on, read_dependence


@pytest.fixture(scope="module")
def X():
    rng = np.random.default_rng(0)
    kinds = pd.Series(rng.choice(["p", "q", None], 60), dtype=object)
    return pd.DataFrame(
        {"a": rng.normal(size=60), "n": rng.integers(0, 100, 60), "b": rng.normal(size=60), "kind": kinds}
    )


def test_a_sum_moves_as_its_term_does_and_alike_for_all_rows(X):
    one = dependence_on("a", X, lambda rows: (3 * rows["a"] + rows["b"]).to_numpy())
    assert np.allclose(one.mean, 3 * np.array(one.places) + X["b"].mean())
    assert np.allclose(one.low, one.mean)
    assert np.allclose(one.high, one.mean)
    assert one.rows == 60


def test_where_a_column_matters_with_another_rows_differ(X):
    one = dependence_on("a", X, lambda rows: (rows["a"] * rows["b"]).to_numpy())
    assert max(np.array(one.high) - np.array(one.low)) > 1


def test_columns_keep_their_types(X):
    def predict(rows):
        assert rows.dtypes.to_dict() == X.dtypes.to_dict()
        return np.arange(len(rows), dtype=np.float64)

    assert dependence_on("n", X, predict).places[0] == int(dependence_on("n", X, predict).places[0])
    assert dependence_on("kind", X, predict).places == ("p", "q")


def test_a_column_of_one_value_says_nothing():
    assert dependence_on("a", pd.DataFrame({"a": [1.0, 1.0, np.nan]}), lambda rows: np.zeros(3)) is None


def test_it_survives_json(X):
    one = dependence_on("kind", X, lambda rows: (rows["kind"] == "p").to_numpy(np.float64))
    assert read_dependence(one.as_dict()) == one
