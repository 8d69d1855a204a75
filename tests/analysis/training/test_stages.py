"""Curves of a fit: the error after a stage is that of a model fitted no further, in the unit of the target."""

import json

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor, RandomForestRegressor
from sklearn.metrics import log_loss, mean_absolute_error, root_mean_squared_error
from sklearn.multioutput import MultiOutputRegressor, RegressorChain
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from tenfold.analysis.training.curve import TrainingCurve, read_training_curve
from tenfold.analysis.training.stages import TrainingRows, training_curve
from tenfold.models import SGDRegressor, SoftmaxRegression

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
FEW_ROUNDS = HistGradientBoostingRegressor(max_iter=12, learning_rate=0.3, min_samples_leaf=5, early_stopping=False)


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(240, 3))
    y = 50 + 10 * X[:, 0] - 4 * X[:, 1] + rng.normal(0, 3, 240)
    return TrainingRows(X[:160], y[:160]), TrainingRows(X[160:], y[160:])


def _curve(model, rows, metric="rmse"):
    train, unseen = rows
    pipeline = Pipeline([("scale", StandardScaler()), ("model", clone(model))]).fit(train.X, train.y)
    return pipeline, training_curve(pipeline, train, train, unseen, metric)


def test_a_stage_of_boosting_is_a_model_of_as_many_trees(rows):
    train, unseen = rows
    _, curve = _curve(FEW_ROUNDS, rows)
    assert (curve.unit, curve.stages[-1], curve.best, curve.reason) == ("round", 12, 12, "most")
    for place in (0, 4, -1):
        fewer, _ = _curve(clone(FEW_ROUNDS).set_params(max_iter=curve.stages[place]), rows)
        assert curve.held_out[place] == pytest.approx(root_mean_squared_error(unseen.y, fewer.predict(unseen.X)))
        assert curve.training[place] == pytest.approx(root_mean_squared_error(train.y, fewer.predict(train.X)))


def test_boosting_that_stops_early_says_so_by_rows_that_it_keeps_back(rows):
    model = HistGradientBoostingRegressor(max_iter=500, early_stopping=True, n_iter_no_change=4, random_state=0)
    fitted, curve = _curve(model, rows)
    assert curve.stages[-1] == fitted[-1].n_iter_ < 500
    assert (curve.reason, curve.patience, curve.own) == ("held-out", 4, False)


def test_errors_of_a_transformed_target_are_in_its_own_unit(rows):
    _, unseen = rows
    for regressor in (FEW_ROUNDS, SGDRegressor(random_state=0)):
        model = TransformedTargetRegressor(regressor, func=np.sqrt, inverse_func=np.square)
        fitted, curve = _curve(model, rows, "mae")
        assert curve.measure == "mae"
        assert curve.held_out[-1] == pytest.approx(mean_absolute_error(unseen.y, fitted.predict(unseen.X)))


@pytest.mark.parametrize("restore_best", [False, True])
def test_the_last_epoch_or_the_kept_one_is_the_model_itself(rows, restore_best):
    _, unseen = rows
    inner = SGDRegressor(random_state=0, eta0=0.002, early_stopping=restore_best, restore_best=restore_best)
    fitted, curve = _curve(TransformedTargetRegressor(inner, transformer=StandardScaler()), rows)
    made = fitted[-1].regressor_.n_iter_
    assert (curve.unit, curve.stages[-1]) == ("epoch", made)
    assert curve.reason == ("held-out" if restore_best else "training")
    assert curve.best == (fitted[-1].regressor_.best_epoch_ if restore_best else made)
    assert curve.held_out[curve.kept] == pytest.approx(
        root_mean_squared_error(unseen.y, fitted.predict(unseen.X)), rel=1e-9 if curve.best in curve.stages else 0.02
    )
    assert curve.held_out[0] > curve.held_out[-1]


@pytest.mark.parametrize(
    "model",
    [
        MultiOutputRegressor(FEW_ROUNDS),
        RegressorChain(FEW_ROUNDS),
        SGDRegressor(random_state=0),
        MultiOutputRegressor(SGDRegressor(random_state=0)),
    ],
)
def test_of_several_targets_the_curve_is_that_of_the_first(rows, model):
    train, unseen = (TrainingRows(part.X, np.column_stack([part.y, -(part.y**2)])) for part in rows)
    fitted, curve = _curve(model, (train, unseen))
    first = fitted.predict(unseen.X)[:, 0]
    assert curve.held_out[-1] == pytest.approx(root_mean_squared_error(unseen.first, first))


def test_classes_have_a_log_loss(rows):
    train, unseen = (TrainingRows(part.X, np.digitize(part.y, [45, 55])) for part in rows)
    model = HistGradientBoostingClassifier(max_iter=8, early_stopping=False)
    fitted, curve = _curve(model, (train, unseen))
    assert curve.measure == "log_loss"
    assert curve.held_out[-1] == pytest.approx(log_loss(unseen.y, fitted.predict_proba(unseen.X)))


def test_softmax_regression_has_kept_its_losses_and_the_step_it_goes_back_to(rows):
    train, unseen = (TrainingRows(part.X, np.digitize(part.y, [45, 55])) for part in rows)
    fitted, curve = _curve(SoftmaxRegression(early_stopping=True, random_state=0), (train, unseen))
    model = fitted[-1]
    assert (curve.unit, curve.own, curve.best) == ("step", True, model.best_epoch_)
    assert curve.held_out[-1] == model.validation_curve_[-1]
    assert (curve.rows, curve.held_out_rows) == (144, 16)
    assert _curve(SoftmaxRegression(random_state=0), (train, unseen))[1] is None


def test_a_model_without_stages_has_no_curve(rows):
    assert _curve(RandomForestRegressor(3), rows)[1] is None


def test_a_curve_is_read_as_it_was_written(rows):
    _, curve = _curve(FEW_ROUNDS, rows)
    assert read_training_curve(json.loads(json.dumps(curve.as_dict()))) == curve


@pytest.mark.parametrize(
    ("held_out", "late", "past", "ending"),
    [
        ((9.0, 7.0, 5.0, 4.0, 3.0), (-2.0, -0.5), (0.0, 0.0), "falling"),
        ((9.0, 7.0, 5.0, 4.0, 3.0), (-2.0, 0.5), (0.0, 0.0), "level"),
        ((9.0, 7.0, 5.0, 4.0, 3.0), None, None, "falling"),
        ((9.0, 3.0, 3.0, 3.001, 3.001), (-1.0, 1.0), (-0.1, 0.1), "level"),
        ((9.0, 3.0, 3.5, 3.8, 4.0), (0.1, 0.5), (0.2, 2.0), "rising"),
        ((9.0, 3.0, 3.5, 3.8, 4.0), (0.1, 0.5), (-0.2, 2.0), "level"),
    ],
)
def test_an_ending_is_told_beyond_chance_only(held_out, late, past, ending):
    curve = TrainingCurve(
        "round", "rmse", (1, 2, 3, 4, 5), (9.0, 5.0, 3.0, 2.0, 1.0), held_out, 80, 20,
        own=False, best=5, reason="most", late=late, past=past,
    )  # fmt: skip
    assert curve.ending == ending
