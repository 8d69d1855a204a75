"""Regressors of one target and several: the program predicts what the fitted pipeline does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.compose import ColumnTransformer, TransformedTargetRegressor
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import (
    BaggingRegressor,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingRegressor,
    RandomForestRegressor,
    StackingRegressor,
    VotingRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import (
    ElasticNet,
    GammaRegressor,
    HuberRegressor,
    Lasso,
    LinearRegression,
    LogisticRegression,
    MultiTaskLasso,
    PoissonRegressor,
    QuantileRegressor,
    RANSACRegressor,
    Ridge,
    RidgeCV,
    SGDRegressor,
    TweedieRegressor,
)
from sklearn.multioutput import MultiOutputRegressor, RegressorChain
from sklearn.neighbors import KNeighborsRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MinMaxScaler,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)
from sklearn.svm import SVR, LinearSVR, NuSVR
from sklearn.tree import DecisionTreeRegressor, ExtraTreeRegressor

from tenfold.models.texts import TextCells
from tenfold.program.builder import NotLoweredError
from tenfold.program.lowering import lower_quantities
from tenfold.program.values import Matrix
from tests.program.proof import SINGLE, assert_same_quantities, input_of

LINEAR = {
    "linear": LinearRegression(),
    "without-offset": LinearRegression(fit_intercept=False),
    "ridge": Ridge(),
    "ridge-cv": RidgeCV([0.1, 1.0]),
    "elastic": ElasticNet(alpha=0.1),
    "lasso": Lasso(alpha=0.1),
    "network": MLPRegressor(hidden_layer_sizes=(5,), max_iter=20, random_state=1),
}
SINGLE_TARGET = {
    "sgd": SGDRegressor(random_state=1),
    "huber": HuberRegressor(max_iter=1000),
    "quantile": QuantileRegressor(alpha=0.1),
    "svr-linear": LinearSVR(random_state=1),
    "svr": SVR(),
    "svr-poly": SVR(kernel="poly", coef0=1.0),
    "svr-product": SVR(kernel="linear"),
    "svr-nu": NuSVR(C=3.0),
    "svr-without-vectors": SVR(epsilon=1e9),
}
TREES = {
    "tree": DecisionTreeRegressor(random_state=1),
    "absolute": DecisionTreeRegressor(max_depth=3, criterion="absolute_error"),
    "stump": DecisionTreeRegressor(max_depth=1),
    "extra-tree": ExtraTreeRegressor(random_state=1),
    "forest": RandomForestRegressor(7, random_state=1),
    "extra": ExtraTreesRegressor(7, random_state=1),
}
NEIGHBOURS = {
    "nearest": KNeighborsRegressor(1),
    "uniform": KNeighborsRegressor(),
    "distance": KNeighborsRegressor(weights="distance"),
    "brute": KNeighborsRegressor(algorithm="brute"),
}
BASELINES = {
    "mean": DummyRegressor(),
    "median": DummyRegressor(strategy="median"),
    "quantile": DummyRegressor(strategy="quantile", quantile=0.9),
}
SEVERAL_TARGETS = {**LINEAR, **TREES, **NEIGHBOURS, **BASELINES}
BOOSTING = [
    {},
    {"loss": "absolute_error"},
    {"loss": "quantile", "quantile": 0.8},
    {"loss": "gamma"},
    {"loss": "poisson"},
]
TRANSFORMERS = {
    "log": FunctionTransformer(np.log, np.exp),
    "log1p": FunctionTransformer(np.log1p, np.expm1),
    "sqrt": FunctionTransformer(np.sqrt, np.square),
    "square": FunctionTransformer(np.square, np.sqrt, check_inverse=False),
    "one-way": FunctionTransformer(np.log1p, check_inverse=False),
    "standard": StandardScaler(),
    "centred": StandardScaler(with_std=False),
    "range": MinMaxScaler((1, 3)),
    "robust": RobustScaler(),
    "power": PowerTransformer(),
    "box-cox": PowerTransformer("box-cox", standardize=False),
    "quantiles": QuantileTransformer(n_quantiles=40),
    "normal-quantiles": QuantileTransformer(n_quantiles=40, output_distribution="normal"),
    "both": make_pipeline(FunctionTransformer(np.log, np.exp), StandardScaler()),
}


def rows(seed: int, dtype: type = np.float64, gaps: float = 0.0, n: int = 150) -> tuple[np.ndarray, np.ndarray]:
    """Rows with a constant column and one of whole numbers; a positive target with a curve in it."""
    random = np.random.default_rng(seed)
    X = random.normal(size=(n, 5)) * [1, 5, 0.1, 1, 2] + [0, 3, 0, 0, 1]
    X[:, 2], X[:, 3] = random.integers(0, 4, n), 7.0
    y = np.exp(0.3 * X[:, 0] + 0.1 * X[:, 1] + 0.05 * random.normal(size=n)) + X[:, 2]
    X[random.random(X.shape) < gaps] = np.nan
    return X.astype(dtype), y


def several(y: np.ndarray) -> np.ndarray:
    return np.column_stack([y, 1e3 * np.sqrt(y), -y])


def tolerance_of(dtype: type) -> float | None:
    return SINGLE if dtype is np.float32 else 1e-12


def fitted(model: Any, X: np.ndarray, y: np.ndarray, *steps: Any) -> Any:
    return make_pipeline(*steps, clone(model)).fit(X, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [*SEVERAL_TARGETS, *SINGLE_TARGET])
def test_one_target(name: str, dtype: type) -> None:
    X, y = rows(1, dtype)
    queries = np.concatenate([X[:20], rows(2, dtype)[0]])
    model = {**SEVERAL_TARGETS, **SINGLE_TARGET}[name]
    assert_same_quantities(fitted(model, X, y, StandardScaler()), queries, tolerance_of(dtype))
    assert_same_quantities(fitted(model, X, y), queries, tolerance_of(dtype))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("name", [*SEVERAL_TARGETS])
def test_several_targets(name: str) -> None:
    X, y = rows(3)
    model = fitted(SEVERAL_TARGETS[name], X, several(y), StandardScaler())
    assert_same_quantities(model, np.concatenate([X[:20], rows(4)[0]]))
    column = fitted(SEVERAL_TARGETS[name], X, y[:, None], StandardScaler())
    assert_same_quantities(column, X)


def test_sparse_solutions_of_several_targets() -> None:
    X, y = rows(3)
    assert_same_quantities(fitted(MultiTaskLasso(), X, several(y)), X)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_rounding_of_kernel_sums_grows_with_their_coefficients() -> None:
    X, y = rows(3)
    tame, wild = (fitted(SVR(C=C, gamma=1e-3, max_iter=5000), X, y, StandardScaler()) for C in (1.0, 1e6))
    assert lower_quantities(tame, input_of(X)).rounding == 1e-12
    rounding = lower_quantities(wild, input_of(X)).rounding
    assert 1e-10 < rounding < 1e-6
    assert_same_quantities(wild, X, rounding)


@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", TREES)
def test_trees_bit_for_bit(name: str, dtype: type, gaps: float) -> None:
    X, y = rows(5, dtype, 0.0 if name == "absolute" else gaps)
    queries, _ = rows(6, dtype, 0.0 if name == "absolute" else gaps)
    assert_same_quantities(fitted(TREES[name], X, y), queries, 0.0)


@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize("settings", BOOSTING)
def test_histogram_boosting(settings: dict[str, Any], gaps: float) -> None:
    X, y = rows(7, gaps=gaps)
    model = HistGradientBoostingRegressor(max_iter=8, categorical_features=[2], **settings)
    assert_same_quantities(fitted(model, X, y), np.concatenate([X, rows(8, gaps=gaps)[0]]))
    assert_same_quantities(fitted(model.set_params(categorical_features=None), X, y), X)


@pytest.mark.parametrize("settings", [{}, {"loss": "huber"}, {"init": "zero"}, {"init": DummyRegressor()}])
def test_gradient_boosting(settings: dict[str, Any]) -> None:
    X, y = rows(7)
    assert_same_quantities(fitted(GradientBoostingRegressor(n_estimators=5, **settings), X, y), rows(8)[0])


def test_gradient_boosting_from_another_model_is_not_lowered() -> None:
    X, y = rows(7)
    model = fitted(GradientBoostingRegressor(n_estimators=2, init=LinearRegression()), X, y)
    with pytest.raises(NotLoweredError, match="starts from another model"):
        lower_quantities(model, input_of(X))


@pytest.mark.parametrize(
    "model",
    [PoissonRegressor(), GammaRegressor(), *(TweedieRegressor(power=power) for power in (0, 1.5))],
)
def test_generalised_linear_models(model: Any) -> None:
    X, y = rows(9)
    assert_same_quantities(fitted(model, X, y, StandardScaler()), rows(10)[0])


@pytest.mark.parametrize("name", TRANSFORMERS)
def test_transformed_targets(name: str) -> None:
    X, y = rows(11)
    y += 10
    for target in (y, several(y)[:, :2]):
        model = TransformedTargetRegressor(Ridge(), transformer=clone(TRANSFORMERS[name]))
        assert_same_quantities(fitted(model, X, target, StandardScaler()), X)


def test_the_outermost_quantiles_of_a_normal_distribution() -> None:
    """Where scikit-learn takes shares that nearly are 0 or 1 for these, the program does."""
    y = np.random.default_rng(1).lognormal(size=80)
    X = np.concatenate([-np.geomspace(4.5, 5.6, 40), np.geomspace(4.5, 5.6, 40)])[:, None]
    model = TransformedTargetRegressor(LinearRegression(), transformer=TRANSFORMERS["normal-quantiles"]).fit(X, y)
    model.regressor_.coef_, model.regressor_.intercept_ = np.ones((1, 1)), np.zeros(1)
    assert_same_quantities(model, X)


def test_targets_transformed_by_functions() -> None:
    X, y = rows(11)
    model = TransformedTargetRegressor(fitted(Ridge(), X, y, StandardScaler()), func=np.log1p, inverse_func=np.expm1)
    assert "activation" in assert_same_quantities(model.fit(X, y), X).operations


def test_a_target_transformed_back_by_an_own_function_is_not_lowered() -> None:
    X, y = rows(11)
    model = TransformedTargetRegressor(Ridge(), func=np.log, inverse_func=lambda values: np.exp(values)).fit(X, y)
    with pytest.raises(NotLoweredError, match="transformed back by '<lambda>'"):
        lower_quantities(model, input_of(X))


def test_regressors_of_others() -> None:
    X, y = rows(12)
    parts = [("line", make_pipeline(StandardScaler(), Ridge())), ("tree", DecisionTreeRegressor(max_depth=3))]
    queries, _ = rows(13)
    for model in (
        VotingRegressor(parts),
        VotingRegressor([*parts, ("none", "drop")], weights=[2, 1, 5]),
        StackingRegressor(parts, cv=2),
        StackingRegressor(parts, LinearRegression(), cv=2, passthrough=True),
        RANSACRegressor(random_state=1),
        BaggingRegressor(DecisionTreeRegressor(max_depth=3), 4, max_features=3, random_state=1),
    ):
        assert_same_quantities(model.fit(X, y), queries)


def test_one_regressor_a_target_and_chains() -> None:
    X, y = rows(14)
    Y, queries = several(y), rows(15)[0]
    assert_same_quantities(MultiOutputRegressor(SVR()).fit(X, Y), queries)
    for order in (None, [2, 0, 1]):
        assert_same_quantities(RegressorChain(Ridge(), order=order).fit(X, Y), queries)
        assert_same_quantities(RegressorChain(DecisionTreeRegressor(max_depth=4), order=order, cv=2).fit(X, Y), queries)


def test_tables_and_their_preparation() -> None:
    random = np.random.default_rng(16)
    frame = pd.DataFrame(
        {
            "rooms": np.where(random.random(120) < 0.1, np.nan, random.integers(1, 9, 120)),
            "near": np.where(random.random(120) < 0.5, "ocean", "inland").astype(object),
            "text": np.where(random.random(120) < 0.5, "a fine view", "no view at all").astype(object),
        }
    )
    y = frame["rooms"].fillna(3) * 2 + (frame["near"] == "ocean") + random.normal(size=120)
    numbers = make_pipeline(SimpleImputer(), PolynomialFeatures(2), StandardScaler())
    kinds = [("n", numbers, ["rooms"]), ("c", OneHotEncoder(), ["near"])]
    assert_same_quantities(make_pipeline(ColumnTransformer(kinds), Ridge()).fit(frame, y), frame)
    words = ("t", make_pipeline(TextCells(), TfidfVectorizer()), ["text"])
    assert_same_quantities(
        make_pipeline(ColumnTransformer([*kinds, words], sparse_threshold=1.0), Ridge()).fit(frame, y), frame
    )
    codes = ColumnTransformer([("c", OrdinalEncoder(), ["near"]), ("n", "passthrough", ["rooms"])])
    boosting = HistGradientBoostingRegressor(max_iter=5, categorical_features=[0], min_samples_leaf=5)
    assert_same_quantities(make_pipeline(codes, boosting).fit(frame, y), frame)


def test_neighbours_by_rounded_distances_are_not_lowered() -> None:
    X, y = rows(17)
    for model, message in (
        (KNeighborsRegressor(weights="distance", algorithm="brute"), "KNeighborsRegressor has exact ones"),
        (KNeighborsRegressor(metric="manhattan"), "another distance"),
        (KNeighborsRegressor(weights=lambda distances: distances + 1), "weighted by a function"),
    ):
        with pytest.raises(NotLoweredError, match=message):
            lower_quantities(model.fit(X, y), input_of(X))


def test_what_predicts_no_quantities_is_refused() -> None:
    X, y = rows(18)
    for model in (LogisticRegression().fit(X, y > 3), StandardScaler().fit(X)):
        with pytest.raises(NotLoweredError, match="no quantities"):
            lower_quantities(make_pipeline(model), Matrix("float64", 5))
    with pytest.raises(NotLoweredError, match="which is no program of arrays yet"):
        lower_quantities(MultiOutputRegressor(_Unknown()).fit(X, several(y)), input_of(X))


class _Unknown(LinearRegression):
    """Of a user's own."""


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize(
    "objective", ["regression", "regression_l1", "huber", "fair", "quantile", "mape", "poisson", "gamma", "tweedie"]
)
def test_lightgbm(objective: str, gaps: float, dtype: type) -> None:
    library = pytest.importorskip("lightgbm")
    X, y = rows(19, dtype, gaps)
    model = library.LGBMRegressor(n_estimators=6, objective=objective, verbose=-1, n_jobs=1, min_child_samples=5)
    assert_same_quantities(fitted(model, X, y), np.concatenate([X, rows(20, dtype, gaps)[0]]))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"objective": "reg:absoluteerror"},
        {"objective": "reg:pseudohubererror"},
        {"objective": "reg:quantileerror", "quantile_alpha": 0.7},
        {"objective": "reg:squaredlogerror"},
        {"objective": "count:poisson"},
        {"objective": "reg:gamma"},
        {"objective": "reg:tweedie"},
        {"base_score": 3.5},
    ],
)
def test_xgboost(settings: dict[str, Any], gaps: float, dtype: type) -> None:
    library = pytest.importorskip("xgboost")
    X, y = rows(21, dtype, gaps)
    model = library.XGBRegressor(n_estimators=6, n_jobs=1, **settings)
    program = assert_same_quantities(fitted(model, X, y), np.concatenate([X, rows(22, dtype, gaps)[0]]), SINGLE)
    assert program.single


def test_xgboost_of_several_targets_and_of_a_share() -> None:
    library = pytest.importorskip("xgboost")
    X, y = rows(23)
    assert_same_quantities(library.XGBRegressor(n_estimators=4, n_jobs=1).fit(X, several(y)), X, SINGLE)
    share = library.XGBRegressor(n_estimators=4, n_jobs=1, objective="reg:logistic").fit(X, y / y.max())
    assert_same_quantities(share, X, SINGLE)
    other = library.XGBRegressor(booster="gblinear", n_jobs=1).fit(X, y)
    with pytest.raises(NotLoweredError, match="XGBoost"):
        lower_quantities(other, input_of(X))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gaps", [0.0, 0.2])
@pytest.mark.parametrize(
    "loss", ["RMSE", "MAE", "Quantile:alpha=0.7", "Huber:delta=1", "MAPE", "Poisson", "Tweedie:variance_power=1.5"]
)
def test_catboost(loss: str, gaps: float, dtype: type) -> None:
    library = pytest.importorskip("catboost")
    X, y = rows(25, dtype, gaps)
    settings = {"silent": True, "allow_writing_files": False, "thread_count": 1}
    model = library.CatBoostRegressor(iterations=6, loss_function=loss, **settings)
    assert_same_quantities(fitted(model, X, y), np.concatenate([X, rows(26, dtype, gaps)[0]]))


def test_catboost_of_several_targets() -> None:
    library = pytest.importorskip("catboost")
    X, y = rows(27)
    settings = {"silent": True, "allow_writing_files": False, "thread_count": 1}
    model = library.CatBoostRegressor(iterations=4, loss_function="MultiRMSE", **settings)
    assert_same_quantities(model.fit(X, several(y)), X)
