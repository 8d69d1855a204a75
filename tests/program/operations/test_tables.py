"""Preparations of tables: the program gives the same matrix as the fitted transformer, cell by cell."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, make_column_selector
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_selection import SelectKBest, VarianceThreshold
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from tenfold.data.kinds.table.preparation import column_roles, encoded_table, one_hot_table
from tenfold.program import program as programs
from tenfold.program.files import pack_program, read_program
from tenfold.program.gaps import RowError, GapError, UnknownCategoryError
from tenfold.program.lowering import Builder, NotLoweredError, lower_classes
from tenfold.program.operations import find_operation
from tenfold.program.program import Outputs, Program, program_of
from tenfold.program.refusal import Refused
from tenfold.program.values import Columns, Matrix
from tests.program.proof import assert_same_classes, input_of, rows_of

TEXTS = ["a", "b", "", " ", "B", "é", "\x00", "a\x00", "\ud800", "\U0001f600", "long " * 50, None]


def quiet_fit(estimator: Any, X: Any, y: Any = None) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return clone(estimator).fit(X, y)


def dense(transformer: Any, X: Any) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        matrix = transformer.transform(X)
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix)


GAP = 12345.678


def program_of_transformer(transformer: Any, X: Any) -> Program:
    """A program that gives the matrix of a transformer, with `GAP` for what is missing, as it was read from its file."""
    builder = Builder(input_of(X))
    value = builder.numbers(builder.lower(transformer, builder.input))
    if value.type.gaps:
        value = builder.step("impute", value, arrays={"values": np.full(value.type.width, GAP)})
    program = program_of(builder.input.type, builder.steps, Outputs(value.name))
    return read_program(io.BytesIO(pack_program(program)))


def matrix_of(program: Program, X: Any) -> np.ndarray:
    kinds = dict(program.input.columns)
    cells = {name: X[name].to_numpy(np.float64 if kinds[name] == "number" else object) for name in X}
    return program.run(cells)["predicted"]


def assert_same_matrix(transformer: Any, X: Any, rows: Any) -> None:
    """Exactly the same numbers in the same places; refused where the transformer refuses."""
    program = program_of_transformer(transformer, X)
    try:
        expected = dense(transformer, rows).astype(np.float64)
    except ValueError:
        with pytest.raises(RowError):
            matrix_of(program, rows)
        return
    actual = matrix_of(program, rows)
    missing = np.isnan(expected)
    assert not missing.any() or program.steps[-1].operation == "impute"
    # rows of single precision hold a rounded `GAP`
    np.testing.assert_array_equal(actual, np.where(missing, actual.dtype.type(GAP), expected))
    assert actual.dtype == program.types[program.outputs.predicted].dtype


numbers = st.one_of(st.sampled_from([0.0, -0.0, 1.0, 2.0, 3.0, np.nan]), st.floats(-1e6, 1e6))
few_numbers = st.sampled_from([0.0, -0.0, 1.0, 2.5, -3.0, 1e300, np.nan])
texts = st.one_of(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.text(max_size=3))


@st.composite
def tables(draw: st.DrawFn, kinds: str = "tn", cells: Any = few_numbers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Training rows and other rows of up to three columns."""
    columns = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
    fitted, rows = draw(st.integers(1, 25)), draw(st.integers(1, 8))
    both = {}
    for position, kind in enumerate(columns):
        values = draw(st.lists(texts if kind == "t" else cells, min_size=fitted + rows, max_size=fitted + rows))
        both[f"{kind}{position}"] = pd.Series(values, dtype=object if kind == "t" else np.float64)
    table = pd.DataFrame(both)
    return table.iloc[:fitted].reset_index(drop=True), table.iloc[fitted:].reset_index(drop=True)


rare = {"min_frequency": st.sampled_from([None, 2, 0.2]), "max_categories": st.sampled_from([None, 1, 2, 4])}


@settings(deadline=None, max_examples=150)
@given(
    tables(),
    st.fixed_dictionaries(
        {
            "handle_unknown": st.sampled_from(["error", "ignore", "infrequent_if_exist", "warn"]),
            "drop": st.sampled_from([None, "first", "if_binary"]),
            "sparse_output": st.booleans(),
            "dtype": st.sampled_from([np.float64, np.float32, np.int64, bool]),
            **rare,
        }
    ),
)
def test_one_hot_gives_the_matrix_of_its_encoder(
    both: tuple[pd.DataFrame, pd.DataFrame], options: dict[str, Any]
) -> None:
    X, rows = both
    encoder = quiet_fit(OneHotEncoder(**options), X)
    if not dense(encoder, X).shape[1]:
        with pytest.raises(NotLoweredError):
            program_of_transformer(encoder, X)
        return
    assert_same_matrix(encoder, X, X)
    assert_same_matrix(encoder, X, rows)


@settings(deadline=None, max_examples=150)
@given(
    tables(),
    st.sampled_from([{}, {"unknown_value": np.nan}, {"unknown_value": -1}]),
    st.sampled_from([np.nan, -2]),
    st.sampled_from([np.float64, np.float32]),
    st.fixed_dictionaries(rare),
)
def test_ordinals_are_those_of_their_encoder(
    both: tuple[pd.DataFrame, pd.DataFrame], unknown: dict[str, Any], missing: float, dtype: type, more: dict[str, Any]
) -> None:
    X, rows = both
    if unknown:
        unknown = {"handle_unknown": "use_encoded_value", **unknown}
    encoder = quiet_fit(OrdinalEncoder(**unknown, encoded_missing_value=missing, dtype=dtype, **more), X)
    assert_same_matrix(encoder, X, X)
    assert_same_matrix(encoder, X, rows)


@settings(deadline=None, max_examples=60)
@given(tables(), st.integers(2, 4), st.sampled_from(["auto", 0.0, 3.0]), st.integers(0, 100))
def test_target_encodings_are_those_of_their_encoder(
    both: tuple[pd.DataFrame, pd.DataFrame], classes: int, smooth: Any, seed: int
) -> None:
    X, rows = both
    X = pd.concat([X] * classes, ignore_index=True)
    y = np.random.default_rng(seed).permutation(np.arange(len(X)) % classes)
    encoder = quiet_fit(TargetEncoder(smooth=smooth), X, y)
    assert_same_matrix(encoder, X, X)
    assert_same_matrix(encoder, X, rows)


@settings(deadline=None, max_examples=100)
@given(
    tables("n", numbers),
    st.sampled_from(["mean", "median", "most_frequent", "constant"]),
    st.booleans(),
    st.booleans(),
    st.sampled_from([np.nan, 0.0, 3.0]),
)
def test_imputation_gives_the_matrix_of_its_imputer(
    both: tuple[pd.DataFrame, pd.DataFrame], strategy: str, marks: bool, empty: bool, missing: float
) -> None:
    X, rows = both
    if not np.isnan(missing):
        X = X.fillna(7.0)
    imputer = SimpleImputer(strategy=strategy, add_indicator=marks, keep_empty_features=empty, missing_values=missing)
    imputer = quiet_fit(imputer, X)
    if not dense(imputer, X).shape[1]:
        return
    if np.isnan(imputer.statistics_.astype(np.float64)).all():
        with pytest.raises(NotLoweredError):
            program_of_transformer(imputer, X)
        return
    assert_same_matrix(imputer, X, X)
    assert_same_matrix(imputer, X, rows)


@settings(deadline=None, max_examples=60)
@given(tables("n", numbers), st.sampled_from(["missing-only", "all"]), st.booleans())
def test_gaps_are_marked_as_by_the_indicator(
    both: tuple[pd.DataFrame, pd.DataFrame], features: str, refuses: bool
) -> None:
    X, rows = both
    X.loc[0, X.columns[0]] = np.nan
    indicator = quiet_fit(MissingIndicator(features=features, error_on_new=refuses), X)
    assert_same_matrix(indicator, X, X)
    assert_same_matrix(indicator, X, rows)


@settings(deadline=None, max_examples=80)
@given(tables(), st.sampled_from(["gap", None, "a", ""]), st.sampled_from(["most_frequent", "constant"]))
def test_texts_and_numbers_are_imputed_before_they_are_encoded(
    both: tuple[pd.DataFrame, pd.DataFrame], missing: Any, strategy: str
) -> None:
    X, rows = both
    imputer = SimpleImputer(missing_values=np.nan if missing == "gap" else missing, strategy=strategy)
    try:
        pipeline = quiet_fit(make_pipeline(imputer, OneHotEncoder(handle_unknown="ignore", sparse_output=False)), X)
    except (ValueError, TypeError):  # scikit-learn itself has no way with it
        return
    text = {name for name in X if name[0] == "t"}
    numbers_by_text = any(
        isinstance(constant, str) and name not in text
        for name, constant in zip(X, pipeline[0].statistics_, strict=True)
    )
    if numbers_by_text or (missing != "gap" and len(text) < X.shape[1]):
        with pytest.raises(NotLoweredError):
            program_of_transformer(pipeline, X)
        return
    assert_same_matrix(pipeline, X, rows)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint8])
@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(), MinMaxScaler(), MinMaxScaler((-1, 2), clip=True), MaxAbsScaler(), RobustScaler(),
        RobustScaler(with_centering=False), RobustScaler(with_scaling=False), Normalizer(), Normalizer("l1"),
        Normalizer("max"), VarianceThreshold(), SelectKBest(k=2), FunctionTransformer(), "passthrough",
    ],
)  # fmt: skip
def test_scalers_and_selections(scaler: Any, dtype: type) -> None:
    random = np.random.default_rng(1)
    X = np.round(random.normal(size=(40, 5)) * [1, 3, 50, 0, 9] + 60).astype(dtype)
    pipeline = quiet_fit(make_pipeline(scaler, LogisticRegression()), X, np.arange(40) % 2)
    rows = X[:9] + dtype(3)
    builder = Builder(input_of(X))
    value = builder.lower(pipeline[:-1], builder.input)
    actual = (
        program_of(builder.input.type, builder.steps, Outputs(value.name)).run(rows)["predicted"]
        if builder.steps
        else rows
    )
    tolerance = 1e-6 if dtype is np.float32 else 1e-15
    np.testing.assert_allclose(actual, dense(pipeline[:-1], rows), rtol=tolerance, atol=tolerance)
    assert actual.dtype == dense(pipeline[:-1], rows).dtype


class Table:
    """A table with everything at once: gaps, constants, nothing at all, odd names, rare, long and empty texts."""

    def __init__(self, rows: int = 200, seed: int = 3) -> None:
        random = np.random.default_rng(seed)
        port = np.array(["S", "C", "Q", "", None, "long " * 2_000, "\x00"], object)
        self.X = pd.DataFrame(
            {
                "age": np.where(random.random(rows) < 0.2, np.nan, random.normal(30, 10, rows)),
                "class": random.integers(1, 4, rows),
                "": random.normal(size=rows) * 1e6,
                "constant": np.full(rows, 3.0),
                "empty\x01": np.full(rows, np.nan),
                "port": pd.Series(port[random.integers(0, len(port), rows)], dtype=object),
                'né, "e"': pd.Series([f"{n % 37}" for n in range(rows)], dtype=object),
                "nothing": pd.Series([None] * rows, dtype=object),
            }
        )
        self.y = random.integers(0, 3, rows)
        self.rows = self.X.copy()
        self.rows["port"] = pd.Series(["unseen", None, "S", "s"] * (rows // 4), dtype=object)
        self.rows.loc[::3, "age"] = np.nan


TABLE = Table()
NUMBERS, WORDS = ["age", "class", "", "constant", "empty\x01"], ["port", 'né, "e"', "nothing"]
FILLED = make_pipeline(SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True), StandardScaler())
ONE_HOT = OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=5, sparse_output=False)
CODES = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)

COMPOSITIONS = {
    "by name": ColumnTransformer([("n", FILLED, NUMBERS), ("w", ONE_HOT, WORDS)]),
    "other order": ColumnTransformer([("w", ONE_HOT, WORDS[::-1]), ("n", FILLED, NUMBERS[::-1])]),
    "some dropped": ColumnTransformer([("n", FILLED, NUMBERS), ("d", "drop", ["port"]), ("w", CODES, ["nothing"])]),
    "remainder passes": ColumnTransformer(
        [("w", ONE_HOT, WORDS), ("n", SimpleImputer(), ["age"]), ("d", "drop", ["empty\x01"])], remainder="passthrough"
    ),
    "remainder is encoded": ColumnTransformer([("n", FILLED, NUMBERS)], remainder=ONE_HOT),
    "positions": ColumnTransformer([("n", FILLED, [0, 1, -6]), ("w", ONE_HOT, [5, 6])]),
    "slices": ColumnTransformer([("n", FILLED, slice(0, 5)), ("w", CODES, slice("port", "nothing"))]),
    "truth values": ColumnTransformer([("n", FILLED, [True] * 3 + [False] * 5), ("w", ONE_HOT, [False] * 7 + [True])]),
    "by type": ColumnTransformer(
        [("n", FILLED, make_column_selector(dtype_include=np.number)), ("w", CODES, make_column_selector("port"))]
    ),
    "nothing selected": ColumnTransformer([("n", FILLED, NUMBERS), ("w", ONE_HOT, [])]),
    "sparse": ColumnTransformer([("n", FILLED, NUMBERS), ("w", OneHotEncoder(handle_unknown="ignore"), WORDS)]),
    "single precision": ColumnTransformer([("w", OneHotEncoder(dtype=np.float32, handle_unknown="ignore"), WORDS)]),
    "both precisions": ColumnTransformer(
        [("n", FILLED, NUMBERS), ("w", OneHotEncoder(dtype=np.float32, handle_unknown="ignore"), WORDS)]
    ),
    "within": ColumnTransformer(
        [("a", ColumnTransformer([("n", FILLED, ["", "age"])], remainder=ONE_HOT), ["age", "port", ""]), ("w", CODES, WORDS)]
    ),
    "union": make_pipeline(
        ColumnTransformer([("n", SimpleImputer(keep_empty_features=True), NUMBERS)]),
        make_union(StandardScaler(), MinMaxScaler(), "passthrough", FunctionTransformer()),
    ),
    "union of columns": FeatureUnion(
        [("n", ColumnTransformer([("n", FILLED, NUMBERS)])), ("d", "drop"), ("w", ColumnTransformer([("w", CODES, WORDS)]))]
    ),
    "columns of a matrix": make_pipeline(
        ColumnTransformer([("n", FILLED, NUMBERS), ("w", CODES, WORDS)]),
        ColumnTransformer([("a", MinMaxScaler(), [0, 2]), ("b", OneHotEncoder(handle_unknown="ignore"), [-1, -2])]),
    ),
    "frames inside": make_pipeline(
        ColumnTransformer([("n", FILLED, NUMBERS), ("w", CODES, WORDS)]),
        ColumnTransformer([("a", MinMaxScaler(), ["n__age"]), ("b", ONE_HOT, ["w__port", "w__nothing"])]),
    ).set_output(transform="pandas"),
    "target": ColumnTransformer([("n", FILLED, NUMBERS), ("w", TargetEncoder(), WORDS)]),
    "numbers one-hot": ColumnTransformer([("n", OneHotEncoder(handle_unknown="ignore"), ["age", "class", "empty\x01"])]),
    "text filled": ColumnTransformer(
        [("w", make_pipeline(SimpleImputer(missing_values=None, strategy="most_frequent"), ONE_HOT), ["port"])]
    ),
    "Tenfold's one-hot": one_hot_table(column_roles(TABLE.X)),
    "Tenfold's one-hot, unscaled": one_hot_table(column_roles(TABLE.X), scale=False),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_columns_treated_apart_become_the_same_matrix(name: str) -> None:
    pipeline = quiet_fit(COMPOSITIONS[name], TABLE.X, TABLE.y)
    assert_same_matrix(pipeline, TABLE.X, TABLE.X)
    assert_same_matrix(pipeline, TABLE.X, TABLE.rows)


@pytest.mark.parametrize("name", COMPOSITIONS)
@pytest.mark.parametrize("present", [(0, 1, 2), (0, 2), (1, 2)])
def test_a_table_is_classified_as_by_its_pipeline(name: str, present: tuple[int, ...]) -> None:
    some = np.isin(TABLE.y, present)
    pipeline = quiet_fit(make_pipeline(COMPOSITIONS[name], LogisticRegression()), TABLE.X[some], TABLE.y[some])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_same_classes(pipeline, TABLE.rows, 3, 1e-5 if name == "single precision" else 1e-12, fit_on=TABLE.X)
