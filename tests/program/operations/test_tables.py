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
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import RFE, SelectFromModel, SelectKBest, VarianceThreshold
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import (
    Binarizer,
    FunctionTransformer,
    KBinsDiscretizer,
    MaxAbsScaler,
    MinMaxScaler,
    Normalizer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    RobustScaler,
    StandardScaler,
    TargetEncoder,
)

from tenfold.candidates.streamed.preparation import coded_from, frame_of, one_hot_from
from tenfold.data.kinds.table.preparation import encoded_table, one_hot_table, plain_layout
from tenfold.data.streamed.source import table_source
from tenfold.decision.rule import parse_rule
from tenfold.errors import DataError
from tenfold.line.streamed.prepared import prepare_streamed
from tenfold.program import categories
from tenfold.program import program as programs
from tenfold.program.builder import Builder, NotLoweredError
from tenfold.program.categories import check_texts, pack_texts, read_texts
from tenfold.program.files import pack_program, read_program
from tenfold.program.gaps import GapError, RowError, UnknownCategoryError
from tenfold.program.lowering import lower_classes
from tenfold.program.operations import find_operation
from tenfold.program.program import Program, program_of
from tenfold.program.refusal import Refused
from tenfold.program.step import Outputs
from tenfold.program.values import Columns, Matrix, width_of
from tenfold.record.bundle.lowering import lower_classifier
from tenfold.record.config import RunConfig
from tests.data.streamed.tables import table
from tests.program.proof import SINGLE, assert_same_classes, input_of, rows_of
from tests.record.bundle.conftest import FIVES, PIPELINES, classifier_of, mixed_table

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
    """A program that gives the matrix of a transformer, `GAP` where it is missing, as it was read from its file."""
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
        SelectFromModel(LogisticRegression(), threshold="median"), RFE(LogisticRegression(), n_features_to_select=2),
        PolynomialFeatures(), PolynomialFeatures(3, interaction_only=True), PolynomialFeatures((2, 4)),
        PolynomialFeatures(3, include_bias=False), KBinsDiscretizer(4), KBinsDiscretizer(3, encode="ordinal"),
        KBinsDiscretizer([2, 3, 4, 2, 5], encode="onehot-dense", strategy="uniform"), Binarizer(threshold=61),
    ],
)  # fmt: skip
def test_scalers_and_selections(scaler: Any, dtype: type) -> None:
    random = np.random.default_rng(1)
    X = (random.normal(size=(400, 5)) * [1, 3, 50, 0, 9] + 60).astype(dtype)
    pipeline = quiet_fit(make_pipeline(scaler), X, np.arange(400) % 2)
    rows = X[:99] + dtype(3)
    builder = Builder(input_of(X))
    value = builder.lower(pipeline, builder.input)
    program = program_of(builder.input.type, builder.steps, Outputs(value.name))
    actual, expected = program.run(rows)["predicted"], dense(pipeline, rows)
    np.testing.assert_array_equal(actual, expected)
    # bytes may be told apart in bytes, and are multiplied by weights as any numbers
    assert actual.dtype == expected.dtype or (actual.dtype == np.float64 and expected.dtype == np.uint8)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("standardize", [True, False])
def test_powers(dtype: type, standardize: bool) -> None:
    random = np.random.default_rng(2)
    X = (np.exp(random.normal(size=(300, 4))) * [1, -1, 30, 0] + [0, 0, -9, 2]).astype(dtype)
    X[::9, 2] = np.nan
    fitted = quiet_fit(PowerTransformer(standardize=standardize), X)
    rows = np.concatenate([X, np.zeros((1, 4), dtype), -X])
    actual, expected = program_of_transformer(fitted, X).run(rows)["predicted"], dense(fitted, rows)
    assert actual.dtype == expected.dtype
    expected = np.where(np.isnan(expected), dtype(GAP), expected)
    tolerance = {"rtol": 1e-12} if dtype is np.float64 else {"atol": SINGLE * np.nanmax(np.abs(dense(fitted, rows)))}
    np.testing.assert_allclose(actual, expected, **tolerance)
    with pytest.raises(NotLoweredError, match="box-cox"):
        program_of_transformer(quiet_fit(PowerTransformer(method="box-cox"), np.abs(X[:, :2])), X[:, :2])


def test_a_saved_model_names_the_cell_that_it_refuses() -> None:
    X = mixed_table()
    y = (X["class"] > 1).to_numpy(np.int64)
    apart = ColumnTransformer([("n", StandardScaler(), ["class"]), ("w", OneHotEncoder(), ["port"])])
    classifier = lower_classifier(classifier_of(make_pipeline(apart, LogisticRegression()), X, y, FIVES), X)
    unseen = X.assign(port=pd.Series(["Q", "S", "\x1b[31mX", *["C"] * (len(X) - 3)], dtype=object))
    with pytest.raises(
        DataError, match=r"row 3, column 'port': the value '\\x1b\[31mX', which was not in the training"
    ):
        classifier.predict(unseen)
    with pytest.raises(DataError, match=r"^row 5, column 'class': no value, and this model cannot do without"):
        classifier.predict(X.assign(**{"class": [1.0, 2.0, 1.0, 3.0, np.nan] + [2.0] * (len(X) - 5)}))


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
    "nothing comes of a part": ColumnTransformer(
        [("n", SimpleImputer(), NUMBERS[-1:]), ("w", OneHotEncoder(drop="first", handle_unknown="ignore"), WORDS[-1:])],
        remainder=ONE_HOT,
    ),
    "nothing selected": ColumnTransformer([("n", FILLED, NUMBERS), ("w", ONE_HOT, [])]),
    "sparse": ColumnTransformer([("n", FILLED, NUMBERS), ("w", OneHotEncoder(handle_unknown="ignore"), WORDS)]),
    "single precision": ColumnTransformer([("w", OneHotEncoder(dtype=np.float32, handle_unknown="ignore"), WORDS)]),
    "both precisions": ColumnTransformer(
        [("n", FILLED, NUMBERS), ("w", OneHotEncoder(dtype=np.float32, handle_unknown="ignore"), WORDS)]
    ),
    "within": ColumnTransformer(
        [
            ("a", ColumnTransformer([("n", FILLED, ["", "age"])], remainder=ONE_HOT), ["age", "port", ""]),
            ("w", CODES, WORDS),
        ]
    ),
    "union": make_pipeline(
        ColumnTransformer([("n", SimpleImputer(keep_empty_features=True), NUMBERS)]),
        make_union(StandardScaler(), MinMaxScaler(), "passthrough", FunctionTransformer()),
    ),
    "union of columns": FeatureUnion(
        [
            ("n", ColumnTransformer([("n", FILLED, NUMBERS)])),
            ("d", "drop"),
            ("w", ColumnTransformer([("w", CODES, WORDS)])),
        ]
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
    "numbers one-hot": ColumnTransformer([("n", OneHotEncoder(handle_unknown="ignore"), NUMBERS[:2] + NUMBERS[-1:])]),
    "text filled": ColumnTransformer(
        [("w", make_pipeline(SimpleImputer(missing_values=None, strategy="most_frequent"), ONE_HOT), ["port"])]
    ),
    "Tenfold's one-hot": one_hot_table(plain_layout(TABLE.X)),
    "Tenfold's one-hot, unscaled": one_hot_table(plain_layout(TABLE.X), scale=False),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_columns_treated_apart_become_the_same_matrix(name: str) -> None:
    pipeline = quiet_fit(COMPOSITIONS[name], TABLE.X, TABLE.y)
    assert_same_matrix(pipeline, TABLE.X, TABLE.X)
    assert_same_matrix(pipeline, TABLE.X, TABLE.rows)


def test_columns_are_taken_by_name_wherever_they_stand() -> None:
    """As those of a stream, of which the fitted table has the numbers first and no column that is not used."""
    apart = ColumnTransformer([("w", ONE_HOT, ["port"]), ("n", FILLED, [0, 1])], remainder="drop")
    fitted = quiet_fit(apart, TABLE.X[["class", "age", "port"]])
    assert_same_matrix(fitted, TABLE.X, TABLE.rows)
    with pytest.raises(NotLoweredError, match="a column 'port' that it is not given"):
        program_of_transformer(fitted, TABLE.X.drop(columns="port"))
    of_arrays = quiet_fit(ColumnTransformer([("n", FILLED, [0, 2])]), TABLE.X[["age", "class", "constant"]].to_numpy())
    with pytest.raises(NotLoweredError, match="another number of columns"):
        program_of_transformer(of_arrays, TABLE.X[["age", "class"]])


@pytest.mark.parametrize("name", COMPOSITIONS)
@pytest.mark.parametrize("present", [(0, 1, 2), (0, 2), (1, 2)])
def test_a_table_is_classified_as_by_its_pipeline(name: str, present: tuple[int, ...]) -> None:
    some = np.isin(TABLE.y, present)
    pipeline = quiet_fit(
        make_pipeline(COMPOSITIONS[name], LogisticRegression(max_iter=20)), TABLE.X[some], TABLE.y[some]
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_same_classes(pipeline, TABLE.rows, 3, 1e-5 if name == "single precision" else 1e-12, fit_on=TABLE.X)


def frame(**columns: Any) -> pd.DataFrame:
    texts = {name: pd.Series(cells, dtype=object) for name, cells in columns.items() if any(map(is_text, cells))}
    return pd.DataFrame({name: texts.get(name, cells) for name, cells in columns.items()})


def is_text(cell: Any) -> bool:
    return isinstance(cell, str)


def classifier(preparation: Any, X: pd.DataFrame) -> tuple[Any, Program]:
    pipeline = quiet_fit(make_pipeline(preparation, LogisticRegression()), X, np.arange(len(X)) % 2)
    return pipeline, lower_classes(pipeline, input_of(X), 2)


GAPPY = frame(a=[1.0, 2.0, 3.0, 4.0], b=[1.0, np.nan, 1.0, 2.0], c=[5.0, 6.0, 5.0, 6.0])


def test_a_gap_that_nothing_fills_is_refused_with_its_row_and_column() -> None:
    _, program = classifier(StandardScaler(), GAPPY.fillna(0))
    with pytest.raises(GapError) as gap:
        program.run(rows_of(GAPPY))
    assert (gap.value.row, gap.value.column) == (1, "b")


def test_only_gaps_that_come_through_are_refused() -> None:
    some = ColumnTransformer([("filled", SimpleImputer(), ["b"]), ("passed", "passthrough", ["c", "a"])])
    pipeline, program = classifier(some, GAPPY)
    np.testing.assert_allclose(
        program.run(rows_of(GAPPY))["scores"][:, 0], pipeline.predict_proba(GAPPY)[:, 1], rtol=1e-14
    )
    with pytest.raises(GapError) as gap:
        program.run(rows_of(GAPPY.assign(a=[1.0, 1.0, np.nan, 1.0])))
    assert (gap.value.row, gap.value.column) == (2, "a")


def test_gaps_where_the_indicator_met_none_are_refused() -> None:
    both = make_union(SimpleImputer(), MissingIndicator())
    pipeline, program = classifier(both, GAPPY)
    np.testing.assert_allclose(
        program.run(rows_of(GAPPY))["scores"][:, 0], pipeline.predict_proba(GAPPY)[:, 1], rtol=1e-14
    )
    with pytest.raises(GapError) as gap:
        program.run(rows_of(GAPPY.assign(c=[1.0, np.nan, np.nan, 1.0])))
    assert (gap.value.row, gap.value.column) == (1, "c")


@pytest.mark.parametrize("name", ["sgd", "nystroem", "svm", "forest", "own-knn", "boosting"])
def test_a_gap_is_refused_where_the_pipeline_refuses_it(name: str) -> None:
    random = np.random.default_rng(0)
    X = pd.DataFrame(random.normal(size=(90, 25)), columns=[f"c{position}" for position in range(25)])
    pipeline = quiet_fit(PIPELINES[name], X, random.integers(0, 3, 90))
    program, rows = lower_classes(pipeline, input_of(X), 3), X.copy()
    rows.loc[7, "c5"] = np.nan
    try:
        expected = pipeline.predict(rows)
    except ValueError:
        with pytest.raises(GapError) as gap:
            program.run(rows_of(rows))
        assert (gap.value.row, gap.value.column) == (7, "c5")
        return
    assert name in {"forest", "boosting"}
    np.testing.assert_array_equal(program.run(rows_of(rows))["predicted"], expected)


def test_the_row_of_a_gap_counts_from_the_first_of_all(monkeypatch: pytest.MonkeyPatch) -> None:
    _, program = classifier(StandardScaler(), GAPPY.fillna(0))
    monkeypatch.setattr(programs, "BYTES_AT_ONCE", 3 * program.cost.bytes)
    many = pd.concat([GAPPY.fillna(0)] * 5 + [GAPPY], ignore_index=True)
    with pytest.raises(GapError) as gap:
        program.run(rows_of(many))
    assert (gap.value.row, gap.value.column) == (21, "b")


PORTS = frame(x=[1.0, 2.0, 1.0, 2.0], port=["S", "C", "S", None])


@pytest.mark.parametrize("encoder", [OneHotEncoder(), OrdinalEncoder()])
def test_a_category_that_an_encoder_refuses_is_named_with_its_row_and_column(encoder: Any) -> None:
    _, program = classifier(ColumnTransformer([("w", encoder, ["x", "port"])]), PORTS)
    with pytest.raises(UnknownCategoryError) as unknown:
        program.run(rows_of(PORTS.assign(port=pd.Series(["S", "C", "Q", "Q"], dtype=object))))
    assert (unknown.value.row, unknown.value.column, unknown.value.category) == (2, "port", "Q")
    with pytest.raises(UnknownCategoryError) as unknown:
        program.run(rows_of(PORTS.assign(x=[1.0, 1.0, 2.0, 1.5])))
    assert (unknown.value.row, unknown.value.column, unknown.value.category) == (3, "x", 1.5)


def test_an_unknown_category_becomes_no_gap_where_the_model_has_no_way_with_one() -> None:
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    pipeline, program = classifier(ColumnTransformer([("w", encoder, ["port"])]), PORTS)
    rows = PORTS.assign(port=pd.Series(["S", "C", "Q", None], dtype=object))
    with pytest.raises(ValueError, match="NaN"):
        pipeline.predict(rows)
    with pytest.raises(UnknownCategoryError) as unknown:
        program.run(rows_of(rows))
    assert (unknown.value.row, unknown.value.column, unknown.value.category) == (2, "port", "Q")


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_numbers_of_a_matrix_are_encoded(dtype: type) -> None:
    X = np.array([[1.0, 0.1], [2.0, np.nan], [1.0, 0.1], [np.nan, 7.0], [3.0, 7.0]], dtype)
    rows = np.array([[np.nan, np.nan], [2.0, 0.1], [9.0, 1e30]], dtype)
    for encoder in (
        OneHotEncoder(handle_unknown="ignore"),
        OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=2, drop="first"),
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2),
        OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, encoded_missing_value=-2, min_frequency=2),
    ):
        fitted = quiet_fit(encoder, X)
        np.testing.assert_array_equal(program_of_transformer(fitted, X).run(rows)["predicted"], dense(fitted, rows))


def test_columns_that_are_dropped_or_named_and_categories_that_are_given() -> None:
    X = frame(port=["S", "C", None, "S", "Q"], deck=["A", "B", "A", "A", "A"], n=[1.0, 2.0, np.nan, 3.0, 1.0])
    for encoder in (
        OneHotEncoder(drop=["C", "A", 3.0], sparse_output=False),
        OneHotEncoder(drop=[None, "B", np.nan], handle_unknown="ignore", sparse_output=False),
        OneHotEncoder(drop=["S", "A", 1.0], min_frequency=2, handle_unknown="infrequent_if_exist"),
        OneHotEncoder(categories=[["Q", "S", "z", "C", None], ["B", "A"], [1.0, 2.0, 3.0, 9.0, np.nan]]),
        OrdinalEncoder(categories=[["Q", "S", "z", "C", None], ["B", "A"], [1.0, 2.0, 3.0, 9.0, np.nan]]),
        OneHotEncoder(categories=[["S"], ["B"], [1.0, 3.0]], handle_unknown="ignore"),
    ):
        assert_same_matrix(quiet_fit(encoder, X), X, X)


@pytest.mark.parametrize("number", [2**53 + 1, -(2**60) - 1])
def test_whole_numbers_that_are_no_floats_are_no_categories_of_a_program(number: int) -> None:
    X = pd.DataFrame({"id": [number, 1, 2]})
    with pytest.raises(NotLoweredError, match="whole numbers that are no float64"):
        program_of_transformer(OneHotEncoder().fit(X), X)


def test_texts_and_numbers_that_are_not_of_their_column_are_not_lowered() -> None:
    X = frame(port=["S", "C", "S"])
    for preparation in (StandardScaler(), "passthrough"):
        pipeline = make_pipeline(ColumnTransformer([("p", preparation, ["port"])]), LogisticRegression())
        fitted = pipeline.fit(pd.DataFrame({"port": [1.0, 2.0, 3.0]}), [0, 1, 1])
        with pytest.raises(NotLoweredError, match="column 'port' of text is taken for numbers"):
            lower_classes(fitted, input_of(X), 2)
    encoder = OneHotEncoder().fit(X)
    with pytest.raises(NotLoweredError, match="encodes texts in a column of numbers"):
        Builder(Columns((("port", "number"),))).lower(encoder, Builder(Columns((("port", "number"),))).input)


def test_what_is_no_program_of_arrays_is_named() -> None:
    X = frame(a=[1.0, 2.0, 3.0], port=["S", "C", None])
    some: list[tuple[Any, str]] = [
        (ColumnTransformer([("a", StandardScaler(), ["a"])], transformer_weights={"a": 2.0}), "has weights"),
        (FeatureUnion([("a", OrdinalEncoder())], transformer_weights={"a": 2.0}), "has weights"),
        (FunctionTransformer(np.array), "a function of Python"),
        (OneHotEncoder(dtype=np.float16), "encodes categories as float16"),
        (SimpleImputer(strategy="most_frequent", add_indicator=True), "marks what is missing among texts"),
        (SimpleImputer(strategy="constant"), "imputes numbers with what is no number"),
    ]
    for transformer, sentence in some:
        with pytest.raises(NotLoweredError, match=sentence):
            program_of_transformer(quiet_fit(transformer, X), X)


def test_many_texts_are_found() -> None:
    names = np.array([f"name {position} é" for position in range(20_000)], object)
    X = frame(name=names.tolist(), n=(np.arange(20_000) % 7).astype(float).tolist())
    y = np.random.default_rng(1).integers(0, 2, len(X))
    rows = frame(name=["name 7 é", "name 19999 é", "name 20000 é", ""], n=[1.0, 9.0, 3.0, 4.0])
    for encoder in (OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1), TargetEncoder(cv=2)):
        assert_same_matrix(quiet_fit(encoder, X, y), X, X)
        assert_same_matrix(quiet_fit(encoder, X, y), X, rows)
    assert_same_matrix(quiet_fit(OneHotEncoder(handle_unknown="ignore"), X), X, rows)


WIDE = frame(name=[f"name {row}" for row in range(700)], port=["S", "C", "S", None, "Q", "S", "C"] * 100)
WIDE["n"] = np.where(np.arange(700) % 9 == 0, np.nan, np.arange(700.0) % 11)
WIDE_ROWS = WIDE.iloc[::-7].reset_index(drop=True)
WIDE_ROWS.loc[::5, "name"] = "unseen"


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize(
    "preparation",
    [
        OneHotEncoder(handle_unknown="ignore"),
        ColumnTransformer([("w", OneHotEncoder(handle_unknown="ignore"), ["name"])]),
        ColumnTransformer(
            [
                ("p", ONE_HOT, ["port"]),
                ("w", OneHotEncoder(handle_unknown="ignore", drop="first"), ["name", "port"]),
                ("n", SimpleImputer(), ["n"]),
                ("v", OneHotEncoder(handle_unknown="ignore"), ["n", "name"]),
            ]
        ),
    ],
)
def test_weights_of_many_categories_are_looked_up(preparation: Any, classes: int) -> None:
    pipeline = quiet_fit(make_pipeline(preparation, LogisticRegression(max_iter=20)), WIDE, np.arange(700) % classes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = assert_same_classes(pipeline, WIDE_ROWS, classes, fit_on=WIDE)
        assert_same_classes(pipeline, WIDE, classes)
    assert max(map(width_of, program.types.values())) < 100
    assert "category_values" in program.operations


@pytest.mark.parametrize("model", [OneVsRestClassifier(LogisticRegression()), RandomForestClassifier(3)])
def test_wide_columns_stay_where_several_steps_take_them_or_another_model_does(model: Any) -> None:
    encoder = OneHotEncoder(handle_unknown="ignore")
    pipeline = quiet_fit(make_pipeline(encoder, model), WIDE, np.arange(700) % 3)
    program = assert_same_classes(pipeline, WIDE_ROWS, 3, fit_on=WIDE)
    assert "one_hot" in program.operations


def test_boosting_is_given_gaps_and_codes_as_they_are() -> None:
    encoder = quiet_fit(encoded_table(plain_layout(TABLE.X)), TABLE.X)
    assert_same_matrix(encoder, TABLE.X, TABLE.X)
    assert_same_matrix(encoder, TABLE.X, TABLE.rows)


@pytest.fixture(scope="module")
def streamed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Training rows of a fold of a table that is read as a stream."""
    path = tmp_path_factory.mktemp("streamed") / "t.parquet"
    table(2_000).to_parquet(path, index=False)
    config = RunConfig(str(path), target="y", stream=True)
    return prepare_streamed(config, table_source(path), path.parent, parse_rule("argmax"), 1, lambda line: None).job


@pytest.mark.parametrize("prepare", [one_hot_from, coded_from])
def test_preparations_of_streams(streamed: Any, prepare: Any) -> None:
    training = streamed.training(0)
    transformer = prepare(training.columns, streamed.store, training.moments)
    for rows in training.in_order():
        X = frame_of(streamed.store, streamed.whole, rows.numbers, rows.codes)
        assert_same_matrix(transformer, X, X)


CATEGORY_ARRAYS = {
    "utf8": np.frombuffer("aéb".encode(), np.uint8),
    "ends": np.array([1, 3, 4]),
    "missing": np.zeros(3, np.uint8),
    "counts": np.array([3, 2]),
    "numbers": np.array([1.0, np.nan]),
}
TWO = Columns((("w", "text"), ("n", "number")))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"ends": np.array([1, 2, 4])}, "a text ends inside a character"),
        ({"ends": np.array([3, 1, 4])}, "texts do not end where they should"),
        ({"ends": np.array([1, 3, 5])}, "texts do not end where they should"),
        ({"ends": np.array([1, 3, 3])}, "texts do not end where they should"),
        ({"ends": np.array([1, 3, -4])}, "holds -4, under 0"),
        ({"ends": np.array([1, 4])}, "where a size is 2"),
        ({"utf8": np.array([97, 0xFF, 0xFF, 98], np.uint8)}, "no UTF-8"),
        ({"missing": np.array([0, 0, 1], np.uint8)}, "a text that is missing has characters"),
        ({"missing": np.array([0, 0, 2], np.uint8)}, "not under 2"),
        ({"counts": np.array([2, 3])}, "texts are not as many as they should be"),
        ({"counts": np.array([3, 1])}, "numbers are not as many as they should be"),
        ({"counts": np.array([3])}, "categories of 1 columns, not of 2|a size is"),
        ({"counts": np.array([3, 2, 0])}, "categories of 3 columns, not of 2|a size is"),
        ({"counts": np.array([2**62, 2])}, "more categories than any can have"),
        ({"counts": np.array([-3, 2])}, "under 0"),
        ({"positions": np.array([0, 1, 2, 3, 5])}, "beyond the last"),
        ({"positions": np.array([0, 1, 2, 3, -2])}, "under -1"),
        ({"positions": np.array([0, 1])}, "more or fewer positions"),
        ({"unknown": np.array([5, 0])}, "beyond the last"),
        ({"unknown": np.array([0])}, "where a size is|a size is"),
        ({"width": 0}, "is under 1"),
        ({"width": 2**40}, "is over"),
    ],
)
def test_odd_categories_are_refused(changed: dict[str, Any], fault: str) -> None:
    arrays = {**CATEGORY_ARRAYS, "positions": np.arange(5), "unknown": np.array([-1, -1])}
    find_operation("one_hot").check((TWO,), {"width": 5, "refuse_unknown": False}, arrays)
    parameters = {"width": changed.pop("width", 5), "refuse_unknown": False}
    with pytest.raises(Refused, match=fault):
        find_operation("one_hot").check((TWO,), parameters, {**arrays, **changed})


@pytest.mark.parametrize(
    ("operation", "given", "parameters", "arrays", "fault"),
    [
        ("numbers", TWO, {"gaps": True}, {}, "column 'w' of text is taken for numbers"),
        ("numbers", TWO, {"gaps": 1}, {}, "is no boolean"),
        ("select_columns", TWO, {}, {"columns": np.array([2])}, "a column is taken that there is not"),
        ("select_columns", TWO, {}, {"columns": np.array([0, 0])}, "taken twice"),
        ("select_columns", TWO, {}, {"columns": np.array([], np.int64)}, "a column is taken that there is not"),
        ("table", Matrix("float64", 200_000), {}, {}, "over the limit of 100,000"),
        ("impute", Matrix("float64", 2), {}, {"values": np.array([1.0, np.nan])}, "holds what is no number"),
        ("impute", Matrix("uint8", 1), {}, {"values": np.array([1.0])}, "none can be missing"),
        ("missing", Matrix("float64", 2), {}, {"columns": np.array([2])}, "not under 2"),
        ("missing", Matrix("uint8", 2), {}, {"columns": np.array([1])}, "none can be missing"),
        ("limit", Matrix("float64", 2), {"low": 1, "high": 0}, {}, "limited to none at all"),
        ("unit_norm", Matrix("float64", 2, gaps=True), {"norm": "l2"}, {}, "divided by a norm"),
        ("unit_norm", Matrix("float64", 2), {"norm": "l3"}, {}, "is none of l1, l2, max"),
        (
            "category_values",
            TWO,
            {"refuse_unknown": False, "gaps": True},
            {**CATEGORY_ARRAYS, "values": np.zeros((5, 1)), "unknown": np.full((2, 1), np.inf)},
            "infinite",
        ),
        (
            "category_values",
            TWO,
            {"refuse_unknown": False, "gaps": True},
            {**CATEGORY_ARRAYS, "values": np.zeros((5, 0)), "unknown": np.zeros((2, 0))},
            "gives 0 values a row",
        ),
        (
            "fill",
            TWO,
            {"replaced": []},
            {**pack_texts(["a"]), "columns": np.array([1]), "numbers": np.array([])},
            "more or fewer constants",
        ),
        (
            "fill",
            TWO,
            {"replaced": []},
            {**pack_texts(["a"]), "columns": np.array([7]), "numbers": np.array([])},
            "a column is filled that there is not",
        ),
    ],
)
def test_odd_parts_are_refused(operation: str, given: Any, parameters: Any, arrays: Any, fault: str) -> None:
    with pytest.raises(Refused, match=fault):
        find_operation(operation).check((given,), parameters, arrays)


@settings(deadline=None, max_examples=60)
@given(st.lists(texts, max_size=6), st.integers(1, 9))
def test_texts_come_back_as_they_were(some: list[str | None], piece: int) -> None:
    arrays = pack_texts(some)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(categories, "_PIECE", piece)
        check_texts(arrays)
    assert read_texts(arrays) == some
